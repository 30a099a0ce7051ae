/** `identity members …`: who is in a group. */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { AddGroupMembers, type DataOf, done, ListGroupMembers, RemoveGroupMembers, ReplaceGroupMembers } from '../../client/index.js';
import { missing, usage } from '../exit-codes.js';
import { linesIn } from '../input.js';
import { printList } from '../lists.js';
import { findGroup, memberIds } from '../naming.js';
import { listing, type ListOptions, version } from '../options.js';
import type { Column } from '../output.js';
import type { Runner } from '../runner.js';
import { readGiven, type Session } from '../session.js';

type Member = NonNullable<DataOf<typeof ListGroupMembers>['group']>['members']['nodes'][number];

const columns: readonly Column<Member>[] = [
  { header: 'ID', of: ({ id }) => id },
  { header: 'TYPE', of: ({ type }) => type },
  { header: 'DISPLAY', of: ({ display }) => display },
];

interface Given {
  readonly file?: string;
  readonly ifVersion?: number;
}

async function list(
  session: Session,
  { effective = false, ...limits }: ListOptions & { effective?: boolean },
  wanted: string,
): Promise<void> {
  const { id } = await findGroup(session, wanted);
  await printList(session, columns, limits, async (page) => {
    const { group } = await session.run(ListGroupMembers, { by: { id }, effective, ...page });
    if (!group) throw missing(`There is no group "${wanted}" any more.`);
    return group.members;
  });
}

/** From the command line and the file together. */
async function membersGiven(session: Session, members: readonly string[], { file }: Given): Promise<string[]> {
  if (members.length === 0 && file === undefined) {
    throw usage('Name the members, or give them in a file, one a line: --file <path>, "-" for stdin.');
  }
  const lines = file === undefined ? [] : linesIn(await readGiven(session.io, file, 'the list of members'));
  return memberIds(session, [...members, ...lines]);
}

type Deed = (
  session: Session,
  variables: { input: { groupId: string; memberIds: string[]; ifVersion?: number | undefined; idempotencyKey: string } },
) => Promise<{ readonly group: { readonly id: string; readonly version: number } | null }>;

const change =
  (deed: Deed) =>
  async (session: Session, options: Given, wanted: string, members: readonly string[]): Promise<void> => {
    const ids = await membersGiven(session, members, options);
    const { id: groupId } = await findGroup(session, wanted);
    const { group } = await deed(session, {
      input: { groupId, memberIds: ids, ifVersion: options.ifVersion, idempotencyKey: randomUUID() },
    });
    await session.one(group!, { group: group!.id, version: group!.version });
  };

const add = change(async ({ run }, variables) => done((await run(AddGroupMembers, variables)).addGroupMembers));
const remove = change(async ({ run }, variables) => done((await run(RemoveGroupMembers, variables)).removeGroupMembers));
/** A file of nobody is one that could not be made far more often than it is meant: the group would be empty. */
const replace = change(async ({ run }, variables) => {
  if (variables.input.memberIds.length === 0) {
    throw usage(
      'The file names nobody, and the group would be empty. If that is meant, take its members out: identity members list … --all --json | jq -r .id | identity members remove … --file -',
    );
  }
  return done((await run(ReplaceGroupMembers, variables)).replaceGroupMembers);
});

/** Adds the commands. */
export function addMembers(program: Command, run: Runner): void {
  const members = program.command('members').description('Who is in a group: users, and groups.');
  const GROUP = 'the id or the display name of the group';
  const changing = (name: string, description: string) =>
    members
      .command(name)
      .description(description)
      .argument('<group>', GROUP)
      .argument('[members...]', 'ids of users or groups, or user names')
      .option('--file <path>', 'more of them from a file, one a line, up to 100,000; "-" for stdin')
      .option('--if-version <number>', 'only if the group is still at this version', version);
  listing(
    members
      .command('list')
      .description('Lists the members of a group.')
      .argument('<group>', GROUP)
      .option('--effective', 'all users, also those of the groups in the group'),
  ).action(run(list));
  changing('add', 'Adds members; who is one already stays one.').action(run(add));
  changing('remove', 'Takes members out.').action(run(remove));
  changing('replace', 'Makes these the only members. A file that names nobody is refused.').action(run(replace));
}
