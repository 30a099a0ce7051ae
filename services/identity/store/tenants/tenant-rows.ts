/** Rows of tenants, with what they have decided. */
import { sql } from '../query/sql.js';
import type { Json } from '../../../../schema/change.js';
import { completePolicies, type Policies } from '../../../../schema/policies.js';
import { type Actor, type ChangeRecord, recordEach } from '../changes/change-rows.js';
import { isoOf } from '../query/columns.js';
import type { Statements } from '../connection/database.js';
import { lockAlone } from './tenant-locks.js';
import type { Row, Tenant } from '../tables/entities.js';

/** Whether a tenant is served; of one that is being deleted there is soon nothing left. */
export type TenantState = 'ACTIVE' | 'SUSPENDED' | 'DELETING';

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  /** A key from outside, unique among all tenants. */
  readonly reference: string | null;
  readonly state: TenantState;
  readonly stateReason: string | null;
  readonly stateChangedAt: string | null;
  readonly policies: Policies;
  readonly createdAt: string;
  /** What the tenant has declared of attributes of its own, and a number that moves on with every declaration. */
  readonly extensions: readonly Json[];
  readonly schemaVersion: number;
  /** Requests a second at each door; null where the usual limit holds. */
  readonly requestsPerSecond: number | null;
}

export interface RawTenant extends Omit<Row<typeof Tenant>, 'token_policy' | 'deletion'> {
  policies: Record<string, unknown>;
  extensions: readonly Json[];
  state: TenantState;
}

export const tenantColumns = sql`id, name, policies, created_at, extensions, schema_version, requests_per_second, reference, state, state_reason, state_changed_at`;

export const toTenant = (row: RawTenant): TenantRow => ({
  id: row.id,
  name: row.name,
  policies: completePolicies(row.policies),
  createdAt: isoOf(row.created_at),
  extensions: row.extensions,
  schemaVersion: row.schema_version,
  requestsPerSecond: row.requests_per_second,
  reference: row.reference,
  state: row.state,
  stateReason: row.state_reason,
  stateChangedAt: row.state_changed_at && isoOf(row.state_changed_at),
});

/** What the tenant has decided, kept from changing until the transaction ends. */
export async function lockPolicies(on: Statements, tenantId: string): Promise<Policies> {
  const [row] = await on.run(sql<Pick<RawTenant, 'policies'>>`select policies from tenant where id = ${tenantId}::uuid for no key update`);
  return completePolicies(row?.policies ?? {});
}

/** Nobody writes the name of a group until the transaction ends: those who have are seen. In the order of arrival. */
export async function lockGroupNames(on: Statements, tenantId: string): Promise<void> {
  await lockAlone(on, 'group names', tenantId);
}

/**
 * Writes what the tenant decides, with a record of what differs. The unique keys of its groups follow: fails with UNIQUENESS where
 * names are to be unique again and two groups share one.
 */
export async function updatePolicies(
  on: Statements,
  actor: Actor,
  after: Policies,
  differing: Pick<ChangeRecord, 'before' | 'after'>,
): Promise<void> {
  await on.run(sql`
    with written as (
      update tenant set policies = ${JSON.stringify(after)}::jsonb where id = ${actor.tenantId}::uuid returning id
    ), recorded as (${recordEach(actor, { kind: 'TENANT_UPDATED', subjectType: 'TENANT', ...differing }, sql`written`)})
    select id from written`);
  const key = after.groupNames === 'UNIQUE' ? sql`display_name_key` : sql`null`;
  await on.run(
    sql`update app_group set unique_name_key = ${key} where tenant_id = ${actor.tenantId}::uuid and unique_name_key is distinct from ${key}`,
  );
}

export async function findTenant(on: Statements, id: string): Promise<TenantRow | undefined> {
  const [row] = await on.run(sql<RawTenant>`select ${tenantColumns} from tenant where id = ${id}::uuid`);
  return row && toTenant(row);
}

/** Writes a tenant with its record; answers whether it did: not where the id or the reference is there already. */
export async function insertTenant(
  on: Statements,
  actor: Actor,
  id: string,
  name: string,
  reference: string | null = null,
): Promise<boolean> {
  const after = { name, ...(reference !== null && { reference }) };
  const rows = await on.run(sql`
    with written as (
      insert into tenant (id, name, reference) values (${id}::uuid, ${name}, ${reference}) on conflict do nothing returning id
    ), recorded as (${recordEach(actor, { kind: 'TENANT_CREATED', subjectType: 'TENANT', before: null, after }, sql`written`)})
    select id from written`);
  return rows.length > 0;
}
