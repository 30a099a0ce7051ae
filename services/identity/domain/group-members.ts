/** The rules of membership: who may become a member, what is refused, and that parallel changes lose nobody. */
import { Failure } from '../../../schema/failure.js';
import { groupResource, relationOf } from '../../../schema/resources.js';
import type { Writer } from '../store/change-rows.js';
import type { ResourceRow } from '../store/columns.js';
import type { Patience, Statements, Writable } from '../store/database.js';
import { isForeignKeyViolation } from '../store/driver-errors.js';
import { changeMembers, type MemberDelta, type MembersCondition, membersMatching } from '../store/membership-rows.js';
import { isUuid } from '../store/uuid.js';
import type { ReadChange } from './apply-changes.js';
import { idsInFilter, memberIds } from './member-changes.js';
import { currentRow, notFound } from './rewrite.js';
import { refuseUnknownMembers } from './unknown-members.js';

/** What one set of ids does to the members; no id counts twice. */
export function memberDeltaOf(operation: 'add' | 'remove' | 'replace', userIds: readonly string[]): MemberDelta {
  const ids = [...new Set(memberIds(userIds))];
  if (operation === 'replace') return { kind: 'replace', members: ids };
  return { kind: 'adjust', add: operation === 'add' ? ids : [], remove: operation === 'remove' ? ids : [] };
}

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
export const patienceFor = (delta: MemberDelta): Patience =>
  ((delta.kind === 'replace' ? delta.members.length : delta.add.length + delta.remove.length) > MANY ? 'long' : 'usual');

/** Changes the members, or says why not: no such group, another version, unknown users where the tenant refuses them. */
export async function applyMembers(on: Statements, writer: Writer, id: string, delta: MemberDelta, condition: MembersCondition = {}): Promise<ResourceRow> {
  if (!isUuid(id)) throw notFound(groupResource);
  const ignoresUnknown = writer.policies.unknownMembers === 'IGNORE';
  const named = delta.kind === 'adjust' ? delta.add : delta.members;
  if (!ignoresUnknown && !named.every(isUuid)) {
    await currentRow(on, groupResource, writer, id, condition.ifVersion);
    await refuseUnknownMembers(on, writer.tenantId, named);
  }
  const outcome = await changeMembers(on, writer, id, possible(delta), { ...condition, ignoresUnknown });
  if (!outcome.group) throw notFound(groupResource);
  if (!outcome.versionMatches) throw new Failure('VERSION_MISMATCH');
  if (outcome.unknown.length > 0) {
    await refuseUnknownMembers(on, writer.tenantId, named);
    throw new Failure('CONFLICT'); // the unknown user came to be in between
  }
  return outcome.group;
}

/** A member's user was deleted between the look and the write: look again. */
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

/**
 * Changes members alone: one statement for some, two for all. A statement sees what was there when it began, even if it then waits
 * for the group: two replacements at once would each leave the other's members. The second takes the lock first, then looks.
 */
export function changeGroupMembers(database: Writable, writer: Writer, id: string, delta: MemberDelta, ifVersion?: number): Promise<ResourceRow> {
  const patience = patienceFor(delta);
  if (delta.kind === 'adjust' && patience === 'usual') return repeatOnVanishedMember(database, () => applyMembers(database, writer, id, delta, { ifVersion }));
  return repeatOnVanishedMember(database, () => database.transaction(async (on) => {
    await currentRow(on, groupResource, writer, id, ifVersion, true);
    return applyMembers(on, writer, id, delta);
  }, patience));
}
