/** How a tenant's row changes over its life, each change with its record. */
import { sql } from '../query/sql.js';
import type { JsonObject } from '../../../../schema/change.js';
import { type Actor, recordEach, recordRows } from '../changes/change-rows.js';
import type { Statements } from '../connection/database.js';
import { type RawTenant, tenantColumns, type TenantRow, type TenantState, toTenant } from './tenant-rows.js';

/** The tenant, kept from changing until the transaction ends. */
export async function lockTenant(on: Statements, id: string): Promise<TenantRow | undefined> {
  const [row] = await on.run(sql<RawTenant>`select ${tenantColumns} from tenant where id = ${id}::uuid for no key update`);
  return row && toTenant(row);
}

export interface Move {
  readonly kind: 'TENANT_SUSPENDED' | 'TENANT_RESUMED' | 'TENANT_DELETION_STARTED';
  readonly from: readonly TenantState[];
  readonly to: TenantState;
  readonly reason: string | null;
  /** Whom the record at the end of a deletion is to name. */
  readonly deletion?: JsonObject | undefined;
}

/** Brings the tenant of the actor into another state, with a record; does nothing where it is there already. */
export async function moveTenant(on: Statements, actor: Actor, { kind, from, to, reason, deletion }: Move): Promise<void> {
  await on.run(sql`
    with target as (
      select id, state, state_reason from tenant where id = ${actor.tenantId}::uuid and state = any(${[...from]}::text[])
        and (state, state_reason) is distinct from (${to}::text, ${reason}::text) for no key update
    ), written as (
      update tenant set state = ${to}, state_reason = ${reason}, deletion = ${deletion ? JSON.stringify(deletion) : null}::jsonb,
        state_changed_at = case when tenant.state = ${to} then tenant.state_changed_at else now() end
      from target where tenant.id = target.id
      returning tenant.id, jsonb_build_object('state', target.state, 'reason', target.state_reason) as before,
        jsonb_build_object('state', tenant.state, 'reason', tenant.state_reason) as after
    ), recorded as (${recordRows(actor, { kind, subjectType: 'TENANT' }, sql`written`)})
    select id from written`);
}

/** Writes the name and the reference, with a record of what differs. Fails with UNIQUENESS where another tenant has the reference. */
export async function writeTenant(
  on: Statements,
  actor: Actor,
  after: Pick<TenantRow, 'name' | 'reference'>,
  record: { before: JsonObject; after: JsonObject },
): Promise<void> {
  await on.run(sql`
    with written as (
      update tenant set name = ${after.name}, reference = ${after.reference} where id = ${actor.tenantId}::uuid returning id
    ), recorded as (${recordEach(actor, { kind: 'TENANT_UPDATED', subjectType: 'TENANT', ...record }, sql`written`)})
    select id from written`);
}
