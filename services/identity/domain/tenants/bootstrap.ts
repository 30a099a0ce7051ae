/** What a start makes sure of: a first tenant with its client, and the token of the first operator. */
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import type { Actor } from '../../store/changes/change-rows.js';
import type { Database } from '../../store/connection/database.js';
import { findClient } from '../../store/tokens/client-rows.js';
import { otherFirstTokens } from '../../store/tokens/token-rows.js';
import { insertTenant } from '../../store/tenants/tenant-rows.js';
import { OPERATOR_TENANT, type RequestOrigin, scopesOf } from '../caller.js';
import type { Services } from '../services.js';
import { createTenant } from './tenants.js';
import { proveClient } from '../tokens/client-proof.js';
import { digestOf } from '../tokens/token-format.js';
import { storeToken, type TokenPlan } from '../tokens/tokens.js';

/** What must be there after the first start, where it was asked for. */
export interface Bootstrap {
  readonly tenant?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly adminToken?: string | undefined;
}

const ORIGIN: RequestOrigin = { requestId: 'start', address: '' };
const ADMIN_TOKEN: TokenPlan = {
  audience: 'admin',
  scopes: scopesOf.admin,
  name: null,
  description: null,
  allowedNetworks: [],
  seconds: limits.tokenSeconds.max,
  clientRowId: null,
};

const ignoring = (code: Failure['code']) => (error: unknown) => {
  if (!(error instanceof Failure && error.code === code)) throw error;
};

/**
 * Creates what is missing of it, once: later starts, and other processes starting at the same time, change nothing. Answers in what the
 * database differs from what is wanted now: whoever has changed a secret here would think that the one before is good no more.
 */
export async function bootstrap(services: Services, wanted: Bootstrap): Promise<readonly string[]> {
  const creator = { tokenId: null, door: 'start', ...ORIGIN };
  if (wanted.clientId && wanted.clientSecret && !(await findClient(services.database, wanted.clientId))) {
    const credentials = { clientId: wanted.clientId, clientSecret: wanted.clientSecret };
    await createTenant(services.database, creator, { name: wanted.tenant ?? 'Condeco', credentials }).catch(ignoring('UNIQUENESS'));
  }
  return [...(await secretNotes(services.database, wanted)), ...(await ensureAdminToken(services, creator, wanted.adminToken))];
}

async function secretNotes(database: Database, { clientId, clientSecret }: Bootstrap): Promise<readonly string[]> {
  if (!clientId || !clientSecret || (await proveClient(database, { clientId, clientSecret }))) return [];
  return [
    'BOOTSTRAP_CLIENT_SECRET is not the secret of the client BOOTSTRAP_CLIENT_ID, which stays as it is: rotateClientSecret changes the secret of a client',
  ];
}

async function ensureAdminToken(
  services: Services,
  creator: Omit<Actor, 'tenantId'>,
  adminToken: string | undefined,
): Promise<readonly string[]> {
  if (!adminToken) return [];
  const operator: Actor = { ...creator, tenantId: OPERATOR_TENANT };
  await insertTenant(services.database, operator, OPERATOR_TENANT, 'Operators');
  await storeToken(services.database, operator, adminToken, ADMIN_TOKEN).catch(ignoring('CONFLICT'));
  const others = await otherFirstTokens(services.database, OPERATOR_TENANT, digestOf(adminToken));
  if (others.length === 0) return [];
  return [`tokens that BOOTSTRAP_ADMIN_TOKEN held at earlier starts are good still, until somebody revokes them: ${others.join(', ')}`];
}
