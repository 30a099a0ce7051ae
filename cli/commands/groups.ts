/** `identity groups …` */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { CreateGroup, type DataOf, DeleteGroup, done, ListGroups, UpdateGroup } from '../../client/index.js';
import { printList } from '../lists.js';
import { findGroup, type Group, GROUP_KEYS, keyOf, memberIds } from '../naming.js';
import { listing, type ListOptions, order, several, version } from '../options.js';
import type { Column } from '../output.js';
import type { Runner } from '../runner.js';
import type { Session } from '../session.js';

type Listed = DataOf<typeof ListGroups>['groups']['nodes'][number];

const columns: readonly Column<Listed>[] = [
  { header: 'ID', of: ({ id }) => id },
  { header: 'DISPLAY NAME', of: ({ displayName }) => displayName },
  { header: 'EXTERNAL ID', of: ({ externalId }) => externalId },
  { header: 'VERSION', of: ({ version }) => version },
  { header: 'UPDATED', of: ({ updatedAt }) => updatedAt },
];

interface Target {
  readonly by?: (typeof GROUP_KEYS)[number];
  readonly ifVersion?: number;
}

async function list(
  session: Session,
  { filter, orderBy, ...limits }: ListOptions & { filter?: string; orderBy?: ReturnType<typeof order> },
): Promise<void> {
  await printList(session, columns, limits, async (page) => (await session.run(ListGroups, { filter, orderBy, ...page })).groups);
}

async function get(session: Session, { by }: Target, wanted: string): Promise<void> {
  const group: Group = await findGroup(session, wanted, by);
  await session.one(group, {
    id: group.id,
    'display name': group.displayName,
    'external id': group.externalId,
    version: group.version,
    created: group.createdAt,
    updated: group.updatedAt,
  });
}

async function tell(
  session: Session,
  group: { readonly id: string; readonly version: number; readonly displayName: string | null },
): Promise<void> {
  if (session.isQuiet && !session.isJson) return session.raw(`${group.id}\n`);
  await session.one(group, { id: group.id, 'display name': group.displayName, version: group.version });
}

async function create(
  session: Session,
  { externalId, member = [] }: { externalId?: string; member?: readonly string[] },
  displayName: string,
): Promise<void> {
  const members = (await memberIds(session, member)).map((value) => ({ value }));
  const input = { group: { displayName, externalId, members }, idempotencyKey: randomUUID() };
  await tell(session, done((await session.run(CreateGroup, { input })).createGroup).group!);
}

async function rename(session: Session, { by, ifVersion }: Target, wanted: string, displayName: string): Promise<void> {
  const { id } = await findGroup(session, wanted, by);
  const input = { id, ifVersion, group: { displayName }, idempotencyKey: randomUUID() };
  await tell(session, done((await session.run(UpdateGroup, { input })).updateGroup).group!);
}

async function remove(session: Session, { by, ifVersion }: Target, wanted: string): Promise<void> {
  const { id } = await findGroup(session, wanted, by);
  const { deletedId } = done((await session.run(DeleteGroup, { input: { id, ifVersion, idempotencyKey: randomUUID() } })).deleteGroup);
  await session.one({ deletedId }, { deleted: deletedId });
}

/** Adds the commands. */
export function addGroups(program: Command, run: Runner): void {
  const groups = program.command('groups').description('Groups of the tenant.');
  const one = (name: string, description: string) =>
    groups
      .command(name)
      .description(description)
      .argument('<group>', 'the id or the display name')
      .option('--by <key>', `what was given is: ${GROUP_KEYS.join(', ')}`, keyOf(GROUP_KEYS));
  const written = (command: Command) => command.option('--if-version <number>', 'only if the group is still at this version', version);
  listing(
    groups
      .command('list')
      .description('Lists groups.')
      .option('--filter <filter>', "in SCIM's filter language, as in 'displayName sw \"Sales\"'")
      .option('--order-by <attribute>', 'as in displayName, or displayName:desc', order),
  ).action(run(list));
  one('get', 'Shows one group.').action(run(get));
  groups
    .command('create')
    .description('Creates a group. With --quiet the id alone is shown.')
    .argument('<display name>', 'its name')
    .option('--external-id <id>', 'the id of the identity provider')
    .option('--member <member>', 'a first member: the id of a user or group, or a user name; may be repeated', several)
    .action(run(create));
  written(one('rename', 'Gives a group another name.').argument('<display name>', 'the new name')).action(run(rename));
  written(one('delete', 'Deletes a group; its members stay.')).action(run(remove));
}
