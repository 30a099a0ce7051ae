/** Warnings that tokens are about to expire, as change records of their owners. */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';

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
    ), recorded as (
      insert into change (tenant_id, kind, subject_type, subject_id, before, after, door, token_id, request_id, address)
      select tenant_id, 'TOKEN_EXPIRES_SOON', 'TOKEN', id, null, jsonb_build_object('expiresAt', expires_at, 'name', name,
        'days', (select min(days) from unnest(array[90, 30, 7, 1]) as days where expires_at - make_interval(days => days) <= now())), 'clock', null, 'clock', null
      from written where expires_at > now()
    )
    select id from written`);
  return rows.length;
}
