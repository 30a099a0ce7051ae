/** What tenants have decided about their tokens. */
import { sql } from '../query/sql.js';
import { type Actor, recordEach, recordRows } from '../changes/change-rows.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { lockAlone } from '../tenants/tenant-locks.js';
import { isUnended } from './token-columns.js';

/** What is null or empty limits nothing. */
export interface TokenPolicy {
  /** Seconds. */
  readonly maxLifetime: number | null;
  /** CIDR; outside of all of them no token of the tenant is good. */
  readonly allowedNetworks: readonly string[];
  readonly maxLiveTokens: number | null;
  /** A token that is not used for so many days ends. */
  readonly inactivityDays: number | null;
}

const none: TokenPolicy = { maxLifetime: null, allowedNetworks: [], maxLiveTokens: null, inactivityDays: null };

/** The policy of a tenant; undefined where there is no such tenant. */
export async function findTokenPolicy(on: Statements, tenantId: string): Promise<TokenPolicy | undefined> {
  const [row] = await on.run(sql<{ token_policy: Partial<TokenPolicy> }>`select token_policy from tenant where id = ${tenantId}::uuid`);
  return row && { ...none, ...row.token_policy };
}

/**
 * The same, kept from changing until the transaction ends; nobody issues a token of the tenant meanwhile (`token_policy_in_force` is their
 * side of it). In the order of arrival.
 */
export async function lockTokenPolicy(on: Statements, tenantId: string): Promise<TokenPolicy | undefined> {
  await lockAlone(on, 'tokens', tenantId);
  return findTokenPolicy(on, tenantId);
}

/** Tokens of a tenant that are good, in number. */
export const countLiveTokens = (on: Statements, tenantId: string): Promise<number> =>
  totalOf(on, sql`select count(*) as total from access_token where tenant_id = ${tenantId}::uuid and ${isUnended}`);

/** Writes the policy, with a record if it really changes. */
export async function updateTokenPolicyRow(on: Statements, actor: Actor, before: TokenPolicy, after: TokenPolicy): Promise<void> {
  const record = {
    kind: 'TENANT_UPDATED',
    subjectType: 'TENANT',
    before: { tokenPolicy: { ...before } },
    after: { tokenPolicy: { ...after } },
  } as const;
  await on.run(sql`
    with written as (
      update tenant set token_policy = ${JSON.stringify(after)}::jsonb where id = ${actor.tenantId}::uuid and token_policy is distinct from ${JSON.stringify(after)}::jsonb returning id
    ), recorded as (${recordEach(actor, record, sql`written`)})
    select id from written`);
}

/** No live token of the tenant lives longer than so many seconds from its beginning: ends those sooner that would. Answers how many. */
export async function shortenTokens(on: Statements, actor: Actor, maxLifetime: number): Promise<number> {
  const rows = await on.run(sql<{ id: string }>`
    with target as (
      select tenant_id, id, expires_at, created_at + make_interval(secs => ${maxLifetime}::integer) as ends from access_token
      where tenant_id = ${actor.tenantId}::uuid and ${isUnended} and expires_at > created_at + make_interval(secs => ${maxLifetime}::integer)
      for update
    ), written as (
      update access_token set expires_at = target.ends, warn_at = case when rotated_to is null then next_token_warning(target.ends, now()) end from target
      where access_token.tenant_id = target.tenant_id and access_token.id = target.id
      returning access_token.id, jsonb_build_object('expiresAt', target.expires_at) as before, jsonb_build_object('expiresAt', target.ends) as after
    ), recorded as (${recordRows(actor, { kind: 'TOKEN_SHORTENED', subjectType: 'TOKEN' }, sql`written`)})
    select id from written`);
  return rows.length;
}

/**
 * The digests of tokens whose end may have been moved: all that nobody has revoked, for one that is over may have been live a moment ago.
 */
export async function unrevokedTokenDigests(on: Statements, tenantId: string): Promise<Uint8Array[]> {
  const rows = await on.run(
    sql<{ digest: Uint8Array }>`select digest from access_token where tenant_id = ${tenantId}::uuid and revoked_at is null`,
  );
  return rows.map(({ digest }) => digest);
}
