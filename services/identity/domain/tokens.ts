/** Tokens: issued for a client's credentials, kept as digests, revoked with immediate effect. */
import { Failure } from '../../../schema/failure.js';
import { limits } from '../../../schema/resources.js';
import type { Actor } from '../store/change-rows.js';
import type { Statements } from '../store/database.js';
import { findTokenId, insertToken, listTokens, revokeTokenRow, type TokenRow } from '../store/token-rows.js';
import { isUuid, newId } from '../store/uuid.js';
import { type Audience, type RequestOrigin, scopesOf } from './caller.js';
import { proveClient, whileProven } from './client-proof.js';
import type { Services } from './services.js';
import { digestOf, newToken } from './token-format.js';
import { REVOCATION_BOUND_MILLISECONDS } from './token-verifier.js';

export interface TokenRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly audience: Audience;
  /** Seconds; the published default where absent. */
  readonly expiresIn?: number | null | undefined;
}

export interface IssuedToken {
  /** The only time anybody sees it. */
  readonly accessToken: string;
  readonly expiresIn: number;
  readonly token: TokenRow;
}

function checkedLifetime(expiresIn: number | null | undefined): number {
  const { min, max, default: published } = limits.tokenSeconds;
  const seconds = expiresIn ?? published;
  if (!Number.isInteger(seconds) || seconds < min || seconds > max) {
    throw new Failure('INVALID_VALUE', { field: 'expiresIn', detail: `A token lives for a whole number of seconds from ${min} (one minute) to ${max} (ten years).` });
  }
  return seconds;
}

/** Issues a token for a client that proves itself. Fails with INVALID_CLIENT whichever half of the credentials is wrong. */
export async function issueToken(services: Services, request: TokenRequest, origin: RequestOrigin): Promise<IssuedToken> {
  const seconds = checkedLifetime(request.expiresIn);
  if (request.audience === 'admin') throw new Failure('FORBIDDEN', { detail: 'A tenant\'s client cannot issue tokens for operators.' });
  const attemptKey = digestOf(`${request.clientId.length}:${request.clientId}${origin.address}`).toString('hex');
  await Promise.all([services.addressAttempts.check(origin.address), services.clientAttempts.check(attemptKey)]);
  if (!await proveClient(services.database, request)) {
    await Promise.all([services.addressAttempts.countWrong(origin.address), services.clientAttempts.countWrong(attemptKey)]);
    throw new Failure('INVALID_CLIENT');
  }
  return whileProven(services.database, request, (database, client) => {
    const actor: Actor = { tenantId: client.tenantId, tokenId: null, door: 'provider', ...origin };
    return storeNewToken({ database }, actor, newToken(), request.audience, seconds, client.id);
  });
}

/** Stores a token under its digest; used at start for the operator's first token, too. */
export async function storeNewToken(
  services: { readonly database: Statements }, actor: Actor, accessToken: string, audience: Audience, seconds: number, clientId: string | null,
): Promise<IssuedToken> {
  const token = await insertToken(services.database, actor, {
    id: newId(), clientId, digest: digestOf(accessToken), audience, scopes: scopesOf[audience], seconds,
  });
  if (!token) throw new Failure('CONFLICT', { detail: 'This token exists already.' });
  return { accessToken, expiresIn: seconds, token };
}

export type TokenReference = { readonly id?: string | null | undefined; readonly token?: string | null | undefined };

export interface Revocation {
  readonly id: string;
  /** From when on no process accepts the token: now, or later where Redis could not be told. ISO 8601. */
  readonly effectiveAt: string;
}

/** Revokes a token of the caller's tenant: commits, empties the cache, leaves a marker, and only then answers. Repeating it is harmless. */
export async function revokeToken(services: Services, actor: Actor, reference: TokenReference): Promise<Revocation> {
  const id = reference.token ? await findTokenId(services.database, actor.tenantId, digestOf(reference.token)) : reference.id ?? undefined;
  const digest = id && isUuid(id) ? await revokeTokenRow(services.database, actor, id) : undefined;
  if (!id || !digest) throw new Failure('NOT_FOUND', { detail: 'There is no such token.' });
  const isKnownEverywhere = await services.tokenCache.revoke(Buffer.from(digest).toString('hex'));
  return { id, effectiveAt: new Date(Date.now() + (isKnownEverywhere ? 0 : REVOCATION_BOUND_MILLISECONDS)).toISOString() };
}

/** The newest tokens of a tenant. */
export const listTenantTokens = (services: Pick<Services, 'database'>, tenantId: string): Promise<TokenRow[]> => listTokens(services.database, tenantId);
