/** Members of the groups of an export: small groups many at once, large ones as sets. */
import { AddGroupMembers, done, IdentityError, ListGroupMembers, RemoveGroupMembers, ReplaceGroupMembers } from '../../client/index.js';
import { pagesOf } from '../lists.js';
import { compact, type GroupDocument } from './lines.js';
import { runBulk, type Work } from './work.js';

/** A group of the file with all its members. */
export interface Filling {
  readonly number: number;
  readonly group: string;
  readonly ids: string[];
}

/** What one request takes as a set. */
const LARGEST_SET = 100_000;
/** Up to so many members a group is written whole, beside others. */
export const SMALL = 200;

const whatOf = ({ groups }: Work, { group }: Filling): string => `members of the group "${groups.get(group)?.displayName ?? group}"`;

/** The tenant's ids of the members. Those that are not in it are told; the others count. */
async function targetsOf(work: Work, filling: Filling): Promise<string[]> {
  const { users, groups } = work.journal;
  const unknown = filling.ids.filter((id) => !users.has(id) && !groups.has(id));
  if (unknown.length > 0) {
    await work.refuse(filling.number, whatOf(work, filling), {
      code: 'NOT_FOUND',
      message: `${unknown.length} of ${filling.ids.length} were not imported, the first of them "${unknown[0]}".`,
    });
  }
  return filling.ids.flatMap((id) => users.get(id) ?? groups.get(id) ?? []);
}

/** Groups with few members, written whole in one request. */
export async function fillSmall(work: Work, fillings: readonly Filling[]): Promise<void> {
  const operations = [];
  for (const filling of fillings) {
    const members = (await targetsOf(work, filling)).map((value) => ({ value }));
    const document = compact(work.groups.get(filling.group)) as GroupDocument;
    operations.push({
      method: 'REPLACE' as const,
      type: 'GROUP' as const,
      id: work.journal.groups.get(filling.group)!,
      group: { ...document, externalId: document.externalId ?? null, members },
    });
  }
  const filled: string[] = [];
  for (const [
    place,
    {
      userErrors: [error],
    },
  ] of (await runBulk(work, operations)).entries()) {
    if (error) await work.refuse(fillings[place]!.number, whatOf(work, fillings[place]!), error);
    else filled.push(fillings[place]!.group);
  }
  work.tally.groupsFilled += filled.length;
  await work.journal.add({ filled });
}

function* sets(ids: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < ids.length; at += LARGEST_SET) yield ids.slice(at, at + LARGEST_SET);
}

/** More than one set holds: the new ones in, then the old ones out. */
async function fillInSets({ session: { run }, journal }: Work, groupId: string, wanted: readonly string[]): Promise<void> {
  for (const memberIds of sets(wanted)) {
    const input = { groupId, memberIds };
    done((await run(AddGroupMembers, { input: { ...input, idempotencyKey: journal.keyOf(input) } })).addGroupMembers);
  }
  const [isWanted, old] = [new Set(wanted), [] as string[]];
  for await (const { nodes } of pagesOf(async (page) => (await run(ListGroupMembers, { by: { id: groupId }, ...page })).group!.members)) {
    old.push(...nodes.filter(({ id }) => !isWanted.has(id)).map(({ id }) => id));
  }
  for (const memberIds of sets(old)) {
    const input = { groupId, memberIds };
    done((await run(RemoveGroupMembers, { input: { ...input, idempotencyKey: journal.keyOf({ removed: input }) } })).removeGroupMembers);
  }
}

/** A group with many members. */
export async function fillLarge(work: Work, filling: Filling): Promise<void> {
  const memberIds = await targetsOf(work, filling);
  const input = { groupId: work.journal.groups.get(filling.group)!, memberIds };
  try {
    if (memberIds.length > LARGEST_SET) await fillInSets(work, input.groupId, memberIds);
    else {
      done(
        (await work.session.run(ReplaceGroupMembers, { input: { ...input, idempotencyKey: work.journal.keyOf(input) } }))
          .replaceGroupMembers,
      );
    }
  } catch (error) {
    if (!(error instanceof IdentityError) || error.userErrors.length === 0) throw error;
    return work.refuse(filling.number, whatOf(work, filling), error);
  }
  work.tally.groupsFilled += 1;
  await work.journal.add({ filled: [filling.group] });
}
