/** What processes know of tokens, ended: from then on nobody goes by what was before. All of it is to be called after the commit. */
import { liveTokenDigests } from '../../store/tokens/token-rows.js';
import { toTheEnd } from '../current-request.js';
import type { Services } from '../services.js';

/** No process goes by what it knew of these tokens once this has resolved. Fails with UNAVAILABLE: then repeat what ended them. */
export const endVerdicts = (services: Pick<Services, 'tokenCache'>, digests: readonly Uint8Array[]): Promise<void> =>
  services.tokenCache.revoke(digests.map((digest) => Buffer.from(digest).toString('hex')));

/**
 * What travels with the tenant's tokens has changed: no process goes on telling the old once this has resolved. Fails with UNAVAILABLE:
 * then repeat what was decided.
 */
export const endVerdictsOfTenant = (services: Pick<Services, 'database' | 'tokenCache'>, tenantId: string): Promise<void> =>
  toTheEnd(async () => {
    const ends: Promise<void>[] = [];
    // Each takes a moment in which nothing is done: they wait beside each other, and all are heard of in the end.
    for await (const digests of liveTokenDigests(services.database, tenantId)) {
      const end = endVerdicts(services, digests);
      end.catch(() => undefined);
      ends.push(end);
    }
    await Promise.all(ends);
  });

/** From when on everybody acts on what was decided: from now on. ISO 8601. */
export const effectiveNow = (): string => new Date().toISOString();
