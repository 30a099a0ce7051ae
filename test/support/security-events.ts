/** Security events as a receiver polls for them. */
import { expect } from 'vitest';
import type { Answer } from './http.js';
import type { Tenant } from './world.js';

const PROVISIONING = 'urn:ietf:params:scim:event:prov';
export const CREATED = `${PROVISIONING}:create:full`;
export const PATCHED = `${PROVISIONING}:patch:full`;
export const NOTICED = `${PROVISIONING}:patch:notice`;
export const DELETED = `${PROVISIONING}:delete`;
export const ACTIVATED = `${PROVISIONING}:activate`;
export const DEACTIVATED = `${PROVISIONING}:deactivate`;

export interface Claims {
  readonly iss: string;
  readonly iat: number;
  readonly jti: string;
  readonly aud: readonly string[];
  readonly txn: string;
  readonly sub_id: { readonly format: string; readonly uri: string; readonly externalId?: string };
  readonly events: Readonly<
    Record<string, { readonly data?: Record<string, unknown>; readonly version?: string; readonly attributes?: readonly string[] }>
  >;
}

export interface PollAnswer {
  readonly sets: readonly Claims[];
  readonly moreAvailable: boolean;
}

const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));

/** The claims of an unsecured token, which ends with no signature. */
export function claimsOf(token: string): Claims {
  const [header, claims, signature] = token.split('.') as [string, string, string];
  expect(decode(header)).toEqual({ typ: 'secevent+jwt', alg: 'none' });
  expect(signature).toBe('');
  return decode(claims) as Claims;
}

/** A poll that answers at once, if nothing else is said. */
export const pollFor = (tenant: Tenant, receiver: string, body: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  tenant.scim('POST', `/Events/${receiver}`, { returnImmediately: true, ...body }, headers);

export async function poll(tenant: Tenant, receiver: string, body: object = {}, headers: Record<string, string> = {}): Promise<PollAnswer> {
  const answer = await pollFor(tenant, receiver, body, headers);
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  const { sets, moreAvailable } = answer.body as unknown as { sets: Record<string, string>; moreAvailable: boolean };
  const claims = Object.entries(sets).map(([id, token]) => {
    const found = claimsOf(token);
    expect(found.jti).toBe(id);
    return found;
  });
  return { sets: claims, moreAvailable };
}

/** Polls without acknowledging anything until so many are told: whoever writes at the same time delays them. */
export async function pollUntil(tenant: Tenant, receiver: string, count: number, body: object = {}): Promise<readonly Claims[]> {
  for (const deadline = Date.now() + 60_000; ;) {
    const { sets } = await poll(tenant, receiver, body);
    if (sets.length >= count || Date.now() > deadline) return sets;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const idsOf = (sets: readonly Claims[]): string[] => sets.map(({ jti }) => jti);

/** What happened to whom, in a word each. */
export const briefly = (sets: readonly Claims[]): string[] =>
  sets.map(
    ({ sub_id: { uri }, events }) =>
      `${uri} ${Object.keys(events)
        .map((name) => name.slice(PROVISIONING.length + 1))
        .join('+')}`,
  );
