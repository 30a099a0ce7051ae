/** Tenants in lists, and what they have in numbers. */
import { type RawBuilder, sql } from '../query/sql.js';
import { totalOf, totalsOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { type IdPage, pagedById } from '../query/keyset.js';
import { type RawTenant, tenantColumns, type TenantRow, type TenantState, toTenant } from './tenant-rows.js';
import { toPattern } from '../query/text-patterns.js';
import { isUnended } from '../tokens/token-columns.js';

export interface TenantFilter {
  /** A part of the name, in any case. */
  readonly name?: string | null | undefined;
  readonly state?: TenantState | null | undefined;
  readonly reference?: string | null | undefined;
}

/** The tenants that are customers: the owner of operators' tokens is none. */
const found = (notThis: string, { name, state, reference }: TenantFilter): RawBuilder<unknown> => sql`id <> ${notThis}::uuid
  ${name ? sql`and name ilike ${toPattern('co', name)}` : sql``}
  ${state ? sql`and state = ${state}` : sql``}
  ${reference ? sql`and reference = ${reference}` : sql``}`;

/** Tenants in the order of their ids, that of their creation, of a page; backwards from its end. */
export async function listTenantRows(on: Statements, notThis: string, filter: TenantFilter, page: IdPage): Promise<TenantRow[]> {
  const rows = await on.run(sql<RawTenant>`select ${tenantColumns} from tenant where ${found(notThis, filter)} ${pagedById(page)}`);
  return rows.map(toTenant);
}

export const countTenantRows = (on: Statements, notThis: string, filter: TenantFilter): Promise<number> =>
  totalOf(on, sql`select count(*) as total from tenant where ${found(notThis, filter)}`);

/** How many users or groups each of the tenants has: counted already. */
export const countResourcesOf = (on: Statements, resource: 'User' | 'Group', tenantIds: readonly string[]): Promise<number[]> =>
  totalsOf(
    on,
    tenantIds,
    sql`
  select tenant_id as id, sum(total) as total from resource_count where tenant_id = any(${[...tenantIds]}::uuid[]) and resource = ${resource} group by tenant_id`,
  );

/** How many live tokens each of the tenants has. */
export const countTokensOf = (on: Statements, tenantIds: readonly string[]): Promise<number[]> =>
  totalsOf(
    on,
    tenantIds,
    sql`
  select tenant_id as id, count(*) as total from access_token
  where tenant_id = any(${[...tenantIds]}::uuid[]) and ${isUnended} group by tenant_id`,
  );
