/** Tenants and their SCIM clients: made by an operator, or at the first start. */
import { Failure } from '../../../schema/failure.js';
import type { Policies } from '../../../schema/policies.js';
import { limits } from '../../../schema/resources.js';
import type { Actor } from '../store/change-rows.js';
import { findClient, insertClient } from '../store/client-rows.js';
import { findTenant, insertTenant, lockPolicies, type TenantRow, updatePolicies } from '../store/tenant-rows.js';
import { liveTokenDigests } from '../store/token-rows.js';
import { newId } from '../store/uuid.js';
import { OPERATOR_TENANT, type RequestOrigin } from './caller.js';
import { difference } from './document-rules.js';
import type { Services } from './services.js';
import { digestOf, newClientSecret } from './token-format.js';
import { storeNewToken } from './tokens.js';

export interface OnboardedTenant {
  readonly tenantId: string;
  readonly clientId: string;
  /** The only time anybody sees it. */
  readonly clientSecret: string;
}

function checkedName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > limits.indexedStringLength || trimmed.includes('\0') || !trimmed.isWellFormed()) {
    throw new Failure('INVALID_VALUE', { field: 'name', detail: `A tenant's name is text of 1 to ${limits.indexedStringLength} characters.` });
  }
  return trimmed;
}

/** Creates a tenant with its first SCIM client, in one transaction. */
export async function createTenant(
  services: Pick<Services, 'database'>, creator: Omit<Actor, 'tenantId'>, name: string, credentials?: { clientId: string; clientSecret: string },
): Promise<OnboardedTenant> {
  const tenantId = newId();
  const { clientId, clientSecret } = credentials ?? { clientId: newId(), clientSecret: newClientSecret() };
  const actor: Actor = { ...creator, tenantId };
  await services.database.transaction(async (on) => {
    await insertTenant(on, actor, tenantId, checkedName(name));
    await insertClient(on, actor, newId(), clientId, digestOf(clientSecret));
  });
  return { tenantId, clientId, clientSecret };
}

const explainSharedNames = (error: unknown): never => {
  if (!(error instanceof Failure && error.code === 'UNIQUENESS')) throw error;
  throw new Failure('UNIQUENESS', { field: 'groupNames', detail: 'Two groups have the same display name. Rename one of them, then make names unique again.', cause: error });
};

/** Decides some policies of the caller's tenant; the others stay. In force at once where the cache can be reached, else within a minute. */
export async function updateTenantPolicies(services: Services, actor: Actor, decided: Partial<Policies>): Promise<Policies> {
  const { tenantId } = actor;
  const after = await services.database.transaction(async (on) => {
    const before = await lockPolicies(on, tenantId);
    const merged = { ...before, ...decided };
    const differing = difference(before, merged);
    if (Object.keys(differing.after!).length > 0) await updatePolicies(on, actor, merged, differing);
    return merged;
  }).catch(explainSharedNames);
  await forgetVerdicts(services, tenantId);
  return after;
}

/** What travels with the tenant's tokens has changed: the caches must not go on telling the old. */
export async function forgetVerdicts(services: Services, tenantId: string): Promise<void> {
  const digests = await liveTokenDigests(services.database, tenantId);
  await services.tokenCache.forget(digests.map((digest) => Buffer.from(digest).toString('hex')));
}

/** What must be there after the first start, where it was asked for. */
export interface Bootstrap {
  readonly tenant?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly adminToken?: string | undefined;
}

const ORIGIN: RequestOrigin = { requestId: 'start', address: '' };
const ADMIN_TOKEN_SECONDS = limits.tokenSeconds.max;

const ignoring = (code: Failure['code']) => (error: unknown) => {
  if (!(error instanceof Failure && error.code === code)) throw error;
};

/** Creates what is missing of it, once: later starts, and other processes starting at the same time, change nothing. */
export async function bootstrap(services: Services, wanted: Bootstrap): Promise<void> {
  const creator = { tokenId: null, door: 'start', ...ORIGIN };
  if (wanted.clientId && wanted.clientSecret && !await findClient(services.database, wanted.clientId)) {
    const credentials = { clientId: wanted.clientId, clientSecret: wanted.clientSecret };
    await createTenant(services, creator, wanted.tenant ?? 'Condeco', credentials).catch(ignoring('UNIQUENESS'));
  }
  if (!wanted.adminToken) return;
  const operator: Actor = { ...creator, tenantId: OPERATOR_TENANT };
  await insertTenant(services.database, operator, OPERATOR_TENANT, 'Operators');
  await storeNewToken(services, operator, wanted.adminToken, 'admin', ADMIN_TOKEN_SECONDS, null).catch(ignoring('CONFLICT'));
}

/** A tenant; undefined where there is none such. */
export const readTenant = (services: Pick<Services, 'database'>, id: string): Promise<TenantRow | undefined> => findTenant(services.database, id);
