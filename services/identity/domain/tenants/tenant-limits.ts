/** How much a tenant may ask: set by operators. */
import { Failure } from '../../../../schema/failure.js';
import { quotaLimits } from '../../../../schema/quota.js';
import type { Actor } from '../../store/changes/change-rows.js';
import { updateRequestLimit } from '../../store/tenants/limit-rows.js';
import type { TenantRow } from '../../store/tenants/tenant-rows.js';
import type { Services } from '../services.js';
import { noSuchTenant, requireCustomer } from './tenant-target.js';
import { readTenant } from './tenants.js';
import { endVerdictsOfTenant } from '../tokens/verdicts.js';

const { min, max } = quotaLimits.requestsPerSecond;

/**
 * Sets how many requests a second a tenant may send to each door; null gives it the usual limit back. In force at once where the cache can
 * be reached, else within a minute. Fails with INVALID_VALUE and NOT_FOUND.
 */
export async function updateTenantLimits(
  services: Services,
  operator: Actor,
  tenantId: string,
  requestsPerSecond: number | null,
): Promise<TenantRow> {
  if (requestsPerSecond !== null && (requestsPerSecond < min || requestsPerSecond > max)) {
    throw new Failure('INVALID_VALUE', {
      field: 'requestsPerSecond',
      detail: `A tenant may send ${min} to ${max} requests a second; null stands for the usual limit.`,
    });
  }
  const id = await requireCustomer(services, tenantId);
  const tenant = await readTenant(services, id);
  if (!tenant) throw noSuchTenant();
  await updateRequestLimit(services.database, { ...operator, tenantId: id }, requestsPerSecond);
  await endVerdictsOfTenant(services, id);
  return { ...tenant, requestsPerSecond };
}
