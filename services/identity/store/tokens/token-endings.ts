/** How tokens end before their time: revoked, one or many, or replaced by another. Each is one statement with its records. */
import { type RawBuilder, sql } from '../query/sql.js';
import type { JsonObject } from '../../../../schema/change.js';
import { type Actor, recordEach, recordRowsOfTenants } from '../changes/change-rows.js';
import type { Statements } from '../connection/database.js';
import { isUnended, type RawToken, tokenColumns, type TokenRow, toToken } from './token-columns.js';
import { clientNow, endOfLife, tenantNow } from './token-rows.js';

/** Marks the token revoked, once; answers its digest, or undefined where the tenant has no such token. */
export async function revokeTokenRow(on: Statements, actor: Actor, id: string): Promise<Uint8Array | undefined> {
  const [row] = await on.run(sql<{ digest: Uint8Array }>`
    with target as (
      select tenant_id, id, digest, revoked_at from access_token where tenant_id = ${actor.tenantId}::uuid and id = ${id}::uuid
    ), written as (
      update access_token set revoked_at = now(), warn_at = null from target
      where access_token.tenant_id = target.tenant_id and access_token.id = target.id and access_token.revoked_at is null
      returning access_token.id
    ), recorded as (${recordEach(actor, { kind: 'TOKEN_REVOKED', subjectType: 'TOKEN', before: null, after: null }, sql`written`)})
    select digest from target`);
  return row?.digest;
}

/** The row of a tenant's client, whether or not it may still issue tokens. */
export async function findClientRowId(on: Statements, tenantId: string, clientId: string): Promise<string | undefined> {
  const [row] = await on.run(
    sql<{ id: string }>`select id from scim_client where tenant_id = ${tenantId}::uuid and client_id = ${clientId}`,
  );
  return row?.id;
}

/**
 * Marks all tokens of the tenant, or of one of its clients, revoked. Answers the digests of those that were live, and of those revoked
 * just before: whoever repeats a call that broke off must be able to rely on the same.
 */
export async function revokeTokenRows(
  on: Statements,
  actor: Actor,
  clientRowId: string | undefined,
): Promise<{ digests: Uint8Array[]; revoked: number }> {
  const whose = clientRowId === undefined ? sql`true` : sql`access_token.client_id = ${clientRowId}::uuid`;
  const rows = await on.run(sql<{ digest: Uint8Array; is_new: boolean }>`
    with written as (
      update access_token set revoked_at = now(), warn_at = null
      where tenant_id = ${actor.tenantId}::uuid and ${whose} and ${isUnended} returning id, digest
    ), recorded as (${recordEach(actor, { kind: 'TOKEN_REVOKED', subjectType: 'TOKEN', before: null, after: null }, sql`written`)})
    select digest, true as is_new from written union all
    select digest, false from access_token where tenant_id = ${actor.tenantId}::uuid and ${whose} and revoked_at > now() - interval '5 minutes'`);
  return { digests: rows.map(({ digest }) => digest), revoked: rows.filter(({ is_new }) => is_new).length };
}

/** What a rotation makes of a token. */
export interface Rotation {
  readonly id: string;
  readonly digest: Uint8Array;
  readonly seconds: number;
  /** Seconds that the token replaced stays good; with 0 it is revoked. */
  readonly overlapSeconds: number;
}

const pick = (rows: readonly (RawToken & { part: string })[], part: string): TokenRow => toToken(rows.find((row) => row.part === part)!);

/**
 * Replaces a live token that nobody has replaced by a new one of its kind; undefined where there is no such token. The policy is taken hold
 * of before the token, as by whoever changes it.
 */
export async function rotateTokenRow(
  on: Statements,
  actor: Actor,
  id: string,
  next: Rotation,
): Promise<{ token: TokenRow; previous: TokenRow; digest: Uint8Array } | undefined> {
  const { overlapSeconds: overlap } = next;
  const rows = await on.run(sql<RawToken & { part: string; digest: Uint8Array }>`
    with tenant_now as (${tenantNow(actor.tenantId)}), client_now as (
      ${clientNow(actor.tenantId, sql`(select client_id from access_token where tenant_id = ${actor.tenantId}::uuid and id = ${id}::uuid)`)}
    ), old as (
      update access_token set rotated_to = ${next.id}::uuid, warn_at = null,
        expires_at = case when ${overlap}::integer = 0 then expires_at else least(expires_at, now() + make_interval(secs => ${overlap}::integer)) end,
        revoked_at = case when ${overlap}::integer = 0 then now() end
      where tenant_id = ${actor.tenantId}::uuid and id = ${id}::uuid and ${isUnended} and rotated_to is null
        and exists (select 1 from tenant_now)
        and (client_id is null or exists (select 1 from client_now))
      returning ${tokenColumns}, digest
    ), written as (
      insert into access_token (tenant_id, id, client_id, digest, audience, scopes, name, description, allowed_networks, created_by, family, rotated_from, expires_at, warn_at)
      select old.tenant_id, ${next.id}::uuid, old.client_id, ${next.digest}, old.audience, old.scopes, old.name, old.description, old.allowed_networks,
        ${actor.tokenId}::uuid, coalesce(old.family, old.id), old.id, ends.at, next_token_warning(ends.at, now())
      from old, tenant_now, lateral (select ${endOfLife(next.seconds)} as at) ends
      returning ${tokenColumns}, digest
    ), replaced as (${recordEach(actor, { kind: 'TOKEN_ROTATED', subjectType: 'TOKEN', before: null, after: { rotatedTo: next.id, overlapSeconds: overlap } }, sql`old`)}
    ), recorded as (${recordEach(actor, { kind: 'TOKEN_ISSUED', subjectType: 'TOKEN', before: null, after: { rotatedFrom: id, seconds: next.seconds } }, sql`written`)})
    select 'new' as part, * from written union all select 'old', * from old`);
  if (rows.length === 0) return undefined;
  return { token: pick(rows, 'new'), previous: pick(rows, 'old'), digest: rows.find(({ part }) => part === 'old')!.digest };
}

/** A token that somebody has found where it should not be, and what they tell of the place. */
export interface Leak {
  readonly digest: Uint8Array;
  readonly told: JsonObject;
}

/**
 * Revokes tokens of whatever tenant, each with a record for its owner. Answers the digests of all that we have ever issued, be they
 * live or not.
 */
export async function revokeLeakedRows(
  on: Statements,
  leaks: readonly Leak[],
  { requestId, address }: Pick<Actor, 'requestId' | 'address'>,
): Promise<Uint8Array[]> {
  if (leaks.length === 0) return [];
  const scanner = { tokenId: null, door: 'scanner', requestId, address };
  const values: RawBuilder<unknown> = sql.join(leaks.map(({ digest, told }) => sql`(${digest}::bytea, ${JSON.stringify(told)}::jsonb)`));
  const rows = await on.run(sql<{ digest: Uint8Array }>`
    with leak (digest, told) as (values ${values}), target as (
      select access_token.tenant_id, access_token.id, leak.digest, leak.told from access_token join leak on leak.digest = access_token.digest
    ), written as (
      update access_token set revoked_at = now(), warn_at = null from target
      where access_token.tenant_id = target.tenant_id and access_token.id = target.id and access_token.revoked_at is null
      returning access_token.tenant_id, access_token.id, null::jsonb as before, jsonb_build_object('leaked', target.told) as after
    ), recorded as (${recordRowsOfTenants(scanner, { kind: 'TOKEN_REVOKED', subjectType: 'TOKEN' }, sql`written`)})
    select digest from target`);
  return rows.map(({ digest }) => digest);
}
