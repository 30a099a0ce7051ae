/** Users of an export into a tenant: looked for by their user names, created in batches, replaced where they differ. */
import { isDeepStrictEqual } from 'node:util';
import { ExportUsers, type UserError } from '../../client/index.js';
import { pagesOf } from '../lists.js';
import { filtersFor } from '../naming.js';
import type { Pair } from './journal.js';
import { compact, documentOf, type UserDocument, type UserLine } from './lines.js';
import { createUsers, keyOf, runBulk, sortOut, type Work } from './work.js';

export interface UserItem {
  readonly number: number;
  readonly line: UserLine;
}
interface Found {
  readonly id: string;
  readonly document: UserDocument;
}
/** What is to be written of a user of the file. */
interface Wanted extends UserItem {
  readonly document: UserDocument;
  /** Whether the manager is missing in it, because nobody knows yet who that will be. */
  readonly isDeferred: boolean;
}

const nameOf = ({ line }: UserItem): string => line.user.userName!;

/** Those of these names, as an export would tell of them, by their names. */
async function lookUp({ session, urns }: Work, names: readonly string[]): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  for (const filter of filtersFor('userName', names)) {
    for await (const { nodes } of pagesOf(async (page) => (await session.run(ExportUsers, { filter, extensions: urns, ...page })).users)) {
      for (const node of nodes) found.set(keyOf(node.userName), { id: node.id, document: documentOf(node, urns) });
    }
  }
  return found;
}

const managerOf = (document: UserDocument): string | undefined => document.enterprise?.manager?.value;

function withManager(document: UserDocument, value: string | undefined): UserDocument {
  const { manager: _, ...enterprise } = document.enterprise ?? {};
  return compact({ ...document, enterprise: { ...enterprise, manager: { value } } }) as UserDocument;
}

function wantedOf({ journal }: Work, item: UserItem): Wanted {
  const document = compact(item.line.user) as UserDocument;
  const manager = managerOf(document);
  const target = manager === undefined ? undefined : journal.users.get(manager);
  return { ...item, document: withManager(document, target), isDeferred: manager !== undefined && target === undefined };
}

/** Creates them; answers who was, and who could not be because the name is taken. */
async function createAll(work: Work, items: readonly Wanted[]): Promise<{ pairs: Pair[]; taken: Map<Wanted, UserError> }> {
  const results = await createUsers(
    work,
    items.map(({ document }) => document),
  );
  const { pairs, taken } = await sortOut(work, items, results, (item) => `user "${nameOf(item)}"`);
  work.tally.usersCreated += pairs.length;
  return { pairs, taken };
}

/** Some who were taken for new are there under a name that the core reads as the same. */
async function lookUpTaken(work: Work, taken: ReadonlyMap<Wanted, UserError>): Promise<[Wanted, Found][]> {
  const matched: [Wanted, Found][] = [];
  for (const [item, error] of taken) {
    const [found] = (await lookUp(work, [nameOf(item)])).values();
    if (found) matched.push([item, found]);
    else await work.refuse(item.number, `user "${nameOf(item)}"`, error);
  }
  return matched;
}

/** Makes those who are there what the file says, where they are not; answers how many were changed. */
async function replaceAll(work: Work, matched: readonly [Wanted, Found][]): Promise<number> {
  // A file made by hand may not say whether somebody is active: then it stays as it is.
  const complete = matched.map(([item, found]): [Wanted, Found] => [
    { ...item, document: { active: found.document['active'], ...item.document } },
    found,
  ]);
  const differing = complete.filter(([{ document }, found]) => !isDeepStrictEqual(document, found.document));
  const results = await runBulk(
    work,
    differing.map(([{ document }, { id }]) => ({
      method: 'REPLACE' as const,
      type: 'USER' as const,
      id,
      user: { ...document, externalId: document.externalId ?? null },
    })),
  );
  for (const [
    place,
    {
      userErrors: [error],
    },
  ] of results.entries()) {
    const [item] = differing[place]!;
    if (error) await work.refuse(item.number, `user "${nameOf(item)}"`, error);
  }
  return results.filter(({ userErrors }) => userErrors.length === 0).length;
}

/** A batch. Whose manager is not there yet is kept in the journal for later, and keeps the manager that is there. */
export async function importUsers(work: Work, batch: readonly UserItem[]): Promise<void> {
  const items = batch.filter(({ line }) => !work.journal.users.has(line.id)).map((item) => wantedOf(work, item));
  const known = work.hasUsers ? await lookUp(work, items.map(nameOf)) : new Map<string, Found>();
  const { pairs, taken } = await createAll(
    work,
    items.filter((item) => !known.has(keyOf(nameOf(item)))),
  );
  const matched = items.flatMap((item): [Wanted, Found][] => {
    const found = known.get(keyOf(nameOf(item)));
    return found ? [[item, found]] : [];
  });
  matched.push(...(await lookUpTaken(work, taken)));
  const changed = await replaceAll(
    work,
    matched.map(([item, found]) => [
      item.isDeferred ? { ...item, document: withManager(item.document, managerOf(found.document)) } : item,
      found,
    ]),
  );
  work.tally.usersChanged += changed;
  work.tally.usersUnchanged += matched.length - changed;
  pairs.push(...matched.map(([{ line }, { id }]): Pair => [line.id, id]));
  const isIn = new Set(pairs.map(([source]) => source));
  await work.journal.add({
    users: pairs,
    deferred: items.filter(({ isDeferred, line }) => isDeferred && isIn.has(line.id)).map(({ line }) => line.id),
  });
}

/**
 * Gives those of the batch who wait for it their manager, now that everybody is there. One who is not in the file is left as the file says.
 */
export async function importManagers(work: Work, batch: readonly UserItem[]): Promise<void> {
  const items = batch.filter(({ line }) => work.journal.deferred.has(line.id));
  const known = await lookUp(work, items.map(nameOf));
  const matched = items.flatMap((item): [Wanted, Found][] => {
    const found = known.get(keyOf(nameOf(item)));
    const document = compact(item.line.user) as UserDocument;
    const manager = managerOf(document)!;
    return found
      ? [[{ ...item, document: withManager(document, work.journal.users.get(manager) ?? manager), isDeferred: false }, found]]
      : [];
  });
  work.tally.managersSet += await replaceAll(work, matched);
  await work.journal.add({ managed: items.map(({ line }) => line.id) });
}
