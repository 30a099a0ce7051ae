/** `identity users …` */
import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import {
  CreateUser,
  type DataOf,
  DeactivateUser,
  DeleteUser,
  done,
  ListUserGroups,
  ListUsers,
  ReactivateUser,
  UpdateUser,
  type VariablesOf,
} from '../../client/index.js';
import { missing, usage } from '../exit-codes.js';
import { given, readJson } from '../input.js';
import { printList } from '../lists.js';
import { findUser, keyOf, type User, USER_KEYS } from '../naming.js';
import { listing, type ListOptions, order, version } from '../options.js';
import type { Column } from '../output.js';
import type { Runner } from '../runner.js';
import type { Session } from '../session.js';

type Listed = DataOf<typeof ListUsers>['users']['nodes'][number];
type UserGroup = NonNullable<DataOf<typeof ListUserGroups>['user']>['groups']['edges'][number];
type Attributes = VariablesOf<typeof UpdateUser>['input']['user'];

const emailOf = ({ emails }: Pick<Listed, 'emails'>) => (emails?.find(({ primary }) => primary) ?? emails?.[0])?.value;

const columns: readonly Column<Listed>[] = [
  { header: 'ID', of: ({ id }) => id },
  { header: 'USER NAME', of: ({ userName }) => userName },
  { header: 'ACTIVE', of: ({ active }) => (active ? 'yes' : 'no') },
  { header: 'DISPLAY NAME', of: ({ displayName }) => displayName },
  { header: 'E-MAIL', of: emailOf },
  { header: 'UPDATED', of: ({ updatedAt }) => updatedAt },
];

const linesOf = (user: User): Record<string, unknown> => ({
  id: user.id,
  'user name': user.userName,
  active: user.active ? 'yes' : 'no',
  'display name': user.displayName,
  'given name': user.name?.givenName,
  'family name': user.name?.familyName,
  'e-mail': user.emails?.map(({ value }) => value),
  phone: user.phoneNumbers?.map(({ value }) => value),
  'external id': user.externalId,
  title: user.title,
  department: user.enterprise?.department,
  'booking group': user.condeco?.group,
  floor: user.condeco?.floor,
  version: user.version,
  created: user.createdAt,
  updated: user.updatedAt,
});

interface Target {
  readonly by?: (typeof USER_KEYS)[number];
  readonly ifVersion?: number;
}
interface Given {
  readonly file?: string;
  readonly userName?: string;
  readonly email?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly displayName?: string;
  readonly externalId?: string;
  readonly title?: string;
}

/** The attributes of the file, and over them those of the options. */
async function attributesOf(
  session: Session,
  { file, userName, email, givenName, familyName, displayName, externalId, title }: Given,
): Promise<Attributes> {
  const read = file === undefined ? {} : await readJson(session, file);
  const said = given({
    userName,
    displayName,
    externalId,
    title,
    name: given({ givenName, familyName }),
    emails: email === undefined ? undefined : [{ value: email, type: 'work', primary: true }],
  });
  if (file === undefined && !said) throw usage('Say what to set: --file with JSON ("-" for stdin), or options as --user-name.');
  return { ...read, ...said };
}

/** What a mutation answers: a short form of the user. */
async function tell(
  session: Session,
  user: { readonly id: string; readonly version: number; readonly userName: string | null; readonly active: boolean | null },
): Promise<void> {
  if (session.isQuiet && !session.isJson) return session.raw(`${user.id}\n`);
  await session.one(user, { id: user.id, 'user name': user.userName, active: user.active ? 'yes' : 'no', version: user.version });
}

async function list(
  session: Session,
  { filter, orderBy, ...limits }: ListOptions & { filter?: string; orderBy?: ReturnType<typeof order> },
): Promise<void> {
  await printList(session, columns, limits, async (page) => (await session.run(ListUsers, { filter, orderBy, ...page })).users);
}

async function get(session: Session, { by }: Target, wanted: string): Promise<void> {
  const user = await findUser(session, wanted, by);
  await session.one(user, linesOf(user));
}

const groupColumns: readonly Column<UserGroup>[] = [
  { header: 'ID', of: ({ node }) => node.id },
  { header: 'GROUP', of: ({ node }) => node.displayName },
  { header: 'MEMBER', of: ({ type }) => type?.toLowerCase() },
];

async function groups(session: Session, { by, ...limits }: ListOptions & Target, wanted: string): Promise<void> {
  const { id } = await findUser(session, wanted, by);
  await printList(session, groupColumns, limits, async (page) => {
    const { user } = await session.run(ListUserGroups, { by: { id }, effective: true, ...page });
    if (!user) throw missing(`There is no user "${wanted}" any more.`);
    return { ...user.groups, nodes: user.groups.edges };
  });
}

async function create(session: Session, options: Given): Promise<void> {
  const user = await attributesOf(session, options);
  await tell(session, done((await session.run(CreateUser, { input: { user, idempotencyKey: randomUUID() } })).createUser).user!);
}

async function update(session: Session, { by, ifVersion, ...options }: Target & Given, wanted: string): Promise<void> {
  const user = await attributesOf(session, options);
  const { id } = await findUser(session, wanted, by);
  await tell(
    session,
    done((await session.run(UpdateUser, { input: { id, ifVersion, user, idempotencyKey: randomUUID() } })).updateUser).user!,
  );
}

/** What the mutations of one user take that need nothing but to know whom. */
const inputFor = async (session: Session, { by, ifVersion }: Target, wanted: string) => ({
  input: { id: (await findUser(session, wanted, by)).id, ifVersion, idempotencyKey: randomUUID() },
});

async function deactivate(session: Session, target: Target, wanted: string): Promise<void> {
  await tell(session, done((await session.run(DeactivateUser, await inputFor(session, target, wanted))).deactivateUser).user!);
}

async function reactivate(session: Session, target: Target, wanted: string): Promise<void> {
  await tell(session, done((await session.run(ReactivateUser, await inputFor(session, target, wanted))).reactivateUser).user!);
}

async function remove(session: Session, target: Target, wanted: string): Promise<void> {
  const { deletedId } = done((await session.run(DeleteUser, await inputFor(session, target, wanted))).deleteUser);
  await session.one({ deletedId }, { deleted: deletedId });
}

const attributes = (command: Command): Command =>
  command
    .option('--file <path>', 'the attributes as JSON, as GraphQL\'s UserInput has them; "-" for stdin')
    .option('--user-name <name>', 'the name the user signs in with')
    .option('--email <address>', 'the only e-mail address')
    .option('--given-name <name>', 'given name')
    .option('--family-name <name>', 'family name')
    .option('--display-name <name>', 'the name shown to others')
    .option('--external-id <id>', 'the id of the identity provider')
    .option('--title <title>', 'job title');

/** Adds the commands. */
export function addUsers(program: Command, run: Runner): void {
  const users = program.command('users').description('Users of the tenant.');
  const one = (name: string, description: string) =>
    users
      .command(name)
      .description(description)
      .argument('<user>', 'the id, the user name or the e-mail address')
      .option('--by <key>', `what was given is: ${USER_KEYS.join(', ')}`, keyOf(USER_KEYS));
  const written = (name: string, description: string) =>
    one(name, description).option('--if-version <number>', 'only if the user is still at this version', version);
  listing(
    users
      .command('list')
      .description('Lists users.')
      .option('--filter <filter>', "in SCIM's filter language, as in 'active eq true and userName ew \"@example.com\"'")
      .option('--order-by <attribute>', 'as in userName, or userName:desc', order),
  ).action(run(list));
  one('get', 'Shows one user.').action(run(get));
  listing(one('groups', 'Lists the groups a user is in, also by way of other groups.')).action(run(groups));
  attributes(users.command('create').description('Creates a user from JSON or options. With --quiet the id alone is shown.')).action(
    run(create),
  );
  attributes(written('update', 'Sets the attributes that are given and no others; null in JSON clears one.')).action(run(update));
  written('deactivate', 'Takes the use of Condeco from a user, who stays.').action(run(deactivate));
  written('reactivate', 'Gives it back.').action(run(reactivate));
  written('delete', 'Deletes a user.').action(run(remove));
}
