/** Rows of tokens, here as SHA-256 digests only. */
import { sql } from './sql.js';
import { completePolicies, type Policies } from '../../../schema/policies.js';
import { type Actor, recordEach } from './change-rows.js';
import { isoOf } from './columns.js';
import type { Statements } from './database.js';

export interface TokenRow {
  readonly tenantId: string;
  readonly id: string;
  readonly clientId: string | null;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

interface RawToken {
  tenant_id: string; id: string; client_id: string | null; audience: string; scopes: string[];
  created_at: string; expires_at: string; revoked_at: string | null; last_used_at: string | null;
}

const tokenColumns = sql`tenant_id, id, client_id, audience, scopes, created_at, expires_at, revoked_at, last_used_at`;

const toToken = (row: RawToken): TokenRow => ({
  tenantId: row.tenant_id, id: row.id, clientId: row.client_id, audience: row.audience, scopes: row.scopes,
  createdAt: isoOf(row.created_at), expiresAt: isoOf(row.expires_at),
  revokedAt: row.revoked_at && isoOf(row.revoked_at), lastUsedAt: row.last_used_at && isoOf(row.last_used_at),
});

export interface NewToken {
  readonly id: string;
  readonly clientId: string | null;
  readonly digest: Uint8Array;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly seconds: number;
}

/** Writes a token with its record; its lifetime is counted by the database's clock. Does nothing where the digest is there already. */
export async function insertToken(on: Statements, actor: Actor, token: NewToken): Promise<TokenRow | undefined> {
  const after = { audience: token.audience, scopes: token.scopes, seconds: token.seconds };
  const [row] = await on.run(sql<RawToken>`
    with written as (
      insert into access_token (tenant_id, id, client_id, digest, audience, scopes, expires_at)
      values (${actor.tenantId}::uuid, ${token.id}::uuid, ${token.clientId}::uuid, ${token.digest}, ${token.audience}, ${[...token.scopes]}::text[],
        now() + make_interval(secs => ${token.seconds}::integer))
      on conflict (digest) do nothing returning ${tokenColumns}
    ), recorded as (${recordEach(actor, { kind: 'TOKEN_ISSUED', subjectType: 'TOKEN', before: null, after }, sql`written`)})
    select * from written`);
  return row && toToken(row);
}

/**
 * The live token of a digest, with the seconds it has left by the database's clock. Notes that it was used, at most once a minute:
 * a cached verdict lives that long, so this is asked about as often.
 */
export async function useToken(on: Statements, digest: Uint8Array): Promise<(TokenRow & { secondsLeft: number; policies: Policies; schemaVersion: number }) | undefined> {
  const [row] = await on.run(sql<RawToken & { seconds_left: number; stale: boolean; policies: Record<string, unknown>; schema_version: number }>`
    select ${tokenColumns}, (select policies from tenant where tenant.id = access_token.tenant_id) as policies,
      (select schema_version from tenant where tenant.id = access_token.tenant_id) as schema_version, extract(epoch from expires_at - now())::float8 as seconds_left,
      last_used_at is null or last_used_at < now() - interval '1 minute' as stale
    from access_token where digest = ${digest} and revoked_at is null and expires_at > now()`);
  if (!row) return undefined;
  if (row.stale) {
    await on.run(sql`update access_token set last_used_at = now() where tenant_id = ${row.tenant_id}::uuid and id = ${row.id}::uuid
      and (last_used_at is null or last_used_at < now() - interval '1 minute')`);
  }
  return { ...toToken(row), secondsLeft: row.seconds_left, policies: completePolicies(row.policies), schemaVersion: row.schema_version };
}

/** Marks the token revoked, once; answers its digest, or undefined where the tenant has no such token. */
export async function revokeTokenRow(on: Statements, actor: Actor, id: string): Promise<Uint8Array | undefined> {
  const [row] = await on.run(sql<{ digest: Uint8Array }>`
    with target as (
      select tenant_id, id, digest, revoked_at from access_token where tenant_id = ${actor.tenantId}::uuid and id = ${id}::uuid
    ), written as (
      update access_token set revoked_at = now() from target
      where access_token.tenant_id = target.tenant_id and access_token.id = target.id and access_token.revoked_at is null
      returning access_token.id
    ), recorded as (${recordEach(actor, { kind: 'TOKEN_REVOKED', subjectType: 'TOKEN', before: null, after: null }, sql`written`)})
    select digest from target`);
  return row?.digest;
}

/** The tokens of a tenant, newest first. */
export async function listTokens(on: Statements, tenantId: string): Promise<TokenRow[]> {
  const rows = await on.run(sql<RawToken>`select ${tokenColumns} from access_token where tenant_id = ${tenantId}::uuid order by id desc limit 1000`);
  return rows.map(toToken);
}

/** The id of a token by its digest, within the tenant. */
export async function findTokenId(on: Statements, tenantId: string, digest: Uint8Array): Promise<string | undefined> {
  const [row] = await on.run(sql<{ id: string }>`select id from access_token where digest = ${digest} and tenant_id = ${tenantId}::uuid`);
  return row?.id;
}

/** The digests of a tenant's live tokens. */
export async function liveTokenDigests(on: Statements, tenantId: string): Promise<Uint8Array[]> {
  const rows = await on.run(sql<{ digest: Uint8Array }>`
    select digest from access_token where tenant_id = ${tenantId}::uuid and revoked_at is null and expires_at > now()`);
  return rows.map(({ digest }) => digest);
}
