/** What answers tell of a quota (draft-ietf-httpapi-ratelimit-headers-11), and how an operator sets one. */
import { expect } from 'vitest';
import type { Answer } from './http.js';
import type { System, Tenant } from './world.js';

const UPDATE = `mutation ($input: UpdateTenantLimitsInput!) { updateTenantLimits(input: $input) {
  tenant { id requestsPerSecond } userErrors { code field message } } }`;

export const setLimit = async ({ admin }: System, { id }: Tenant, requestsPerSecond?: number | null): Promise<Record<string, unknown>> =>
  (await admin(UPDATE, { input: { tenantId: id, requestsPerSecond } })).data!['updateTenantLimits']!;

export interface Told {
  readonly door: string;
  readonly units: number;
  readonly seconds: number;
  readonly left: number;
  readonly reset: number;
}

/** The quota that an answer tells; fails where it tells none, or not as the draft writes it. */
export function quotaIn({ headers }: Pick<Answer, 'headers'>): Told {
  const [, door, units, seconds] = /^"(scim|graphql)";q=(\d+);w=(\d+)$/.exec(String(headers['ratelimit-policy'])) ?? [];
  const [, policy, left, reset] = /^"(scim|graphql)";r=(\d+);t=(\d+)$/.exec(String(headers['ratelimit'])) ?? [];
  expect(door, `${String(headers['ratelimit-policy'])} ${String(headers['ratelimit'])}`).toBeDefined();
  expect(policy).toBe(door);
  return { door: door!, units: Number(units), seconds: Number(seconds), left: Number(left), reset: Number(reset) };
}

/** What the work takes of a quota. `ask` sends something small, which takes a unit; where another window has begun meanwhile, all is done again. */
export async function spentBy(ask: () => Promise<Pick<Answer, 'headers'>>, work: () => Promise<unknown>): Promise<number> {
  for (;;) {
    const before = quotaIn(await ask());
    await work();
    const after = quotaIn(await ask());
    if (after.left <= before.left && after.reset <= before.reset) return before.left - after.left - 1;
  }
}

/** The whole seconds that a refusal asks to wait. */
export function retryAfterOf({ headers }: Pick<Answer, 'headers'>): number {
  expect(headers['retry-after']).toMatch(/^[1-9]\d*$/);
  return Number(headers['retry-after']);
}

/**
 * Checks that a refusal says the same in both manners: nothing left until the time to come back, give or take the second that may end
 * between them.
 */
export function expectUsedUp(answer: Pick<Answer, 'headers'>): void {
  const { left, reset } = quotaIn(answer);
  expect([left, Math.abs(reset - retryAfterOf(answer)) <= 1]).toEqual([0, true]);
}
