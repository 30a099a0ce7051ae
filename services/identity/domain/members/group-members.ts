/** The members of groups changed: by one statement where that is safe, else by a transaction, so that parallel changes lose nobody. */
import type { ChangeOperation } from '../../../../schema/change.js';
import { Failure, toFailure } from '../../../../schema/failure.js';
import { groupResource, limits } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import type { ResourceRow } from '../../store/query/columns.js';
import type { Statements, Writable } from '../../store/connection/database.js';
import { changeMembers } from '../../store/members/membership-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import { type MemberAdjustment, type MemberChange, memberListChange } from './member-changes.js';
import { memberTransaction, patienceFor, possible, repeatOnVanishedMember, settled } from './member-transactions.js';
import { idOf } from './named-ids.js';
import { findSubgroups } from './nested-groups.js';
import { currentRow, notFound } from '../documents/rewrite.js';
import { refuseUnknownMembers } from './unknown-members.js';

/**
 * Whom one statement may move: users, as far as one can see, who come or go by their ids. What is said of those who go must be looked at.
 */
function simpleDelta(change: MemberChange): MemberAdjustment | undefined {
  const { delta, said, search } = change;
  if (search || delta.kind !== 'adjust' || patienceFor(change) !== 'usual' || !delta.add.every(isUuid)) return undefined;
  const added = new Set(delta.add);
  return said.every(({ id, type }) => type === 'User' && added.has(id)) ? delta : undefined;
}

/**
 * Changes members alone: one statement for some users, and a transaction where that finds somebody else among them, or for all. A statement
 * sees what was there when it began, even if it then waits for the group: two replacements at once would each leave the other's members.
 * The second takes the lock first, then looks; and so does a filter that looks for members.
 */
export async function changeGroupMembers(
  database: Writable,
  writer: Writer,
  id: string,
  change: MemberChange,
  ifVersion?: number,
): Promise<ResourceRow> {
  if (!isUuid(id)) throw notFound(groupResource);
  const simple = simpleDelta(change);
  const outcome =
    simple && (await repeatOnVanishedMember(database, () => changeMembers(database, writer, id, possible(simple), { ifVersion })));
  if (outcome?.unknown.length === 0) return settled(outcome);
  return memberTransaction(database, writer, change, async (on, apply) => {
    await currentRow(on, writer, { type: groupResource, id, ifVersion }, true);
    return apply(id);
  });
}

/** An empty id is a slip, also where an id of nobody is passed over; where it is not, it is told beside those. Fails with INVALID_VALUE. */
async function refuseEmptyIds(on: Statements, { tenantId, policies }: Writer, op: ChangeOperation, ids: readonly string[]): Promise<void> {
  if (!ids.includes('') || ids.length > limits.membersPerRequest) return;
  const refused = op === 'remove' || policies.unknownMembers === 'IGNORE' ? [''] : ids.map((id) => (id === '' ? id : idOf(id)));
  await refuseUnknownMembers(on, tenantId, refused, await findSubgroups(on, tenantId, { add: refused, remove: [], said: [] }));
}

/** The same, said of the argument that holds the members. */
function ofArgument(error: unknown): never {
  const { code, message: detail, field, retryAfter, cause } = toFailure(error);
  throw field === 'members' ? new Failure(code, { detail, field: 'memberIds', retryAfter, cause }) : error;
}

/**
 * Adds or removes those with these ids, or makes them the only members. Fails with NOT_FOUND, VERSION_MISMATCH, TOO_MANY, INVALID_VALUE.
 */
export async function changeMembersById(
  database: Writable,
  writer: Writer,
  id: string,
  op: ChangeOperation,
  memberIds: readonly string[],
  ifVersion?: number,
): Promise<ResourceRow> {
  try {
    await refuseEmptyIds(database, writer, op, memberIds);
    return await changeGroupMembers(database, writer, id, memberListChange(op, { value: memberIds }), ifVersion);
  } catch (error) {
    return ofArgument(error);
  }
}
