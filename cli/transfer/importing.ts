/**
 * An import: the file is read once to see that it is whole, and once to be taken, in its order: users, groups, members; managers in the
 * end.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CheckCaller, DeclareExtension, done, ListGroups, ListUsers } from '../../client/index.js';
import { usage } from '../exit-codes.js';
import { Interrupted } from '../runner.js';
import type { Session } from '../session.js';
import { type GroupItem, importGroups } from './import-groups.js';
import { type Filling, fillLarge, fillSmall, SMALL } from './import-members.js';
import { importManagers, importUsers, type UserItem } from './import-users.js';
import { openJournal } from './journal.js';
import { type EndLine, type ExtensionLine, type Head, type Numbered, readLines } from './lines.js';
import type { Progress } from './progress.js';
import type { Tally, Work } from './work.js';

/** What is asked for besides the file. */
export interface ImportOptions {
  readonly declareExtensions?: boolean;
  readonly state?: string;
}

/** Of so many the core makes one transaction: short enough not to be in anybody's way. */
const BATCH = 250;
const MEMBERS_IN_A_BATCH = 10_000;
const ORDER = ['export', 'extension', 'user', 'group', 'members', 'end'];

interface Survey {
  readonly head: Head;
  readonly end: EndLine;
  readonly extensions: readonly ExtensionLine[];
  readonly source: string;
}

/** Reads the whole file before anything is written. */
async function survey(path: string): Promise<Survey> {
  let place = 0;
  let head: Head | undefined;
  let end: EndLine | undefined;
  const extensions: ExtensionLine[] = [];
  for await (const { number, line } of readLines(path)) {
    if (number === 1 && line.type !== 'export') {
      throw usage('The file does not begin as an export does: its first line has the type "export".');
    }
    if (ORDER.indexOf(line.type) < place || end) {
      throw usage(`Line ${number}, of the type "${line.type}", stands in the wrong place: the order is ${ORDER.join(', ')}.`);
    }
    place = ORDER.indexOf(line.type);
    if (line.type === 'export') head = line;
    if (line.type === 'extension') extensions.push(line);
    if (line.type === 'end') end = line;
  }
  if (!head || !end) throw usage('The file is not whole: the last line, of the type "end", is missing. Nothing was done.');
  return {
    head,
    end,
    extensions,
    source: createHash('sha256')
      .update(JSON.stringify([head, end]))
      .digest('hex'),
  };
}

/** What the file's tenant has declared must be declared here, too. Answers all URNs. */
async function prepareExtensions(
  { run }: Session,
  given: readonly ExtensionLine[],
  there: readonly Omit<ExtensionLine, 'type'>[],
  isWanted: boolean,
): Promise<string[]> {
  const urns = there.map(({ schema }) => String(schema['id']));
  const lacking = given.filter(({ schema }) => !urns.includes(String(schema['id'])));
  if (lacking.length > 0 && !isWanted) {
    throw usage(
      `The file has attributes that this tenant has not declared: ${lacking.map(({ schema }) => String(schema['id'])).join(', ')}. Declare them, or add --declare-extensions. Nothing was done.`,
    );
  }
  for (const { resource, schema } of lacking) done((await run(DeclareExtension, { input: { resource, schema } })).declareExtension);
  return [...urns, ...lacking.map(({ schema }) => String(schema['id']))];
}

const emptyTally = (): Tally => ({
  usersCreated: 0,
  usersChanged: 0,
  usersUnchanged: 0,
  managersSet: 0,
  groupsCreated: 0,
  groupsChanged: 0,
  groupsUnchanged: 0,
  groupsFilled: 0,
  failed: 0,
});

/** What is read is put together until there is enough of it, or until something else comes. */
interface Gathering {
  users: UserItem[];
  groups: GroupItem[];
  small: Filling[];
  open: Filling | undefined;
}

async function finishGroup(work: Work, gathering: Gathering): Promise<void> {
  const filling = gathering.open;
  gathering.open = undefined;
  if (!filling || work.journal.filled.has(filling.group) || (filling.ids.length === 0 && work.empty.has(filling.group))) return;
  if (!work.journal.groups.has(filling.group)) return; // it was refused, and that was told
  if (filling.ids.length > SMALL) await fillLarge(work, filling);
  else gathering.small.push(filling);
}

const isFull = ({ users, groups, small }: Gathering): boolean =>
  users.length >= BATCH ||
  groups.length >= BATCH ||
  small.length >= BATCH ||
  small.reduce((sum, { ids }) => sum + ids.length, 0) >= MEMBERS_IN_A_BATCH;

async function flush(work: Work, gathering: Gathering): Promise<void> {
  const { users, groups, small } = gathering;
  Object.assign(gathering, { users: [], groups: [], small: [] });
  if (users.length > 0) await importUsers(work, users);
  if (groups.length > 0) await importGroups(work, groups);
  if (small.length > 0) await fillSmall(work, small);
}

async function gather(work: Work, gathering: Gathering, { number, line }: Numbered): Promise<void> {
  const { open } = gathering;
  if (line.type === 'members' && open?.group === line.group) {
    for (const id of line.ids) open.ids.push(id);
    return;
  }
  await finishGroup(work, gathering);
  if (line.type === 'user') gathering.users.push({ number, line });
  if (line.type === 'group') {
    if (gathering.users.length > 0) await flush(work, gathering);
    work.groups.set(line.id, line.group);
    gathering.groups.push({ number, line });
  }
  if (line.type === 'members') {
    if (gathering.groups.length > 0) await flush(work, gathering);
    gathering.open = { number, group: line.group, ids: [...line.ids] };
  }
}

function halt({
  session: {
    io: { interrupted },
  },
}: Work): void {
  if (interrupted.aborted) throw new Interrupted();
}

async function takeAll(work: Work, path: string, progress: Progress, { users, groups }: EndLine): Promise<void> {
  const gathering: Gathering = { users: [], groups: [], small: [], open: undefined };
  const tell = () =>
    progress.at(
      `${work.journal.users.size} of ${users} users, ${work.journal.groups.size} of ${groups} groups, the members of ${work.journal.filled.size}`,
    );
  for await (const numbered of readLines(path)) {
    halt(work);
    await gather(work, gathering, numbered);
    if (isFull(gathering)) await flush(work, gathering);
    await tell();
  }
  await flush(work, gathering);
}

async function takeManagers(work: Work, path: string): Promise<void> {
  if (work.journal.deferred.size === 0) return;
  let batch: UserItem[] = [];
  for await (const { number, line } of readLines(path)) {
    halt(work);
    if (line.type === 'user' && work.journal.deferred.has(line.id)) batch.push({ number, line });
    if (batch.length < BATCH && line.type !== 'end') continue;
    if (batch.length > 0) await importManagers(work, batch);
    batch = [];
  }
}

/** Does all that the file asks for and the journal does not have yet. */
async function importInto(
  { session, journal, urns, tally, progress }: Pick<Work, 'session' | 'journal' | 'urns' | 'tally'> & { readonly progress: Progress },
  path: string,
  end: EndLine,
): Promise<void> {
  const work: Work = {
    session,
    journal,
    tally,
    urns,
    hasUsers: (await session.run(ListUsers, { first: 1 })).users.nodes.length > 0,
    hasGroups: (await session.run(ListGroups, { first: 1 })).groups.nodes.length > 0,
    groups: new Map(),
    claimed: new Set(journal.groups.values()),
    empty: new Set(),
    refuse: async (line, what, { code, message }) => {
      await journal.add({ refused: [line] });
      await progress.clear();
      await session.warn(`line ${line}, ${what}: ${message} [${code}]`);
    },
  };
  await takeAll(work, path, progress, end);
  await takeManagers(work, path);
}

async function importFrom(
  session: Session,
  path: string,
  statePath: string | undefined,
  { declareExtensions = false }: ImportOptions,
  progress: Progress,
): Promise<Tally> {
  const { head, end, extensions, source } = await survey(path);
  const { tenant } = (await session.run(CheckCaller)).caller;
  const urns = await prepareExtensions(session, extensions, tenant.extensions as readonly Omit<ExtensionLine, 'type'>[], declareExtensions);
  const journal = await openJournal(statePath, source, tenant.id);
  const tally = emptyTally();
  // From here on the journal is open: whatever fails, it is closed, and the command can be repeated.
  try {
    await session.note(
      `${journal.isResumed ? 'Going on with the import' : 'Importing'} of ${end.users} users, ${end.groups} groups and ${end.members} members of "${head.tenant.name}" into "${tenant.name}".`,
    );
    await importInto({ session, journal, urns, tally, progress }, path, end);
  } catch (error) {
    await journal.close();
    await progress.clear();
    await session.note('What was done is kept: repeat the command to go on.');
    throw error;
  }
  // Forgotten in any case: a group that is filled there lacks who was not taken, and would lack them still when the command is repeated.
  await journal.remove();
  if (journal.refused.size > 0) {
    await session.note('Some lines were not taken. Mend why, and repeat the command: it takes what is missing.');
  }
  return { ...tally, failed: journal.refused.size };
}

/** From stdin by way of a file of its own, for it is read several times; then there is nothing to go on from, but what is there already. */
async function importStdin(session: Session, options: ImportOptions, progress: Progress): Promise<Tally> {
  if (session.io.stdin.isTTY) throw usage('Give the export on stdin, as in "identity import - < export.ndjson", or name the file.');
  const folder = await mkdtemp(join(tmpdir(), 'identity-import-'));
  try {
    const path = join(folder, 'export.ndjson');
    await writeFile(path, session.io.stdin.read(), { mode: 0o600 });
    return await importFrom(session, path, options.state, options, progress);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Takes the file into the tenant of the token; answers what has become of its lines. */
export async function importFile(session: Session, path: string, options: ImportOptions, progress: Progress): Promise<Tally> {
  if (path === '-') return importStdin(session, options, progress);
  if (!(await stat(path).catch(() => undefined))?.isFile()) throw usage(`There is no file ${path}.`);
  return importFrom(session, path, options.state ?? `${path}.import-state`, options, progress);
}
