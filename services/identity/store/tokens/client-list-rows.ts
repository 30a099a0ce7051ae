/** Clients as they are shown: without anything that proves them. */
import { sql } from '../query/sql.js';
import { type Actor, recordEach } from '../changes/change-rows.js';
import { isoOf } from '../query/columns.js';
import { totalOf, totalsOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { type IdPage, pagedById } from '../query/keyset.js';
import { isUnended } from './token-columns.js';
import type { Row, ScimClient } from '../tables/entities.js';

export interface ClientSecretRow {
  readonly createdAt: string;
  /** When it ceases to be good; null where nothing ends it. */
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

export interface ClientRow {
  readonly tenantId: string;
  readonly id: string;
  readonly clientId: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
  /** Those that are good, the newest first: one, or two while one is rotated out. */
  readonly secrets: readonly ClientSecretRow[];
}

interface RawClient extends Omit<Row<typeof ScimClient>, 'secret_digest' | 'old_secret_digest'> {
  secret_created_at: string;
  old_is_good: boolean;
}

const columns = sql`tenant_id, id, client_id, name, description, created_at, revoked_at, coalesce(secret_created_at, created_at) as secret_created_at, secret_used_at,
  coalesce(old_secret_expires_at > now(), false) as old_is_good, old_secret_created_at, old_secret_used_at, old_secret_expires_at`;

const iso = (time: string | null): string | null => time && isoOf(time);

function secretsOf(row: RawClient): ClientSecretRow[] {
  if (row.revoked_at !== null) return [];
  const newest = { createdAt: isoOf(row.secret_created_at), expiresAt: null, lastUsedAt: iso(row.secret_used_at) };
  if (!row.old_is_good) return [newest];
  return [
    newest,
    { createdAt: isoOf(row.old_secret_created_at!), expiresAt: iso(row.old_secret_expires_at), lastUsedAt: iso(row.old_secret_used_at) },
  ];
}

const toClient = (row: RawClient): ClientRow => ({
  tenantId: row.tenant_id,
  id: row.id,
  clientId: row.client_id,
  name: row.name,
  description: row.description,
  createdAt: isoOf(row.created_at),
  revokedAt: iso(row.revoked_at),
  secrets: secretsOf(row),
});

export async function findClientRow(on: Statements, tenantId: string, id: string): Promise<ClientRow | undefined> {
  const [row] = await on.run(sql<RawClient>`select ${columns} from scim_client where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`);
  return row && toClient(row);
}

const which = (tenantId: string, withRevoked: boolean) =>
  sql`tenant_id = ${tenantId}::uuid ${withRevoked ? sql`` : sql`and revoked_at is null`}`;

/** Clients of a tenant in the order of their creation, of a page; backwards from its end. */
export async function listClientRows(on: Statements, tenantId: string, withRevoked: boolean, page: IdPage): Promise<ClientRow[]> {
  const rows = await on.run(sql<RawClient>`select ${columns} from scim_client where ${which(tenantId, withRevoked)} ${pagedById(page)}`);
  return rows.map(toClient);
}

export const countClientRows = (on: Statements, tenantId: string, withRevoked: boolean): Promise<number> =>
  totalOf(on, sql`select count(*) as total from scim_client where ${which(tenantId, withRevoked)}`);

/** How many live tokens each of the clients has. */
export const countTokensOfClients = (on: Statements, tenantId: string, ids: readonly string[]): Promise<number[]> =>
  totalsOf(
    on,
    ids,
    sql`
  select client_id as id, count(*) as total from access_token
  where tenant_id = ${tenantId}::uuid and client_id = any(${[...ids]}::uuid[]) and ${isUnended} group by client_id`,
  );

/** Revokes up to so many live tokens of a client, each with its record; answers how many. */
export function revokeTokensOfClient(on: Statements, actor: Actor, clientRowId: string, most: number): Promise<number> {
  return totalOf(
    on,
    sql`
    with target as (
      select id from access_token where tenant_id = ${actor.tenantId}::uuid and client_id = ${clientRowId}::uuid and ${isUnended}
      order by id limit ${most}::integer for no key update
    ), written as (
      update access_token set revoked_at = clock_timestamp(), warn_at = null from target
      where access_token.tenant_id = ${actor.tenantId}::uuid and access_token.id = target.id returning access_token.id
    ), recorded as (${recordEach(actor, { kind: 'TOKEN_REVOKED', subjectType: 'TOKEN', before: null, after: null }, sql`written`)})
    select count(*) as total from written`,
  );
}

/** The digests of the client's tokens that were revoked while a verdict may have been cached, by whomever: an hour is far longer. */
export async function recentlyRevokedOf(on: Statements, tenantId: string, clientRowId: string): Promise<Uint8Array[]> {
  const rows = await on.run(sql<{ digest: Uint8Array }>`
    select digest from access_token
    where tenant_id = ${tenantId}::uuid and client_id = ${clientRowId}::uuid and revoked_at > now() - interval '1 hour' and expires_at > now()`);
  return rows.map(({ digest }) => digest);
}
