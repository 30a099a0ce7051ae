/** What a start makes sure of: a first tenant with its client, and the token of the first operator. */
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import type { Actor } from '../../store/changes/change-rows.js';
import { findClient } from '../../store/tokens/client-rows.js';
import { insertTenant } from '../../store/tenants/tenant-rows.js';
import { OPERATOR_TENANT, type RequestOrigin } from '../caller.js';
import type { Services } from '../services.js';
import { createTenant } from './tenants.js';
import { storeNewToken } from '../tokens/tokens.js';

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
  if (wanted.clientId && wanted.clientSecret && !(await findClient(services.database, wanted.clientId))) {
    const credentials = { clientId: wanted.clientId, clientSecret: wanted.clientSecret };
    await createTenant(services.database, creator, { name: wanted.tenant ?? 'Condeco', credentials }).catch(ignoring('UNIQUENESS'));
  }
  if (!wanted.adminToken) return;
  const operator: Actor = { ...creator, tenantId: OPERATOR_TENANT };
  await insertTenant(services.database, operator, OPERATOR_TENANT, 'Operators');
  await storeNewToken(services, operator, wanted.adminToken, 'admin', ADMIN_TOKEN_SECONDS, null).catch(ignoring('CONFLICT'));
}
