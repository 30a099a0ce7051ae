/** Tenants: made with their first SCIM client, and with policies that they decide themselves. */
import { Failure } from '../../../../schema/failure.js';
import type { Policies } from '../../../../schema/policies.js';
import { limits } from '../../../../schema/resources.js';
import type { Actor, Writer } from '../../store/changes/change-rows.js';
import { insertClient } from '../../store/tokens/client-rows.js';
import type { Statements, Writable } from '../../store/connection/database.js';
import { listTenantRows } from '../../store/tenants/tenant-list-rows.js';
import { findTenant, insertTenant, lockGroupNames, lockPolicies, type TenantRow, updatePolicies } from '../../store/tenants/tenant-rows.js';
import { newId } from '../../store/resources/uuid.js';
import { OPERATOR_TENANT } from '../caller.js';
import { difference } from '../documents/document-rules.js';
import { checkedLabel } from './labels.js';
import type { WriteOptions } from '../resources/perform.js';
import { performWithSecret, type SecretPerformed } from '../tokens/secret-making.js';
import type { Services } from '../services.js';
import { digestOf, newClientSecret } from '../tokens/token-format.js';
import { endVerdictsOfTenant } from '../tokens/verdicts.js';

export interface OnboardedTenant {
  readonly tenantId: string;
  readonly clientId: string;
  /** The only time anybody sees it. */
  readonly clientSecret: string;
}

export interface NewTenant {
  readonly name: string;
  /** A key from outside, unique among all tenants. */
  readonly reference?: string | null | undefined;
  readonly credentials?: { readonly clientId: string; readonly clientSecret: string } | undefined;
}

export const checkedName = (name: string | null): string => checkedLabel('name', name, "A tenant's name", limits.indexedStringLength);
export const checkedReference = (reference: string | null): string | null =>
  reference === null ? null : checkedLabel('reference', reference, 'A reference', limits.indexedStringLength);

async function refuseTaken(on: Statements, reference: string | null): Promise<never> {
  const [taken] = reference === null ? [] : await listTenantRows(on, OPERATOR_TENANT, { reference }, { limit: 1 });
  throw new Failure('UNIQUENESS', {
    field: 'reference',
    detail: `A tenant has this reference already${taken ? `: the one with the id "${taken.id}"` : ''}. Nothing was made.`,
  });
}

/** Creates a tenant with its first SCIM client, in one transaction. Fails with UNIQUENESS where another tenant has the reference. */
export async function createTenant(database: Writable, creator: Omit<Actor, 'tenantId'>, wanted: NewTenant): Promise<OnboardedTenant> {
  const tenantId = newId();
  const { clientId, clientSecret } = wanted.credentials ?? { clientId: newId(), clientSecret: newClientSecret() };
  const [name, reference] = [checkedName(wanted.name), checkedReference(wanted.reference ?? null)];
  const actor: Actor = { ...creator, tenantId };
  await database.transaction(async (on) => {
    if (!(await insertTenant(on, actor, tenantId, name, reference))) await refuseTaken(on, reference);
    await insertClient(on, actor, { id: newId(), clientId, secretDigest: digestOf(clientSecret) });
  });
  return { tenantId, clientId, clientSecret };
}

/** The same for an operator, once under a key of the operator's; the secret is told the first time only. */
export function onboardTenant(
  services: Services,
  operator: Writer,
  wanted: NewTenant,
  options: Pick<WriteOptions, 'idempotencyKey'>,
): Promise<SecretPerformed<Omit<OnboardedTenant, 'clientSecret'>>> {
  return performWithSecret(services.database, operator, { name: 'createTenant', input: wanted }, options, async (database) => {
    const { clientSecret: secret, ...result } = await createTenant(database, operator, wanted);
    return { result, secret };
  });
}

const explainSharedNames = (error: unknown): never => {
  if (!(error instanceof Failure && error.code === 'UNIQUENESS')) throw error;
  throw new Failure('UNIQUENESS', {
    field: 'groupNames',
    detail: 'Two groups have the same display name. Rename one of them, then make names unique again.',
    cause: error,
  });
};

/** Decides some policies of the caller's tenant; the others stay. In force everywhere when this resolves. */
export async function updateTenantPolicies(services: Services, actor: Actor, decided: Partial<Policies>): Promise<Policies> {
  const { tenantId } = actor;
  const after = await services.database
    .transaction(async (on) => {
      if (decided.groupNames) await lockGroupNames(on, tenantId);
      const before = await lockPolicies(on, tenantId);
      const merged = { ...before, ...decided };
      const differing = difference(before, merged);
      if (Object.keys(differing.after).length > 0) await updatePolicies(on, actor, merged, differing);
      return merged;
    })
    .catch(explainSharedNames);
  await endVerdictsOfTenant(services, tenantId);
  return after;
}

/** A tenant; undefined where there is none such. */
export const readTenant = (services: Pick<Services, 'database'>, id: string): Promise<TenantRow | undefined> =>
  findTenant(services.database, id);
