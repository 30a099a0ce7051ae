/** Rows of the clients of tenants: credentials that tokens are issued for. Secrets are here as SHA-256 digests only. */
import type { JsonObject } from '../../../../schema/change.js';
import { sql } from '../query/sql.js';
import { type Actor, recordEach } from '../changes/change-rows.js';
import type { Statements } from '../connection/database.js';
import type { TenantState } from '../tenants/tenant-rows.js';

/** What proves a client, and whether it may do anything. */
export interface ClientCredentials {
  readonly tenantId: string;
  readonly id: string;
  readonly secretDigest: Uint8Array;
  /** The secret before, while it is still good. */
  readonly oldSecretDigest: Uint8Array | null;
  readonly tenantState: TenantState;
}

interface RawCredentials {
  tenant_id: string;
  id: string;
  secret_digest: Uint8Array;
  old_secret_digest: Uint8Array | null;
  state: TenantState;
}

/** The client of a client id that may still issue tokens, while its tenant is not being deleted. */
export async function findClient(on: Statements, clientId: string): Promise<ClientCredentials | undefined> {
  const [row] = await on.run(sql<RawCredentials>`
    select scim_client.tenant_id, scim_client.id, secret_digest, case when old_secret_expires_at > now() then old_secret_digest end as old_secret_digest, tenant.state
    from scim_client join tenant on tenant.id = scim_client.tenant_id
    where client_id = ${clientId} and revoked_at is null and tenant.state <> 'DELETING'`);
  return (
    row && {
      tenantId: row.tenant_id,
      id: row.id,
      secretDigest: row.secret_digest,
      oldSecretDigest: row.old_secret_digest,
      tenantState: row.state,
    }
  );
}

export interface NewClient {
  readonly id: string;
  readonly clientId: string;
  readonly secretDigest: Uint8Array;
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
}

/** Writes a client with its record. Fails with UNIQUENESS where the client id is taken. */
export async function insertClient(
  on: Statements,
  actor: Actor,
  { id, clientId, secretDigest, name = 'SCIM', description = null }: NewClient,
): Promise<void> {
  const after = { clientId, name, ...(description !== null && { description }) };
  await on.run(sql`
    with written as (
      insert into scim_client (tenant_id, id, client_id, secret_digest, name, description)
      values (${actor.tenantId}::uuid, ${id}::uuid, ${clientId}, ${secretDigest}, ${name}, ${description}) returning id
    ), recorded as (${recordEach(actor, { kind: 'CLIENT_CREATED', subjectType: 'CLIENT', before: null, after }, sql`written`)})
    select id from written`);
}

const ofTenant = (tenantId: string, id: string) => sql`tenant_id = ${tenantId}::uuid and id = ${id}::uuid`;

/**
 * Keeps the client as it is, and others from issuing tokens for it, until the transaction ends; one after the other, in the order of
 * arrival.
 */
export async function lockClient(on: Statements, tenantId: string, id: string): Promise<void> {
  await on.run(sql`select id from scim_client where ${ofTenant(tenantId, id)} for no key update`);
}

/** The same for all clients of a tenant. */
export async function lockClients(on: Statements, tenantId: string): Promise<void> {
  await on.run(sql`select id from scim_client where tenant_id = ${tenantId}::uuid order by id for no key update`);
}

/** Notes that a secret was used, to the minute. */
export async function noteSecretUse(on: Statements, { tenantId, id }: ClientCredentials, isOld: boolean): Promise<void> {
  const column = sql.ref(isOld ? 'old_secret_used_at' : 'secret_used_at');
  await on.run(
    sql`update scim_client set ${column} = now() where ${ofTenant(tenantId, id)} and (${column} is null or ${column} < now() - interval '1 minute')`,
  );
}

/**
 * Gives the client a new secret; the one before stays good for so many seconds, and the one before that is good no more. Answers whether
 * there is such a client.
 */
export async function rotateSecret(on: Statements, actor: Actor, id: string, digest: Uint8Array, overlapSeconds: number): Promise<boolean> {
  const kept = (value: ReturnType<typeof sql>) => (overlapSeconds > 0 ? value : sql`null`);
  const rows = await on.run(sql`
    with written as (
      update scim_client set secret_digest = ${digest}, secret_created_at = clock_timestamp(), secret_used_at = null,
        old_secret_digest = ${kept(sql`secret_digest`)}, old_secret_created_at = ${kept(sql`coalesce(secret_created_at, created_at)`)},
        old_secret_used_at = ${kept(sql`secret_used_at`)}, old_secret_expires_at = ${kept(sql`clock_timestamp() + make_interval(secs => ${overlapSeconds}::integer)`)}
      where ${ofTenant(actor.tenantId, id)} and revoked_at is null returning id
    ), recorded as (${recordEach(actor, { kind: 'CLIENT_SECRET_ROTATED', subjectType: 'CLIENT', before: null, after: { overlapSeconds } }, sql`written`)})
    select id from written`);
  return rows.length > 0;
}

/** Writes name and description, with a record of what differs. */
export async function writeClient(
  on: Statements,
  actor: Actor,
  id: string,
  { name, description }: { readonly name: string; readonly description: string | null },
  record: { before: JsonObject; after: JsonObject },
): Promise<void> {
  await on.run(sql`
    with written as (
      update scim_client set name = ${name}, description = ${description} where ${ofTenant(actor.tenantId, id)} returning id
    ), recorded as (${recordEach(actor, { kind: 'CLIENT_UPDATED', subjectType: 'CLIENT', ...record }, sql`written`)})
    select id from written`);
}

/** Ends the client: none of its secrets is good from now on. Does nothing where it has ended already. */
export async function revokeClientRow(on: Statements, actor: Actor, id: string): Promise<void> {
  await on.run(sql`
    with written as (
      update scim_client set revoked_at = now(), old_secret_digest = null, old_secret_expires_at = null
      where ${ofTenant(actor.tenantId, id)} and revoked_at is null returning id
    ), recorded as (${recordEach(actor, { kind: 'CLIENT_REVOKED', subjectType: 'CLIENT', before: null, after: null }, sql`written`)})
    select id from written`);
}
