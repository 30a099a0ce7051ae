/** What is kept of a token, and how it is read. */
import { sql } from '../query/sql.js';
import { isoOf } from '../query/columns.js';
import type { AccessToken, Row } from '../tables/entities.js';

/** REVOKED wins over EXPIRED, and that over IDLE, which only a tenant with a limit on idleness knows. */
export type TokenState = 'LIVE' | 'EXPIRED' | 'REVOKED' | 'IDLE';

export interface TokenRow {
  readonly tenantId: string;
  readonly id: string;
  /** The row of the client that the token belongs to, and the id by which people know it. */
  readonly clientRowId: string | null;
  readonly clientId: string | null;
  readonly name: string | null;
  readonly description: string | null;
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Its own; the tenant's hold as well. */
  readonly allowedNetworks: readonly string[];
  readonly state: TokenState;
  /** The token with which it was made; null where a client's credentials were the proof. */
  readonly createdBy: string | null;
  /** The id of the first token of those that replaced each other. */
  readonly family: string;
  readonly rotatedFrom: string | null;
  readonly rotatedTo: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedAddress: string | null;
  readonly lastUsedAgent: string | null;
}

export interface RawToken extends Omit<Row<typeof AccessToken>, 'digest' | 'warn_at'> {
  public_client_id: string | null;
  state: TokenState;
}

/** Whether the tenant's limit on idleness has ended the token; null, which is no, where there is no limit. */
export const isIdle = sql`coalesce(access_token.last_used_at, access_token.created_at) < now() - make_interval(days =>
  (select (tenant.token_policy ->> 'inactivityDays')::integer from tenant where tenant.id = access_token.tenant_id))`;

/** Of a row of `access_token`: neither revoked nor over. A tenant's limit may have made it idle all the same. */
export const isUnended = sql`access_token.revoked_at is null and access_token.expires_at > now()`;

export const stateOf = sql`case when access_token.revoked_at is not null then 'REVOKED' when access_token.expires_at <= now() then 'EXPIRED' when ${isIdle} then 'IDLE' else 'LIVE' end`;

const names = [
  'tenant_id',
  'id',
  'client_id',
  'name',
  'description',
  'audience',
  'scopes',
  'allowed_networks',
  'created_by',
  'family',
  'rotated_from',
  'rotated_to',
  'created_at',
  'expires_at',
  'revoked_at',
  'last_used_at',
  'last_used_address',
  'last_used_agent',
];

/** To be selected from `access_token`, or returned by a statement that writes it. */
export const tokenColumns = sql`${sql.join(names.map((name) => sql.ref(`access_token.${name}`)))}, ${stateOf} as state,
  (select client.client_id from scim_client client where client.tenant_id = access_token.tenant_id and client.id = access_token.client_id) as public_client_id`;

export const toToken = (row: RawToken): TokenRow => ({
  tenantId: row.tenant_id,
  id: row.id,
  clientRowId: row.client_id,
  clientId: row.public_client_id,
  name: row.name,
  description: row.description,
  audience: row.audience,
  scopes: row.scopes,
  allowedNetworks: row.allowed_networks,
  state: row.state,
  createdBy: row.created_by,
  family: row.family ?? row.id,
  rotatedFrom: row.rotated_from,
  rotatedTo: row.rotated_to,
  createdAt: isoOf(row.created_at),
  expiresAt: isoOf(row.expires_at),
  revokedAt: row.revoked_at && isoOf(row.revoked_at),
  lastUsedAt: row.last_used_at && isoOf(row.last_used_at),
  lastUsedAddress: row.last_used_address,
  lastUsedAgent: row.last_used_agent,
});
