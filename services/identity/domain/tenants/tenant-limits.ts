/** How much a tenant may ask: set by operators. */
import { Failure } from '../../../../schema/failure.js';
import { quotaLimits } from '../../../../schema/quota.js';
import type { Actor } from '../../store/changes/change-rows.js';
import { updateRequestLimit } from '../../store/tenants/limit-rows.js';
import type { TenantRow } from '../../store/tenants/tenant-rows.js';
import type { Services } from '../services.js';
import { requireCustomer } from './tenant-target.js';
import { endVerdictsOfTenant } from '../tokens/verdicts.js';

const { min, max } = quotaLimits.requestsPerSecond;

/** What is absent stays. */
interface TenantLimits {
  /** To each door; null gives the tenant the usual limit back. */
  readonly requestsPerSecond?: number | null | undefined;
}

/**
 * Sets how much a tenant may ask. In force at once where the cache can be reached, else within a minute. Fails with INVALID_VALUE and
 * NOT_FOUND, and with CONFLICT while the tenant is being deleted.
 */
export async function updateTenantLimits(
  services: Services,
  operator: Actor,
  tenantId: string,
  { requestsPerSecond }: TenantLimits,
): Promise<TenantRow> {
  if (typeof requestsPerSecond === 'number' && (requestsPerSecond < min || requestsPerSecond > max)) {
    throw new Failure('INVALID_VALUE', {
      field: 'requestsPerSecond',
      detail: `A tenant may send ${min} to ${max} requests a second; null stands for the usual limit.`,
    });
  }
  const tenant = await requireCustomer(services, tenantId);
  if (requestsPerSecond === undefined) return tenant;
  await updateRequestLimit(services.database, { ...operator, tenantId: tenant.id }, requestsPerSecond);
  await endVerdictsOfTenant(services, tenant.id);
  return { ...tenant, requestsPerSecond };
}
