/** The rules of membership: who may become a member, and what is refused. One transaction, which may do more than change members. */
import { Failure } from '../../../../schema/failure.js';
import { groupResource, limits } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import type { ResourceRow } from '../../store/query/columns.js';
import type { Patience, Statements, Writable } from '../../store/connection/database.js';
import { isForeignKeyViolation } from '../../store/connection/driver-errors.js';
import { membersMatching } from '../../store/members/member-search.js';
import { type Adjustment, changeMembers, type MembersCondition, type MembersOutcome } from '../../store/members/membership-rows.js';
import { lockNesting } from '../../store/members/nesting-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import { type MemberChange, type MemberDelta, type MemberSearch } from './member-changes.js';
import { type Moves, movesTo } from './member-replacement.js';
import { findSubgroups, refuseBadNesting } from './nested-groups.js';
import { notFound } from '../documents/rewrite.js';
import { refuseUnknownMembers, refuseWrongTypes } from './unknown-members.js';

/** The moves without ids that nobody can have. */
export const possible = ({ add, remove }: Adjustment): Adjustment => ({
  add: add.filter(isUuid),
  remove: remove === 'all' ? remove : remove.filter(isUuid),
});

const MANY = 5000;

/** What moves thousands, or may, can take longer than a statement usually may: who names the only members may leave out a million. */
export const patienceFor = ({ delta, search }: MemberChange): Patience =>
  search || delta.kind === 'replace' || delta.add.length + delta.remove.length > MANY ? 'long' : 'usual';

/** A member was deleted between the look and the write: look again. */
export async function repeatOnVanishedMember<Result>(database: Writable, work: () => Promise<Result>): Promise<Result> {
  if (database.isInside) return work();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      if (attempt === 10) throw new Failure('CONFLICT', { cause: error });
    }
  }
}

/** Changes the members of a group, within a transaction; where all are replaced, or some are found by filters, the group must be locked. */
export type ApplyMembers = (id: string, condition?: Pick<MembersCondition, 'isNew'>) => Promise<ResourceRow>;

/** What a transaction does that changes members by `apply`, whatever else it does. */
export type MemberWork<Result> = (on: Statements, apply: ApplyMembers) => Promise<Result>;

/** A transaction that changes members. */
export function memberTransaction<Result>(
  database: Writable,
  writer: Writer,
  change: MemberChange,
  work: MemberWork<Result>,
): Promise<Result> {
  const { delta, said } = change;
  return repeatOnVanishedMember(database, () =>
    delta.kind === 'adjust' ? adjusting(database, writer, change, { ...delta, said }, work) : replacing(database, writer, change, work),
  );
}

const addsAny = ({ add }: Moves, groups: ReadonlySet<string>): boolean => groups.size > 0 && add.some((id) => groups.has(id));

/** `moves` are those that filters do not take back: nobody else joins. */
function adjusting<Result>(
  database: Writable,
  writer: Writer,
  change: MemberChange,
  moves: Moves,
  work: MemberWork<Result>,
): Promise<Result> {
  return database.transaction(async (on) => {
    const subgroups = await findSubgroups(on, writer.tenantId, moves);
    if (addsAny(moves, subgroups)) await lockNesting(on, writer.tenantId);
    return work(on, async (id, condition) => applyMoves(on, writer, id, await movesOf(on, writer, id, change), subgroups, condition));
  }, patienceFor(change));
}

/** Whom a change moves; where members are looked for, or all replaced, the group must be locked, so that nobody joins behind our back. */
async function movesOf(on: Statements, { tenantId }: Writer, id: string, { delta, said, search }: MemberChange): Promise<Moves> {
  const settled = search ? search.settle(await membersFound(on, tenantId, id, delta, search)) : delta;
  return settled.kind === 'adjust' ? { ...settled, said } : movesTo(on, tenantId, id, settled.members, said);
}

/** Whom each of the filters finds. Of those who are to join all matter; of those who are members, none where all are replaced. */
async function membersFound(
  on: Statements,
  tenantId: string,
  id: string,
  delta: MemberDelta,
  { filters }: MemberSearch,
): Promise<string[][]> {
  const [groupId, named] = delta.kind === 'adjust' ? [id, delta.add] : [undefined, delta.members.list()];
  const most = limits.membersPerRequest;
  const found = await membersMatching(on, tenantId, { groupId, named: named.filter(isUuid) }, filters, most);
  if (found) return found;
  throw new Failure('TOO_MANY', {
    field: 'members',
    detail: `The filters find more than ${most} members, and one request removes no more by filters. Nothing was changed: say more of whom they are about.`,
  });
}

/** Undoes a transaction that would lock the tenant's nesting after a row. */
const NESTING_FIRST = new Failure('CONFLICT');

/**
 * Who joins is known once the group is locked. Where these turn out to be groups, all begins anew, with the lock that comes before any
 * row's.
 */
async function replacing<Result>(database: Writable, writer: Writer, change: MemberChange, work: MemberWork<Result>): Promise<Result> {
  const attempt = (isNesting: boolean) =>
    database.transaction(async (on) => {
      if (isNesting) await lockNesting(on, writer.tenantId);
      return work(on, async (id, condition) => {
        const moves = await movesOf(on, writer, id, change);
        const subgroups = await findSubgroups(on, writer.tenantId, moves);
        if (!isNesting && addsAny(moves, subgroups)) await lockLate(database, on, writer);
        return applyMoves(on, writer, id, moves, subgroups, condition);
      });
    }, patienceFor(change));
  return attempt(false).catch((error: unknown) => {
    if (error !== NESTING_FIRST) throw error;
    return attempt(true);
  });
}

/** What is part of a larger transaction has rows locked anyway. */
async function lockLate({ isInside }: Writable, on: Statements, { tenantId }: Writer): Promise<void> {
  if (!isInside) throw NESTING_FIRST;
  await lockNesting(on, tenantId);
}

/** Makes the moves, or says why not: members who are nobody, or not what was said, or groups that would contain themselves. */
async function applyMoves(
  on: Statements,
  writer: Writer,
  id: string,
  moves: Moves,
  subgroups: ReadonlySet<string>,
  condition: MembersCondition = {},
): Promise<ResourceRow> {
  const { tenantId } = writer;
  const { add } = moves;
  const nested = add.filter((member) => subgroups.has(member));
  const ignoresUnknown = writer.policies.unknownMembers === 'IGNORE';
  await refuseWrongTypes(on, tenantId, moves, subgroups);
  if (!ignoresUnknown && !add.every(isUuid)) await refuseUnknownMembers(on, tenantId, add, subgroups);
  if (nested.length > 0) await refuseBadNesting(on, tenantId, id, nested);
  const outcome = await changeMembers(on, writer, id, possible(moves), { ...condition, ignoresUnknown, subgroups: nested });
  if (outcome.unknown.length === 0) return settled(outcome);
  await refuseUnknownMembers(on, tenantId, add, subgroups);
  throw new Failure('CONFLICT'); // the unknown one came to be in between
}

/** The row of a group whose members were changed. Fails with NOT_FOUND, VERSION_MISMATCH. */
export function settled({ group, versionMatches }: MembersOutcome): ResourceRow {
  if (!group) throw notFound(groupResource);
  if (!versionMatches) throw new Failure('VERSION_MISMATCH');
  return group;
}
