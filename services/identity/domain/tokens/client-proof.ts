/** How a client proves itself, and stays proven while something is done for it. */
import { timingSafeEqual } from 'node:crypto';
import { Failure } from '../../../../schema/failure.js';
import { type ClientCredentials, findClient, lockClient, noteSecretUse } from '../../store/tokens/client-rows.js';
import type { Statements, Writable } from '../../store/connection/database.js';
import { digestOf } from './token-format.js';

export interface Proof {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface ProvenClient extends ClientCredentials {
  /** Whether the secret is the one that is being rotated out. */
  readonly isByOldSecret: boolean;
}

const NOBODY = digestOf('');

/**
 * The client, where the secret is one of its own. Both secrets are compared even where there is no client: all refusals take the same time.
 */
export async function proveClient(on: Statements, { clientId, clientSecret }: Proof): Promise<ProvenClient | undefined> {
  const client = await findClient(on, clientId);
  const digest = digestOf(clientSecret);
  const isNewest = timingSafeEqual(client?.secretDigest ?? NOBODY, digest);
  const isOld = timingSafeEqual(client?.oldSecretDigest ?? NOBODY, digest);
  // Whoever sends an empty secret has the digest of nobody.
  if (!client || clientSecret === '' || !(isNewest || isOld)) return undefined;
  return { ...client, isByOldSecret: !isNewest };
}

/**
 * Does the work, in one transaction, while nobody can revoke the client, cut the secret off or suspend the tenant: they wait for its end,
 * and what is done comes before them. Fails with INVALID_CLIENT where somebody has just done so, with TENANT_SUSPENDED where nobody may
 * work for the tenant.
 */
export async function whileProven<Result>(database: Writable, proof: Proof, work: (on: Statements) => Promise<Result>): Promise<Result> {
  return database.transaction(async (on) => {
    const found = await findClient(on, proof.clientId);
    if (found) await lockClient(on, found.tenantId, found.id);
    const client = await proveClient(on, proof); // only now is it certain to stay so
    if (!client) throw new Failure('INVALID_CLIENT');
    if (client.tenantState !== 'ACTIVE') throw new Failure('TENANT_SUSPENDED');
    await noteSecretUse(on, client, client.isByOldSecret);
    return work(on);
  });
}
