/**
 * Groups of an export into a tenant. A group is known again by its external id, else by its display name; of several with one name the n-th
 * of the file is the n-th of the tenant.
 */
import { isDeepStrictEqual } from 'node:util';
import { ExportGroups, UpdateGroup, type UserError } from '../../client/index.js';
import { pagesOf } from '../lists.js';
import { filtersFor } from '../naming.js';
import type { Pair } from './journal.js';
import { compact, documentOf, type GroupDocument, type GroupLine } from './lines.js';
import { keyOf, runBulk, sortOut, type Work } from './work.js';

export interface GroupItem {
  readonly number: number;
  readonly line: GroupLine;
}
interface Found {
  readonly id: string;
  readonly document: GroupDocument;
}

const whatOf = ({ line }: GroupItem): string => `group "${line.group.displayName}"`;

/** Those that one of the batch may be, the oldest first. */
async function lookUp({ session, urns }: Work, items: readonly GroupItem[]): Promise<Found[]> {
  const names = [...new Set(items.map(({ line }) => line.group.displayName!))];
  const externalIds = items.flatMap(({ line }) => line.group.externalId ?? []);
  const found = new Map<string, Found>();
  for (const filter of [...filtersFor('displayName', names), ...filtersFor('externalId', externalIds)]) {
    for await (const { nodes } of pagesOf(
      async (page) => (await session.run(ExportGroups, { filter, extensions: urns, ...page })).groups,
    )) {
      for (const node of nodes) found.set(node.id, { id: node.id, document: documentOf(node, urns) });
    }
  }
  return [...found.values()];
}

/** The one that the group of the file is, if it is there; nobody else's from then on. */
function claim({ claimed }: Work, found: readonly Found[], { line: { group } }: GroupItem): Found | undefined {
  const free = found.filter(({ id }) => !claimed.has(id));
  const sameName = free.filter(({ document }) => keyOf(document.displayName ?? '') === keyOf(group.displayName ?? ''));
  const chosen = group.externalId
    ? (free.find(({ document }) => document.externalId === group.externalId) ?? sameName.find(({ document }) => !document.externalId))
    : (sameName.find(({ document }) => !document.externalId) ?? sameName[0]);
  if (chosen) claimed.add(chosen.id);
  return chosen;
}

/** What of the tenant's group is not in the file is cleared. */
function withNulls(wanted: GroupDocument, there: GroupDocument): GroupDocument {
  const extensions = Object.fromEntries(
    Object.entries({ ...there.extensions, ...wanted.extensions }).map(([urn]) => {
      const [before, after] = [there.extensions?.[urn], wanted.extensions?.[urn]] as (object | undefined)[];
      return [urn, { ...Object.fromEntries(Object.keys(before ?? {}).map((name) => [name, null])), ...after }];
    }),
  );
  return {
    displayName: wanted.displayName!,
    externalId: wanted.externalId ?? null,
    ...(Object.keys(extensions).length > 0 && { extensions }),
  };
}

async function change(work: Work, item: GroupItem, { id, document }: Found): Promise<void> {
  const wanted = compact(item.line.group) as GroupDocument;
  if (isDeepStrictEqual(wanted, document)) {
    work.tally.groupsUnchanged += 1;
    return;
  }
  const input = { id, group: withNulls(wanted, document) };
  const {
    userErrors: [error],
  } = (await work.session.run(UpdateGroup, { input: { ...input, idempotencyKey: work.journal.keyOf(input) } })).updateGroup;
  if (error) await work.refuse(item.number, whatOf(item), error);
  else work.tally.groupsChanged += 1;
}

async function createAll(work: Work, items: readonly GroupItem[]): Promise<{ pairs: Pair[]; taken: Map<GroupItem, UserError> }> {
  const results = await runBulk(
    work,
    items.map(({ line }) => ({ method: 'CREATE' as const, type: 'GROUP' as const, group: compact(line.group) as GroupDocument })),
  );
  const { pairs, taken } = await sortOut(work, items, results, whatOf);
  for (const [source, target] of pairs) {
    work.claimed.add(target);
    work.empty.add(source);
  }
  work.tally.groupsCreated += pairs.length;
  return { pairs, taken };
}

/** Answers who was there, and leaves the others. */
async function matchAll(work: Work, items: readonly GroupItem[]): Promise<{ pairs: Pair[]; others: GroupItem[] }> {
  const [pairs, others]: [Pair[], GroupItem[]] = [[], []];
  const found = await lookUp(work, items);
  for (const item of items) {
    const there = claim(work, found, item);
    if (!there) {
      others.push(item);
      continue;
    }
    await change(work, item, there);
    pairs.push([item.line.id, there.id]);
  }
  return { pairs, others };
}

/** A batch: without members, so that every group is there before one is a member of another. */
export async function importGroups(work: Work, batch: readonly GroupItem[]): Promise<void> {
  const items = batch.filter(({ line }) => !work.journal.groups.has(line.id));
  const matched = work.hasGroups ? await matchAll(work, items) : { pairs: [], others: items };
  const { pairs, taken } = await createAll(work, matched.others);
  const late = taken.size > 0 ? await matchAll(work, [...taken.keys()]) : { pairs: [], others: [] };
  for (const item of late.others) await work.refuse(item.number, whatOf(item), taken.get(item)!);
  await work.journal.add({ groups: [...matched.pairs, ...pairs, ...late.pairs] });
}
