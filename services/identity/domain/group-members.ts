/** The members of groups changed: by one statement where that is safe, else by a transaction, so that parallel changes lose nobody. */
import { groupResource } from '../../../schema/resources.js';
import type { Writer } from '../store/change-rows.js';
import type { ResourceRow } from '../store/columns.js';
import type { Writable } from '../store/database.js';
import { changeMembers } from '../store/membership-rows.js';
import { isUuid } from '../store/uuid.js';
import type { MemberAdjustment, MemberChange } from './member-changes.js';
import { memberTransaction, patienceFor, possible, repeatOnVanishedMember, settled } from './member-transactions.js';
import { currentRow, notFound } from './rewrite.js';

/** Whom one statement may move: users, as far as one can see, who come or go by their ids. What is said of those who go must be looked at. */
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
export async function changeGroupMembers(database: Writable, writer: Writer, id: string, change: MemberChange, ifVersion?: number): Promise<ResourceRow> {
  if (!isUuid(id)) throw notFound(groupResource);
  const simple = simpleDelta(change);
  const outcome = simple && await repeatOnVanishedMember(database, () => changeMembers(database, writer, id, possible(simple), { ifVersion }));
  if (outcome?.unknown.length === 0) return settled(outcome);
  return memberTransaction(database, writer, change, async (on, apply) => {
    await currentRow(on, groupResource, writer, id, ifVersion, true);
    return apply(id);
  });
}
