/** Lists of a tenant's tokens, newest first: ids are made in the order of time. */
import { type RawBuilder, sql } from '../query/sql.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { type IdPage, pagedById } from '../query/keyset.js';
import { isUnended, type RawToken, stateOf, tokenColumns, type TokenRow, type TokenState, toToken } from './token-columns.js';

/** Which tokens; what is absent makes no difference. */
export interface TokenFilter {
  readonly state?: TokenState | null | undefined;
  /** The id by which people know the client. */
  readonly clientId?: string | null | undefined;
  readonly audience?: string | null | undefined;
  /** Not used for so many days; those never used are as old as they are. */
  readonly unusedForDays?: number | null | undefined;
  /** Live ones that end within so many days. */
  readonly expiringWithinDays?: number | null | undefined;
}

function conditions(tenantId: string, { state, clientId, audience, unusedForDays, expiringWithinDays }: TokenFilter): RawBuilder<unknown> {
  const all = [sql`access_token.tenant_id = ${tenantId}::uuid`];
  if (state) all.push(sql`${stateOf} = ${state}`);
  if (clientId) {
    all.push(
      sql`access_token.client_id = (select client.id from scim_client client where client.tenant_id = ${tenantId}::uuid and client.client_id = ${clientId})`,
    );
  }
  if (audience) all.push(sql`access_token.audience = ${audience}`);
  if (typeof unusedForDays === 'number') {
    all.push(sql`coalesce(access_token.last_used_at, access_token.created_at) <= now() - make_interval(days => ${unusedForDays}::integer)`);
  }
  if (typeof expiringWithinDays === 'number') {
    all.push(sql`${isUnended} and access_token.expires_at <= now() + make_interval(days => ${expiringWithinDays}::integer)`);
  }
  return sql.join(all, sql` and `);
}

export async function listTokenRows(on: Statements, tenantId: string, filter: TokenFilter, page: IdPage): Promise<TokenRow[]> {
  const isForward = page.isBackward !== true; // by id, that is backwards
  const rows = await on.run(sql<RawToken>`
    select ${tokenColumns} from access_token where ${conditions(tenantId, filter)} ${pagedById({ ...page, isBackward: isForward })}`);
  return rows.map(toToken);
}

export const countTokenRows = (on: Statements, tenantId: string, filter: TokenFilter): Promise<number> =>
  totalOf(on, sql`select count(*) as total from access_token where ${conditions(tenantId, filter)}`);
