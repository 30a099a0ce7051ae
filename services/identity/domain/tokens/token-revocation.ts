/** Ending tokens with immediate effect: when a call has returned, no process of ours accepts them, whatever becomes of Redis. */
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import { storablePart } from '../../../../schema/value.js';
import type { Actor } from '../../store/changes/change-rows.js';
import { findClientRowId, type Leak, revokeLeakedRows, revokeTokenRow, revokeTokenRows } from '../../store/tokens/token-endings.js';
import { lockTokenPolicy } from '../../store/tokens/token-policy-rows.js';
import { findTokenId } from '../../store/tokens/token-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import type { RequestOrigin } from '../caller.js';
import type { Services } from '../services.js';
import { digestOf, hexDigestOf, isWellFormedToken } from './token-format.js';
import { effectiveNow, endVerdicts } from './verdicts.js';

export type TokenReference = { readonly id?: string | null | undefined; readonly token?: string | null | undefined };

export interface Revocation {
  readonly id: string;
  /** From when on no process accepts the token: now. ISO 8601. */
  readonly effectiveAt: string;
}

/** Revokes a token of the actor's tenant: commits, makes every process forget it, and only then answers. Repeating it is harmless. */
export async function revokeToken(services: Services, actor: Actor, reference: TokenReference): Promise<Revocation> {
  if (!reference.id === !reference.token) {
    throw new Failure('INVALID_VALUE', { field: 'id', detail: 'Name the token by its id or by itself.' });
  }
  const id = reference.token
    ? await findTokenId(services.database, actor.tenantId, digestOf(reference.token))
    : (reference.id ?? undefined);
  const digest = id && isUuid(id) ? await revokeTokenRow(services.database, actor, id) : undefined;
  if (!id || !digest) throw new Failure('NOT_FOUND', { detail: 'There is no such token.' });
  await endVerdicts(services, [digest]);
  return { id, effectiveAt: effectiveNow() };
}

/** Whose tokens: those of a client, by the id that people know it by, or all of the tenant. */
export type TokensReference = { readonly clientId?: string | null | undefined; readonly all?: boolean | null | undefined };

/** Revokes all live tokens of a client or of the actor's tenant, the actor's own among them. */
export async function revokeTokens(
  services: Services,
  actor: Actor,
  { clientId, all }: TokensReference,
): Promise<{ revoked: number; effectiveAt: string }> {
  if (!clientId === (all !== true)) {
    throw new Failure('INVALID_VALUE', {
      field: 'all',
      detail: 'Say "all: true" to revoke every token of the tenant, or name a client; not both.',
    });
  }
  const clientRowId = clientId ? await findClientRowId(services.database, actor.tenantId, clientId) : undefined;
  if (clientId && !clientRowId) throw new Failure('NOT_FOUND', { field: 'clientId', detail: 'There is no such client.' });
  // Whoever is just being given a token is waited for, and nobody else is given one before these have ended: none is left over that came
  // between a look and a write.
  const { digests, revoked } = await services.database.transaction(async (on) => {
    await lockTokenPolicy(on, actor.tenantId);
    return revokeTokenRows(on, actor, clientRowId);
  });
  await endVerdicts(services, digests);
  return { revoked, effectiveAt: effectiveNow() };
}

/** A text that somebody takes for a token of ours, and where they found it. */
export interface Finding {
  readonly token: string;
  readonly type?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly source?: string | null | undefined;
}

export interface FindingAnswer {
  /** SHA-256 of the token, in hexadecimal: the token itself is not repeated. */
  readonly tokenHash: string;
  readonly isOurs: boolean;
}

const LONGEST_TOLD = 2000;

const told = (text: string | null | undefined): string | null => (text ? storablePart(text, LONGEST_TOLD) : (text ?? null));

/** Revokes the tokens among the findings, whoever owns them: who holds a token may end it. Answers in the order of the findings. */
export async function revokeLeakedTokens(
  services: Services,
  findings: readonly Finding[],
  origin: RequestOrigin,
): Promise<FindingAnswer[]> {
  if (findings.length > limits.leakedTokens) {
    throw new Failure('TOO_MANY', { detail: `Report up to ${limits.leakedTokens} tokens at once.` });
  }
  await services.scannerAttempts.check(origin.address);
  await services.scannerAttempts.countWrong(origin.address);
  const leaks = new Map<string, Leak>();
  for (const { token, type, url, source } of findings) {
    const digest = digestOf(token);
    const key = digest.toString('hex');
    if (isWellFormedToken(token) && !leaks.has(key)) {
      leaks.set(key, { digest, told: { type: told(type), url: told(url), source: told(source) } });
    }
  }
  const known = await revokeLeakedRows(services.database, [...leaks.values()], origin);
  await endVerdicts(services, known);
  const ours = new Set(known.map((digest) => Buffer.from(digest).toString('hex')));
  return findings.map(({ token }) => hexDigestOf(token)).map((tokenHash) => ({ tokenHash, isOurs: ours.has(tokenHash) }));
}
