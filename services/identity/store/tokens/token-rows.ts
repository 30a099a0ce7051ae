/** Rows of tokens, here as SHA-256 digests only: written, used, found. */
import { asLookUp, type RawBuilder, sql } from '../query/sql.js';
import { completePolicies, type Policies } from '../../../../schema/policies.js';
import { type Actor, recordEach } from '../changes/change-rows.js';
import type { Statements } from '../connection/database.js';
import type { TenantState } from '../tenants/tenant-rows.js';
import { isIdle, isUnended, type RawToken, tokenColumns, type TokenRow, toToken } from './token-columns.js';

export type { TokenRow, TokenState } from './token-columns.js';

export interface NewToken {
  readonly id: string;
  /** The row of the client it belongs to. */
  readonly clientRowId: string | null;
  readonly digest: Uint8Array;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly seconds: number;
  readonly name?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly allowedNetworks?: readonly string[] | undefined;
}

/** Who may not be given more than what: the tenant's policy, kept from changing until the statement's transaction ends. */
export const tenantNow = (tenantId: string) => sql`select token_policy from token_policy_in_force(${tenantId}::uuid) as token_policy`;

/** The client that the token is for, kept from being revoked until the statement's transaction ends; none where it has been. */
export const clientNow = (tenantId: string, id: RawBuilder<unknown>) => sql`
  select id from scim_client where tenant_id = ${tenantId}::uuid and id = ${id} and revoked_at is null for no key update`;

/** When a token that begins now ends: after its seconds, by the database's clock, and never later than the tenant's policy lets it. */
export const endOfLife = (seconds: number) =>
  sql`now() + make_interval(secs => least(${seconds}::integer, (tenant_now.token_policy ->> 'maxLifetime')::integer))`;

/** Whose token it is. */
export interface HeldToken {
  readonly tenantId: string;
  readonly tokenId: string;
}

/**
 * Keeps a token that is at work on a tenant from being revoked until the transaction ends; false where it has ended already: what it makes
 * would outlive it. The tenant's policy is taken hold of before the token, as by whoever changes it. Several may hold it to make others; it
 * is held alone to rotate, which may be itself.
 */
export async function holdToken(on: Statements, { tenantId, tokenId }: HeldToken, atWorkOn: string, isAlone: boolean): Promise<boolean> {
  const rows = await on.run(sql<object>`
    with tenant_now as (${tenantNow(atWorkOn)})
    select access_token.id from tenant_now, access_token
    where access_token.tenant_id = ${tenantId}::uuid and access_token.id = ${tokenId}::uuid and ${isUnended}
    ${isAlone ? sql`for no key update of access_token` : sql`for share of access_token`}`);
  return rows.length > 0;
}

/** Writes a token with its record. Does nothing where the digest is there already, or where the client has been revoked. */
export async function insertToken(on: Statements, actor: Actor, token: NewToken): Promise<TokenRow | undefined> {
  const { name = null, description = null, allowedNetworks = [] } = token;
  const after = { audience: token.audience, scopes: token.scopes, seconds: token.seconds, ...(name === null ? {} : { name }) };
  const [row] = await on.run(sql<RawToken>`
    with tenant_now as (${tenantNow(actor.tenantId)}), client_now as (${clientNow(actor.tenantId, sql`${token.clientRowId}::uuid`)}), written as (
      insert into access_token (tenant_id, id, client_id, digest, audience, scopes, name, description, allowed_networks, created_by, family, expires_at, warn_at)
      select ${actor.tenantId}::uuid, ${token.id}::uuid, ${token.clientRowId}::uuid, ${token.digest}, ${token.audience}, ${[...token.scopes]}::text[],
        ${name}::text, ${description}::text, ${[...allowedNetworks]}::text[], ${actor.tokenId}::uuid, ${token.id}::uuid,
        ends.at, next_token_warning(ends.at, now())
      from tenant_now, lateral (select ${endOfLife(token.seconds)} as at) ends
      where ${token.clientRowId}::uuid is null or exists (select 1 from client_now)
      on conflict (digest) do nothing returning ${tokenColumns}
    ), recorded as (${recordEach(actor, { kind: 'TOKEN_ISSUED', subjectType: 'TOKEN', before: null, after }, sql`written`)})
    select * from written`);
  return row && toToken(row);
}

/** A token that is good, with what travels with it. */
export interface UsableToken extends TokenRow {
  /** By the database's clock. */
  readonly secondsLeft: number;
  readonly policies: Policies;
  readonly schemaVersion: number;
  /** Networks from which the tenant lets its tokens be used; empty where from anywhere. */
  readonly tenantNetworks: readonly string[];
  readonly tenantState: TenantState;
  /** The limit set for the tenant, if one is. */
  readonly requestsPerSecond: number | null;
}

interface RawUsable extends RawToken {
  seconds_left: number;
  policies: Record<string, unknown>;
  schema_version: number;
  tenant_networks: string[] | null;
  tenant_state: TenantState;
  requests_per_second: number | null;
}

/** The token of a digest, where it is good now. */
export async function useToken(on: Statements, digest: Uint8Array): Promise<UsableToken | undefined> {
  const [row] = await on.run(
    asLookUp(sql<RawUsable>`
    select ${tokenColumns}, extract(epoch from access_token.expires_at - now())::float8 as seconds_left,
      tenant.state as tenant_state, tenant.policies, tenant.schema_version, tenant.requests_per_second, tenant.token_policy -> 'allowedNetworks' as tenant_networks
    from access_token join tenant on tenant.id = access_token.tenant_id
    where access_token.digest = ${digest} and ${isUnended} and (${isIdle}) is not true`),
  );
  return (
    row && {
      ...toToken(row),
      secondsLeft: row.seconds_left,
      policies: completePolicies(row.policies),
      schemaVersion: row.schema_version,
      tenantNetworks: row.tenant_networks ?? [],
      tenantState: row.tenant_state,
      requestsPerSecond: row.requests_per_second,
    }
  );
}

/** The ids of the tenant's live tokens that no token and no client made, a start therefore, but for the one of this digest. */
export async function otherFirstTokens(on: Statements, tenantId: string, digest: Uint8Array): Promise<readonly string[]> {
  const rows = await on.run(sql<{ id: string }>`
    select id from access_token where tenant_id = ${tenantId}::uuid and client_id is null and created_by is null
      and ${isUnended} and digest <> ${digest} order by id`);
  return rows.map(({ id }) => id);
}

/** A token of the tenant. */
export async function findToken(on: Statements, tenantId: string, id: string): Promise<TokenRow | undefined> {
  const [row] = await on.run(
    sql<RawToken>`select ${tokenColumns} from access_token where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`,
  );
  return row && toToken(row);
}

/** The id of a token by its digest, within the tenant. */
export async function findTokenId(on: Statements, tenantId: string, digest: Uint8Array): Promise<string | undefined> {
  const [row] = await on.run(sql<{ id: string }>`select id from access_token where digest = ${digest} and tenant_id = ${tenantId}::uuid`);
  return row?.id;
}

const DIGESTS_AT_A_TIME = 1000;

/** The digests of a tenant's live tokens, a thousand at a time. */
export async function* liveTokenDigests(on: Statements, tenantId: string): AsyncGenerator<Uint8Array[]> {
  let last: string | undefined;
  do {
    const rows: { id: string; digest: Uint8Array }[] = await on.run(sql<{ id: string; digest: Uint8Array }>`
      select id, digest from access_token where tenant_id = ${tenantId}::uuid and ${isUnended}
        ${last === undefined ? sql`` : sql`and id > ${last}::uuid`} order by id limit ${DIGESTS_AT_A_TIME}::integer`);
    if (rows.length > 0) yield rows.map(({ digest }) => digest);
    last = rows.length < DIGESTS_AT_A_TIME ? undefined : rows.at(-1)!.id;
  } while (last !== undefined);
}

/**
 * Lets go of tokens that expired or were revoked more than so many days ago, whosever they are, up to `most` of them. Their change records
 * stay.
 */
export async function deleteEndedTokens(on: Statements, days: number, most: number): Promise<void> {
  await on.run(sql`
    with ended as (
      select tenant_id, id from access_token where least(expires_at, revoked_at) < now() - make_interval(days => ${days}::integer)
      order by least(expires_at, revoked_at) limit ${most}::integer for update skip locked
    )
    delete from access_token using ended where access_token.tenant_id = ended.tenant_id and access_token.id = ended.id`);
}
