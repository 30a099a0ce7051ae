/** Rows of the clients of tenants: credentials that tokens are issued for. Secrets are here as SHA-256 digests only. */
import { sql } from './sql.js';
import { type Actor, recordEach } from './change-rows.js';
import type { Statements } from './database.js';

export interface ClientRow {
  readonly tenantId: string;
  readonly id: string;
  readonly secretDigest: Uint8Array;
}

/** The client of a client id that may still issue tokens. */
export async function findClient(on: Statements, clientId: string): Promise<ClientRow | undefined> {
  const [row] = await on.run(sql<{ tenant_id: string; id: string; secret_digest: Uint8Array }>`
    select tenant_id, id, secret_digest from scim_client where client_id = ${clientId} and revoked_at is null`);
  return row && { tenantId: row.tenant_id, id: row.id, secretDigest: row.secret_digest };
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
