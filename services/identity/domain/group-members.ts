/** The members of groups changed: by one statement where that is safe, else by a transaction, so that parallel changes lose nobody. */
import { groupResource, relationOf } from '../../../schema/resources.js';
import type { Writer } from '../store/change-rows.js';
import type { ResourceRow } from '../store/columns.js';
import type { Statements, Writable } from '../store/database.js';
import { changeMembers, membersMatching } from '../store/membership-rows.js';
import { isUuid } from '../store/uuid.js';
import type { ReadChange } from './apply-changes.js';
import { idsInFilter, type MemberAdjustment, type MemberChange } from './member-changes.js';
import { memberTransaction, patienceFor, possible, repeatOnVanishedMember, settled } from './member-transactions.js';
import { currentRow, notFound } from './rewrite.js';

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

/** Whether one statement may do it: users, as far as one can see, who come or go. What is said of those who go must be looked at. */
function isSimple(delta: MemberAdjustment, said: MemberChange['said']): boolean {
  if (patienceFor(delta) !== 'usual' || !delta.add.every(isUuid)) return false;
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
  const { delta, said } = change;
  const outcome = delta.kind === 'adjust' && isSimple(delta, said)
    ? await repeatOnVanishedMember(database, () => changeMembers(database, writer, id, possible(delta), { ifVersion }))
    : undefined;
  if (outcome?.unknown.length === 0) return settled(outcome);
  return memberTransaction(database, writer, change, async (on, apply) => {
    await currentRow(on, groupResource, writer, id, ifVersion, true);
    return apply(id);
  });
}
