/** The rules of membership: who may become a member, what is refused, and that parallel changes lose nobody. */
import { Failure } from '../../../schema/failure.js';
import { groupResource, relationOf } from '../../../schema/resources.js';
import type { Writer } from '../store/change-rows.js';
import type { ResourceRow } from '../store/columns.js';
import type { Patience, Statements, Writable } from '../store/database.js';
import { isForeignKeyViolation } from '../store/driver-errors.js';
import { changeMembers, type MemberDelta, type MembersCondition, membersMatching, type MembersOutcome } from '../store/membership-rows.js';
import { isUuid } from '../store/uuid.js';
import type { ReadChange } from './apply-changes.js';
import { idsInFilter, type MemberChange, namedIn } from './member-changes.js';
import { findSubgroups, refuseBadNesting } from './nested-groups.js';
import { currentRow, notFound } from './rewrite.js';
import { refuseUnknownMembers, refuseWrongTypes } from './unknown-members.js';

/** The delta without ids that nobody can have. */
const possible = (delta: MemberDelta): MemberDelta => (delta.kind === 'replace'
  ? { kind: 'replace', members: delta.members.filter(isUuid) }
  : { kind: 'adjust', add: delta.add.filter(isUuid), remove: delta.remove.filter(isUuid) });

/** `members[display sw "A"]`: the members that the filter finds, by their ids. Those named by id need no looking for. */
export async function withMatchingMembers(on: Statements, writer: Writer, id: string, changes: readonly ReadChange[]): Promise<ReadChange[]> {
  return Promise.all(changes.map(async (change) => {
    const { target } = change;
    const filter = change.op === 'remove' && target.kind === 'attribute' && !target.sub ? target.filter : undefined;
    if (!filter || idsInFilter(filter) || !isUuid(id)) return change;
    const found = await membersMatching(on, writer.tenantId, id, filter);
    return { ...change, target: { kind: 'attribute', attribute: relationOf(groupResource) }, value: found };
  }));
}

const MANY = 5000;

/** A delta of thousands may take longer than a statement usually may. */
const patienceFor = (delta: MemberDelta): Patience => (namedIn(delta).length + (delta.kind === 'adjust' ? delta.remove.length : 0) > MANY ? 'long' : 'usual');

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

/** Changes the members of a group, within a transaction. */
export type ApplyMembers = (id: string, condition?: Pick<MembersCondition, 'isNew'>) => Promise<ResourceRow>;

/** A transaction that changes members by `apply`, whatever else it does. */
export function memberTransaction<Result>(
  database: Writable, writer: Writer, change: MemberChange, work: (on: Statements, apply: ApplyMembers) => Promise<Result>,
): Promise<Result> {
  return repeatOnVanishedMember(database, () => database.transaction(async (on) => {
    const subgroups = await findSubgroups(on, writer.tenantId, change);
    return work(on, (id, condition) => applyMembers(on, writer, id, change, subgroups, condition));
  }, patienceFor(change.delta)));
}

/** Changes the members, or says why not: members who are nobody, or not what was said, or groups that would contain themselves. */
async function applyMembers(
  on: Statements, writer: Writer, id: string, change: MemberChange, subgroups: ReadonlySet<string>, condition: MembersCondition = {},
): Promise<ResourceRow> {
  const { tenantId } = writer;
  const named = namedIn(change.delta);
  const nested = named.filter((member) => subgroups.has(member));
  const ignoresUnknown = writer.policies.unknownMembers === 'IGNORE';
  await refuseWrongTypes(on, tenantId, change, subgroups);
  if (!ignoresUnknown && !named.every(isUuid)) await refuseUnknownMembers(on, tenantId, named, subgroups);
  if (nested.length > 0) await refuseBadNesting(on, tenantId, id, nested);
  const outcome = await changeMembers(on, writer, id, possible(change.delta), { ...condition, ignoresUnknown, subgroups: nested });
  if (outcome.unknown.length === 0) return settled(outcome);
  await refuseUnknownMembers(on, tenantId, named, subgroups);
  throw new Failure('CONFLICT'); // the unknown one came to be in between
}

function settled({ group, versionMatches }: MembersOutcome): ResourceRow {
  if (!group) throw notFound(groupResource);
  if (!versionMatches) throw new Failure('VERSION_MISMATCH');
  return group;
}

/** Whether one statement may do it: users, as far as one can see, who come or go. What is said of those who go must be looked at. */
function isSimple({ delta, said }: MemberChange): boolean {
  if (delta.kind !== 'adjust' || patienceFor(delta) !== 'usual' || !delta.add.every(isUuid)) return false;
  const added = new Set(delta.add);
  return said.every(({ id, type }) => type === 'User' && added.has(id));
}

/**
 * Changes members alone: one statement for some users, and a transaction where that finds somebody else among them, or for all. A statement
 * sees what was there when it began, even if it then waits for the group: two replacements at once would each leave the other's members.
 * The second takes the lock first, then looks.
 */
export async function changeGroupMembers(database: Writable, writer: Writer, id: string, change: MemberChange, ifVersion?: number): Promise<ResourceRow> {
  if (!isUuid(id)) throw notFound(groupResource);
  const outcome = isSimple(change) ? await repeatOnVanishedMember(database, () => changeMembers(database, writer, id, possible(change.delta), { ifVersion })) : undefined;
  if (outcome?.unknown.length === 0) return settled(outcome);
  return memberTransaction(database, writer, change, async (on, apply) => {
    await currentRow(on, groupResource, writer, id, ifVersion, true);
    return apply(id);
  });
}
