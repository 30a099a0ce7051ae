/** Warnings that tokens are about to expire, as change records of their owners. */
import { sql } from '../query/sql.js';
import { recordRowsOfTenants } from '../changes/change-rows.js';
import type { Statements } from '../connection/database.js';

/** Nobody asked for them. */
const CLOCK = { tokenId: null, door: 'clock', requestId: 'clock', address: null };

/**
 * Writes the warnings that are due, of so many tokens at the most, and answers how many they were. The row of a token says when its next
 * warning is due and is moved on by the same statement: whoever else does this at the same time passes it over or finds nothing to do.
 * Where several are overdue only the latest is written.
 */
export async function writeDueWarnings(on: Statements, most: number): Promise<number> {
  const rows = await on.run(sql<{ id: string }>`
    with due as (
      select tenant_id, id, name, expires_at, warn_at from access_token where warn_at <= now() order by warn_at limit ${most}::integer for update skip locked
    ), written as (
      update access_token set warn_at = next_token_warning(due.expires_at, now()) from due
      where access_token.tenant_id = due.tenant_id and access_token.id = due.id
      returning due.tenant_id, due.id, due.name, due.expires_at
    ), warning as (
      select tenant_id, id, null::jsonb as before, jsonb_build_object('expiresAt', expires_at, 'name', name,
        'days', (select min(days) from unnest(array[90, 30, 7, 1]) as days where expires_at - make_interval(days => days) <= now())) as after
      from written where expires_at > now()
    ), recorded as (${recordRowsOfTenants(CLOCK, { kind: 'TOKEN_EXPIRES_SOON', subjectType: 'TOKEN' }, sql`warning`)})
    select id from written`);
  return rows.length;
}
