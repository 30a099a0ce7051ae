/** A tenant's life after it was made: renamed, suspended, resumed, deleted. What is decided here is in force when the call returns. */
import { Failure } from '../../../../schema/failure.js';
import type { Actor } from '../../store/changes/change-rows.js';
import { lockClients } from '../../store/tokens/client-rows.js';
import type { Statements } from '../../store/connection/database.js';
import { lockTenant, type Move, moveTenant, writeTenant } from '../../store/tenants/tenant-life-rows.js';
import { countResourcesOf } from '../../store/tenants/tenant-list-rows.js';
import type { TenantRow } from '../../store/tenants/tenant-rows.js';
import { difference } from '../documents/document-rules.js';
import { checkedLabel } from './labels.js';
import type { Services } from '../services.js';
import { customerId, noSuchTenant } from './tenant-target.js';
import { checkedName, checkedReference, readTenant } from './tenants.js';
import { effectiveNow, endVerdictsOfTenant } from '../tokens/verdicts.js';

const LONGEST_REASON = 1000;

/** Who acts, the tenant left open. */
export type Operator = Omit<Actor, 'tenantId'>;

export interface Decided {
  readonly tenant: TenantRow;
  /** From when on no process acts on what was before. ISO 8601. */
  readonly effectiveAt: string;
}

async function locked(on: Statements, tenantId: string): Promise<TenantRow> {
  const tenant = await lockTenant(on, tenantId);
  if (!tenant) throw noSuchTenant();
  return tenant;
}

function refuseDeleting({ state }: TenantRow): void {
  if (state === 'DELETING') throw new Failure('CONFLICT', { field: 'tenantId', detail: 'The tenant is being deleted.' });
}

/**
 * Brings the tenant into another state; the clients are locked as well, so that no token is being issued meanwhile. Repeating it is
 * harmless, and mends what broke off.
 */
async function move(services: Services, actor: Actor, check: (on: Statements, tenant: TenantRow) => Promise<Move>): Promise<Decided> {
  const { tenantId } = actor;
  await services.database.transaction(async (on) => {
    const tenant = await locked(on, tenantId);
    await lockClients(on, tenantId);
    await moveTenant(on, actor, await check(on, tenant));
  });
  await endVerdictsOfTenant(services, tenantId);
  const tenant = await readTenant(services, tenantId);
  if (!tenant) throw noSuchTenant();
  return { tenant, effectiveAt: effectiveNow() };
}

/** Refuses every token of the tenant, and issues none, until it is resumed. Fails with NOT_FOUND, CONFLICT, INVALID_VALUE. */
export async function suspendTenant(services: Services, operator: Operator, id: string, given: string): Promise<Decided> {
  const reason = checkedLabel('reason', given, 'The reason', LONGEST_REASON);
  return move(services, { ...operator, tenantId: customerId(id) }, async (_, tenant) => {
    refuseDeleting(tenant);
    return { kind: 'TENANT_SUSPENDED', from: ['ACTIVE', 'SUSPENDED'], to: 'SUSPENDED', reason };
  });
}

/** Serves the tenant again, with all its tokens that are still live. Fails with NOT_FOUND, CONFLICT. */
export async function resumeTenant(services: Services, operator: Operator, id: string): Promise<Decided> {
  return move(services, { ...operator, tenantId: customerId(id) }, async (_, tenant) => {
    refuseDeleting(tenant);
    return { kind: 'TENANT_RESUMED', from: ['SUSPENDED'], to: 'ACTIVE', reason: null };
  });
}

/**
 * Begins to delete the tenant: its tokens are refused from now on, and its rows go in the background. Fails with NOT_FOUND, INVALID_VALUE.
 */
export async function deleteTenant(services: Services, operator: Operator, id: string, confirmName: string): Promise<Decided> {
  const actor: Actor = { ...operator, tenantId: customerId(id) };
  const decided = await move(services, actor, async (on, { name }) => {
    if (confirmName !== name) {
      throw new Failure('INVALID_VALUE', {
        field: 'confirmName',
        detail: 'This is not the name of the tenant. Nothing is deleted: repeat the name exactly as it is.',
      });
    }
    const [[users], [groups]] = [
      await countResourcesOf(on, 'User', [actor.tenantId]),
      await countResourcesOf(on, 'Group', [actor.tenantId]),
    ];
    const { tokenId, door, requestId, address } = actor;
    return {
      kind: 'TENANT_DELETION_STARTED',
      from: ['ACTIVE', 'SUSPENDED'],
      to: 'DELETING',
      reason: null,
      deletion: { tokenId, door, requestId, address, users: users!, groups: groups! },
    };
  });
  services.deletions.kick();
  return decided;
}

export interface TenantChanges {
  readonly name?: string | null | undefined;
  /** Null takes the reference away. */
  readonly reference?: string | null | undefined;
}

/** Renames the tenant, or gives it another reference. Fails with NOT_FOUND, CONFLICT, INVALID_VALUE, UNIQUENESS. */
export async function updateTenant(services: Services, operator: Operator, id: string, changes: TenantChanges): Promise<TenantRow> {
  const actor: Actor = { ...operator, tenantId: customerId(id) };
  await services.database.transaction(async (on) => {
    const tenant = await locked(on, actor.tenantId);
    refuseDeleting(tenant);
    const name = changes.name === undefined ? tenant.name : checkedName(changes.name);
    const reference = changes.reference === undefined ? tenant.reference : checkedReference(changes.reference);
    const differing = difference({ name: tenant.name, reference: tenant.reference }, { name, reference });
    if (Object.keys(differing.after).length > 0) await writeTenant(on, actor, { name, reference }, differing);
  });
  return (await readTenant(services, actor.tenantId))!;
}
