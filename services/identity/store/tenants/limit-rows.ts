/** What operators have set of a tenant's limits. */
import { sql } from '../query/sql.js';
import { type Actor, recordRows } from '../changes/change-rows.js';
import type { Statements } from '../connection/database.js';

/** Writes the limit of the actor's tenant, with a record if it really changes; null is the usual one. */
export async function updateRequestLimit(on: Statements, actor: Actor, requestsPerSecond: number | null): Promise<void> {
  await on.run(sql`
    with known as (
      select id, requests_per_second from tenant where id = ${actor.tenantId}::uuid for no key update
    ), written as (
      update tenant set requests_per_second = ${requestsPerSecond}::integer from known
      where tenant.id = known.id and known.requests_per_second is distinct from ${requestsPerSecond}::integer
      returning tenant.id, jsonb_build_object('requestsPerSecond', known.requests_per_second) as before,
        jsonb_build_object('requestsPerSecond', tenant.requests_per_second) as after
    ), recorded as (${recordRows(actor, { kind: 'TENANT_UPDATED', subjectType: 'TENANT' }, sql`written`)})
    select id from written`);
}
