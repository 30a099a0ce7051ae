/** Whose tenant is meant: callers act on their own, operators on the one they name. */
import { Failure } from '../../../../schema/failure.js';
import { findTenant, type TenantRow } from '../../store/tenants/tenant-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import { type Caller, OPERATOR_TENANT, permit, type Scope, scopesOf } from '../caller.js';
import type { Services } from '../services.js';

export const noSuchTenant = (): Failure => new Failure('NOT_FOUND', { field: 'tenantId', detail: 'There is no such tenant.' });

/** Whether the caller may act on any tenant: an operator's right, which a narrower token of an operator's lacks. */
const managesTenants = ({ scopes }: Caller): boolean => scopes.includes('tenants:manage');

/** Lets who manages tenants, and callers with the scope, pass. Fails with UNAUTHENTICATED, FORBIDDEN. */
export const permitOrOperate = (caller: Caller | undefined, scope: Scope): Caller =>
  caller && managesTenants(caller) ? caller : permit(caller, scope);

/** The id of a customer as it is kept. Fails with NOT_FOUND; the owner of operators' tokens is no customer. */
export function customerId(tenantId: string): string {
  if (!isUuid(tenantId) || tenantId === OPERATOR_TENANT) throw noSuchTenant();
  return tenantId.toLowerCase();
}

/** A customer at whose things operators may be at work. Fails with NOT_FOUND, and with CONFLICT while it is being deleted. */
export async function requireCustomer(services: Pick<Services, 'database'>, tenantId: string): Promise<TenantRow> {
  const tenant = await findTenant(services.database, customerId(tenantId));
  if (!tenant) throw noSuchTenant();
  if (tenant.state === 'DELETING') throw new Failure('CONFLICT', { field: 'tenantId', detail: 'The tenant is being deleted.' });
  return tenant;
}

async function named(services: Pick<Services, 'database'>, tenantId: string | null | undefined): Promise<string> {
  if (!tenantId) {
    throw new Failure('INVALID_VALUE', {
      field: 'tenantId',
      detail: "Say which tenant is meant: the token is an operator's, and belongs to none.",
    });
  }
  return (await requireCustomer(services, tenantId)).id;
}

/**
 * The caller as an actor on the tenant that is meant. Fails with UNAUTHENTICATED or FORBIDDEN, and with NOT_FOUND for a tenant that is not
 * the caller's, whether there is such a tenant or not.
 */
export async function actingOn(
  services: Pick<Services, 'database'>,
  caller: Caller | undefined,
  scope: Scope,
  tenantId: string | null | undefined,
): Promise<Caller> {
  const permitted = permitOrOperate(caller, scope);
  if (managesTenants(permitted)) return { ...permitted, tenantId: await named(services, tenantId) };
  if (permitted.tenantId === OPERATOR_TENANT) permit(permitted, 'tenants:manage'); // it has tokens, and neither clients nor policies
  if (tenantId && tenantId.toLowerCase() !== permitted.tenantId) throw noSuchTenant();
  return permitted;
}

/**
 * Refuses a caller who holds less than a client's secret gives: tokens with every scope, good from anywhere. Operators, who hold nothing of
 * a tenant's themselves, may give it. Fails with FORBIDDEN.
 */
export function requireAllThatClientsGive(caller: Caller): void {
  if (managesTenants(caller)) return;
  const missing = scopesOf.graphql.filter((scope) => !caller.scopes.includes(scope));
  if (missing.length > 0) {
    throw new Failure('FORBIDDEN', {
      detail: `Nobody can pass on what they do not hold, and a client's secret gives every scope: your token lacks ${missing.join(', ')}.`,
    });
  }
  if (caller.networks.length > 0) {
    throw new Failure('FORBIDDEN', {
      detail:
        "Nobody can pass on what they do not hold, and a client's secret gives tokens that are good from anywhere: your token is not.",
    });
  }
}
