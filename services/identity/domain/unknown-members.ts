/** Members who are nobody here: refused by name, with nothing changed. */
import { Failure } from '../../../schema/failure.js';
import { userTable } from '../store/columns.js';
import type { Statements } from '../store/database.js';
import { findRows } from '../store/resource-rows.js';
import { isUuid } from '../store/uuid.js';

const NAMED_AT_MOST = 20;

/** Fails with INVALID_VALUE, naming the ids that are no users of the tenant; does nothing where all are. */
export async function refuseUnknownMembers(on: Statements, tenantId: string, ids: readonly string[]): Promise<void> {
  const known = new Set((await findRows(on, userTable, tenantId, ids.filter(isUuid))).map(({ id }) => id));
  const unknown = ids.filter((id) => !known.has(id.toLowerCase()));
  if (unknown.length === 0) return;
  const names = unknown.slice(0, NAMED_AT_MOST).map((id) => id.slice(0, 64)).join(', ');
  const more = unknown.length > NAMED_AT_MOST ? ` and ${unknown.length - NAMED_AT_MOST} more` : '';
  throw new Failure('INVALID_VALUE', {
    detail: `No user has the id ${names}${more}. Nothing was changed: provision these users first, or leave them out of the members.`,
    field: 'members',
  });
}
