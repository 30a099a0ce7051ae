/** Tokens issued for a client's credentials, and kept as digests. */
import { Failure } from '../../../../schema/failure.js';
import type { Actor } from '../../store/changes/change-rows.js';
import type { Statements } from '../../store/connection/database.js';
import { insertToken, type TokenRow } from '../../store/tokens/token-rows.js';
import { newId } from '../../store/resources/uuid.js';
import { type RequestOrigin, scopesOf } from '../caller.js';
import { proveClient, whileProven } from './client-proof.js';
import type { Services } from '../services.js';
import { digestOf, hexDigestOf, newToken } from './token-format.js';
import { checkedLifetime, readTokenPolicy, withinTokenLimit } from './token-policy.js';
import { checkedWishes, type TokenWishes } from './token-wishes.js';

export type { TokenRow } from '../../store/tokens/token-rows.js';

export interface TokenRequest extends TokenWishes {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface IssuedToken {
  /** The only time anybody sees it. */
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly token: TokenRow;
}

/** Issues a token for a client that proves itself. Fails with INVALID_CLIENT whichever half of the credentials is wrong. */
export async function issueToken(services: Services, request: TokenRequest, origin: RequestOrigin): Promise<IssuedToken> {
  if (request.audience === 'admin') throw new Failure('FORBIDDEN', { detail: "A tenant's client cannot issue tokens for operators." });
  const wishes = checkedWishes(request, scopesOf[request.audience]);
  checkedLifetime(request.expiresIn, { maxLifetime: null });
  const attemptKey = hexDigestOf(`${request.clientId.length}:${request.clientId}${origin.address}`);
  await Promise.all([services.addressAttempts.check(origin.address), services.clientAttempts.check(attemptKey)]);
  const client = await proveClient(services.database, request);
  if (!client) {
    await Promise.all([services.addressAttempts.countWrong(origin.address), services.clientAttempts.countWrong(attemptKey)]);
    throw new Failure('INVALID_CLIENT');
  }
  const actor: Actor = { tenantId: client.tenantId, tokenId: null, door: 'provider', ...origin };
  const policy = await readTokenPolicy(services.database, client.tenantId);
  const seconds = checkedLifetime(request.expiresIn, policy);
  return withinTokenLimit(services, client.tenantId, policy, (database) =>
    whileProven(database, request, (on) => storeToken(on, actor, newToken(), { ...wishes, seconds, clientRowId: client.id })),
  );
}

/** What a new token is to be, checked. */
export interface TokenPlan extends Omit<ReturnType<typeof checkedWishes>, 'scopes'> {
  readonly scopes: readonly string[];
  readonly seconds: number;
  readonly clientRowId: string | null;
}

/** Stores a token under its digest. Its life may be shorter than planned where the policy has just become stricter. */
export async function storeToken(on: Statements, actor: Actor, accessToken: string, plan: TokenPlan): Promise<IssuedToken> {
  const token = await insertToken(on, actor, { ...plan, id: newId(), digest: digestOf(accessToken) });
  if (!token) throw new Failure('CONFLICT', { detail: 'This token exists already, or its client has just been revoked.' });
  return { accessToken, expiresIn: lifetimeOf(token), token };
}

/** Whole seconds from its beginning to its end. */
export const lifetimeOf = ({ createdAt, expiresAt }: Pick<TokenRow, 'createdAt' | 'expiresAt'>): number =>
  Math.round((Date.parse(expiresAt) - Date.parse(createdAt)) / 1000);
