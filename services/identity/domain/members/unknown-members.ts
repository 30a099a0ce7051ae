/** Members who are nobody here, or something else than was said: refused by name, with nothing changed. */
import { Failure } from '../../../../schema/failure.js';
import { userTable } from '../../store/query/columns.js';
import type { Statements } from '../../store/connection/database.js';
import { idsAmong } from '../../store/members/nesting-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import type { MemberChange } from './member-changes.js';

const NAMED_AT_MOST = 20;

const refuse = (detail: string) => new Failure('INVALID_VALUE', { detail, field: 'members' });

/** Fails with INVALID_VALUE, naming the ids that are neither users of the tenant nor these groups; does nothing where all are. */
export async function refuseUnknownMembers(
  on: Statements,
  tenantId: string,
  ids: readonly string[],
  subgroups: ReadonlySet<string>,
): Promise<void> {
  const known = new Set(await idsAmong(on, userTable, tenantId, ids.filter(isUuid)));
  const unknown = ids.filter((id) => !known.has(id) && !subgroups.has(id));
  if (unknown.length === 0) return;
  const names = unknown
    .slice(0, NAMED_AT_MOST)
    .map((id) => (id === '' ? '""' : id.slice(0, 64)))
    .join(', ');
  const more = unknown.length > NAMED_AT_MOST ? ` and ${unknown.length - NAMED_AT_MOST} more` : '';
  throw refuse(
    `No user or group has the id ${names}${more}. Nothing was changed: provision these first, or leave them out of the members.`,
  );
}

/** Fails with INVALID_VALUE where a client says of a member what it is not; an id that is nobody's is not looked at here. */
export async function refuseWrongTypes(
  on: Statements,
  tenantId: string,
  { said }: Pick<MemberChange, 'said'>,
  subgroups: ReadonlySet<string>,
): Promise<void> {
  const suspects = said.filter(({ id, type }) => type === 'Group' && !subgroups.has(id) && isUuid(id)).map(({ id }) => id);
  const users = new Set(suspects.length > 0 ? await idsAmong(on, userTable, tenantId, suspects) : []);
  const wrong = said.find(({ id, type }) => (type === 'User' ? subgroups : users).has(id));
  if (!wrong) return;
  const is = wrong.type === 'User' ? 'Group' : 'User';
  throw refuse(
    `The member ${wrong.id} is a ${is}, not a ${wrong.type}. Nothing was changed: say "${is}" as its type, or leave the type out.`,
  );
}
