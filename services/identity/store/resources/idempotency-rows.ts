/** Rows of keys that writes came with, and of the answers they got. */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';

/** What is kept of an earlier write with the key. */
export interface KeptAnswer {
  readonly digest: string;
  readonly answer: unknown;
}

/**
 * Takes the key for the transaction under way, or answers what is kept under it. Where another transaction has just taken it, this waits
 * for that one's end. A key that has expired is free.
 */
export async function takeKey(
  on: Statements,
  tenantId: string,
  key: string,
  digest: string,
  seconds: number,
): Promise<KeptAnswer | undefined> {
  const [taken] = await on.run(sql<{ key: string }>`
    insert into idempotency_key (tenant_id, key, request_digest, expires_at)
    values (${tenantId}::uuid, ${key}, decode(${digest}, 'hex'), now() + make_interval(secs => ${seconds}::integer))
    on conflict (tenant_id, key) do update set request_digest = excluded.request_digest, answer = null, expires_at = excluded.expires_at
      where idempotency_key.expires_at <= now()
    returning key`);
  if (taken) return undefined;
  const [kept] = await on.run(sql<KeptAnswer>`
    select encode(request_digest, 'hex') as digest, answer from idempotency_key where tenant_id = ${tenantId}::uuid and key = ${key}`);
  return kept;
}

/** As JSON writes what PostgreSQL's JSON cannot hold, NUL and halves of surrogate pairs; or nearly: a backslash may stand before it. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;

const toStorable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\ufffd').toWellFormed() : value;

/** The answer as it can be kept: where it quotes what somebody sent, U+FFFD may stand for a character. */
function asKept<Answer>(answer: Answer): { readonly answer: Answer; readonly json: string } {
  const json = JSON.stringify(answer);
  if (!UNSTORABLE.test(json)) return { answer, json };
  const kept = JSON.stringify(answer, toStorable);
  return { answer: JSON.parse(kept) as Answer, json: kept };
}

/**
 * Keeps the answer under the key taken, and forgets a few answers that have expired: so there is never much to clean up. Answers what is
 * kept.
 */
export async function keepAnswer<Answer>(on: Statements, tenantId: string, key: string, given: Answer): Promise<Answer> {
  const { answer, json } = asKept(given);
  await on.run(sql`
    with expired as (
      select tenant_id, key from idempotency_key where expires_at <= now() limit 20 for update skip locked
    ), forgotten as (
      delete from idempotency_key using expired where idempotency_key.tenant_id = expired.tenant_id and idempotency_key.key = expired.key
    )
    update idempotency_key set answer = ${json}::jsonb where tenant_id = ${tenantId}::uuid and key = ${key}`);
  return answer;
}

/** Lets go of what was kept of writes for longer than it is good for, whosever it is, up to `most` of it. */
export async function deleteExpiredKeys(on: Statements, most: number): Promise<void> {
  await on.run(sql`
    with expired as (
      select tenant_id, key from idempotency_key where expires_at <= now() order by expires_at limit ${most}::integer for update skip locked
    )
    delete from idempotency_key using expired where idempotency_key.tenant_id = expired.tenant_id and idempotency_key.key = expired.key`);
}
