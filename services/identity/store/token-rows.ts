/** Rows of tenants, clients and tokens. Secrets are here as SHA-256 digests only. */
import { sql } from 'kysely';
import type { Json } from '../../../schema/change.js';
import { completePolicies, type Policies } from '../../../schema/policies.js';
import { type Actor, recordEach } from './change-rows.js';
import { isoOf } from './columns.js';
import type { Statements } from './database.js';

export interface ClientRow {
  readonly tenantId: string;
  readonly id: string;
  readonly secretDigest: Uint8Array;
}

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

/** The client of a client id that may still issue tokens. */
export async function findClient(on: Statements, clientId: string): Promise<ClientRow | undefined> {
  const [row] = await on.run(sql<{ tenant_id: string; id: string; secret_digest: Uint8Array }>`
    select tenant_id, id, secret_digest from scim_client where client_id = ${clientId} and revoked_at is null`);
  return row && { tenantId: row.tenant_id, id: row.id, secretDigest: row.secret_digest };
}

/** Writes a tenant with its record; does nothing where the id is there already. */
export async function insertTenant(on: Statements, actor: Actor, id: string, name: string): Promise<void> {
  await on.run(sql`
    with written as (
      insert into tenant (id, name) values (${id}::uuid, ${name}) on conflict do nothing returning id
    ), recorded as (${recordEach(actor, { kind: 'TENANT_CREATED', subjectType: 'TENANT', before: null, after: { name } }, sql`written`)})
    select id from written`);
}

/** Writes a client with its record. Fails with UNIQUENESS where the client id is taken. */
export async function insertClient(on: Statements, actor: Actor, id: string, clientId: string, secretDigest: Uint8Array): Promise<void> {
  await on.run(sql`
    with written as (
      insert into scim_client (tenant_id, id, client_id, secret_digest)
      values (${actor.tenantId}::uuid, ${id}::uuid, ${clientId}, ${secretDigest}) returning id
    ), recorded as (${recordEach(actor, { kind: 'CLIENT_CREATED', subjectType: 'CLIENT', before: null, after: { clientId } }, sql`written`)})
    select id from written`);
}

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

export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly policies: Policies;
  readonly createdAt: string;
  /** What the tenant has declared of attributes of its own, and how often it has declared something. */
  readonly extensions: readonly Json[];
  readonly schemaVersion: number;
}

interface RawTenant { id: string; name: string; policies: Record<string, unknown>; created_at: string; extensions: readonly Json[]; schema_version: number }

const toTenant = (row: RawTenant): TenantRow =>
  ({ id: row.id, name: row.name, policies: completePolicies(row.policies), createdAt: isoOf(row.created_at), extensions: row.extensions, schemaVersion: row.schema_version });

/** What the tenant has decided, kept from changing until the transaction ends. */
export async function lockPolicies(on: Statements, tenantId: string): Promise<Policies> {
  const [row] = await on.run(sql<RawTenant>`select id, name, policies, created_at from tenant where id = ${tenantId}::uuid for no key update`);
  return completePolicies(row?.policies ?? {});
}

/**
 * Writes what the tenant decides, with a record if it really changes. The unique keys of its groups follow: fails with UNIQUENESS where
 * names are to be unique again and two groups share one.
 */
export async function updatePolicies(on: Statements, actor: Actor, before: Policies, after: Policies): Promise<void> {
  await on.run(sql`
    with written as (
      update tenant set policies = ${JSON.stringify(after)}::jsonb where id = ${actor.tenantId}::uuid and policies is distinct from ${JSON.stringify(after)}::jsonb returning id
    ), recorded as (${recordEach(actor, { kind: 'TENANT_UPDATED', subjectType: 'TENANT', before, after }, sql`written`)})
    select id from written`);
  const key = after.groupNames === 'UNIQUE' ? sql`display_name_key` : sql`null`;
  await on.run(sql`update app_group set unique_name_key = ${key} where tenant_id = ${actor.tenantId}::uuid and unique_name_key is distinct from ${key}`);
}

/** The digests of a tenant's live tokens. */
export async function liveTokenDigests(on: Statements, tenantId: string): Promise<Uint8Array[]> {
  const rows = await on.run(sql<{ digest: Uint8Array }>`
    select digest from access_token where tenant_id = ${tenantId}::uuid and revoked_at is null and expires_at > now()`);
  return rows.map(({ digest }) => digest);
}

export async function findTenant(on: Statements, id: string): Promise<TenantRow | undefined> {
  const [row] = await on.run(sql<RawTenant>`select id, name, policies, created_at, extensions, schema_version from tenant where id = ${id}::uuid`);
  return row && toTenant(row);
}
