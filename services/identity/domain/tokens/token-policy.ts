/** What a tenant decides about its tokens: how long they may live, from where they may be used, how many there may be. */
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import type { Actor } from '../../store/changes/change-rows.js';
import { insideOf, type Statements, type Writable } from '../../store/connection/database.js';
import {
  countLiveTokens,
  findTokenPolicy,
  lockTokenPolicy,
  shortenTokens,
  type TokenPolicy,
  unrevokedTokenDigests,
  updateTokenPolicyRow,
} from '../../store/tokens/token-policy-rows.js';
import { toTheEnd } from '../current-request.js';
import { checkedNetworks, isInside } from './networks.js';
import type { Services } from '../services.js';
import { noSuchTenant } from '../tenants/tenant-target.js';
import { endVerdicts } from './verdicts.js';

export type { TokenPolicy } from '../../store/tokens/token-policy-rows.js';

/** The policy of a tenant. Fails with NOT_FOUND. */
export async function readTokenPolicy(on: Statements, tenantId: string): Promise<TokenPolicy> {
  const policy = await findTokenPolicy(on, tenantId);
  if (!policy) throw noSuchTenant();
  return policy;
}

/**
 * Seconds for a new token: what is asked for, where the policy has it; the usual, as far as it has it, where nothing is. Fails with
 * INVALID_VALUE.
 */
export function checkedLifetime(
  asked: number | null | undefined,
  { maxLifetime }: Pick<TokenPolicy, 'maxLifetime'>,
  usual: number = limits.tokenSeconds.default,
): number {
  const { min, max } = limits.tokenSeconds;
  const most = Math.min(max, maxLifetime ?? max);
  const seconds = asked ?? Math.max(min, Math.min(usual, most));
  if (Number.isInteger(seconds) && seconds >= min && seconds <= most) return seconds;
  const ending = most < max ? `${most}, as the tenant's policy has it` : `${max} (ten years)`;
  throw new Failure('INVALID_VALUE', {
    field: 'expiresIn',
    detail: `A token lives for a whole number of seconds from ${min} (one minute) to ${ending}.`,
  });
}

/**
 * Issues what the work issues, unless the tenant then had more live tokens than before and than it may. Where there is a limit, one after
 * the other: two that count at the same time would both find room.
 */
export async function withinTokenLimit<Result>(
  services: Pick<Services, 'database'>,
  tenantId: string,
  policy: TokenPolicy,
  work: (on: Writable) => Promise<Result>,
): Promise<Result> {
  if (policy.maxLiveTokens === null) return work(services.database);
  return services.database.transaction(async (on) => {
    const most = (await lockTokenPolicy(on, tenantId))?.maxLiveTokens ?? Infinity;
    const before = await countLiveTokens(on, tenantId);
    const result = await work(insideOf(on));
    if ((await countLiveTokens(on, tenantId)) <= Math.max(most, before)) return result;
    throw new Failure('CONFLICT', {
      detail: `The tenant has ${before} live tokens, and its policy allows ${most}. Revoke what is not needed, or raise "maxLiveTokens".`,
    });
  });
}

const ranges = {
  maxLifetime: limits.tokenSeconds,
  maxLiveTokens: { min: 1, max: 1_000_000 },
  inactivityDays: { min: 1, max: 3650 },
} as const;

function checked(decided: Partial<TokenPolicy>): Partial<TokenPolicy> {
  for (const [field, { min, max }] of Object.entries(ranges)) {
    const value = decided[field as keyof typeof ranges];
    if (typeof value === 'number' && (value < min || value > max)) {
      throw new Failure('INVALID_VALUE', { field, detail: `"${field}" is a number from ${min} to ${max}, or null for no limit.` });
    }
  }
  return decided.allowedNetworks ? { ...decided, allowedNetworks: checkedNetworks(decided.allowedNetworks) } : decided;
}

/** Decides parts of the policy; the others stay. `shortened` tokens end sooner now. In force everywhere when this resolves. */
export async function updateTokenPolicy(
  services: Services,
  actor: Actor,
  decided: Partial<TokenPolicy>,
  ownAddress: string | undefined,
): Promise<{ policy: TokenPolicy; shortened: number }> {
  const asked = checked(decided);
  if (ownAddress !== undefined && asked.allowedNetworks?.length && !isInside(ownAddress, asked.allowedNetworks)) {
    throw new Failure('INVALID_VALUE', {
      field: 'allowedNetworks',
      detail: `Your own address, ${ownAddress}, is in none of these networks: you would lock yourself out.`,
    });
  }
  const { tenantId } = actor;
  const result = await services.database.transaction(async (on) => {
    const before = await lockTokenPolicy(on, tenantId);
    if (!before) throw noSuchTenant();
    const policy = { ...before, ...asked };
    await updateTokenPolicyRow(on, actor, before, policy);
    return { policy, shortened: policy.maxLifetime === null ? 0 : await shortenTokens(on, actor, policy.maxLifetime) };
  }, 'long');
  await toTheEnd(async () => endVerdicts(services, await unrevokedTokenDigests(services.database, tenantId)));
  return result;
}
