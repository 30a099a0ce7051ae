/** Many requests with one token are one question, but never one that may have been answered before the request came. */
import { expect, test } from 'vitest';
import { newToken } from '../../services/identity/domain/tokens/token-format.js';
import { tokenVerifier } from '../../services/identity/domain/tokens/token-verifier.js';
import type { Database } from '../../services/identity/store/connection/database.js';
import type { Verdict } from '../../services/identity/store/redis/token-cache.js';

const VERDICT: Verdict = {
  tenantId: '11111111-1111-7111-8111-111111111111',
  tokenId: '22222222-2222-7222-8222-222222222222',
  clientId: null,
  audience: 'scim',
  scopes: [],
  policies: {} as Verdict['policies'],
  networks: [],
  tenantNetworks: [],
  expiresAt: Date.now() + 60_000,
};

/** A verifier before a cache that looks when it is asked, and whose answers are on the way until they are let go; the database knows no token. */
function withSlowCache() {
  let held: Verdict | undefined = VERDICT;
  const onTheWay: (() => void)[] = [];
  const verifier = tokenVerifier({ run: () => Promise.resolve([]) } as unknown as Database, {
    get: () => {
      const found = held;
      return new Promise((resolve) => onTheWay.push(() => resolve(found)));
    },
    reserve: () => Promise.resolve(() => Promise.resolve()),
    revoke: () => Promise.resolve(),
  });
  const token = newToken();
  return {
    onTheWay,
    verify: () => verifier.verify(token),
    end: () => {
      held = undefined;
    },
  };
}

test('who comes after the token has ended does not hear what was found before', async () => {
  const { onTheWay, verify, end } = withSlowCache();
  const early = verify();
  await expect.poll(() => onTheWay.length).toBe(1);
  end();
  const late = [verify(), verify()];
  onTheWay[0]!();
  expect(await early).toEqual(VERDICT);
  await expect.poll(() => onTheWay.length).toBe(2);
  onTheWay[1]!();
  expect(await Promise.all(late)).toEqual([undefined, undefined]);
  expect(onTheWay).toHaveLength(2); // one question for both
});

test('nor where the question before is one that has waited itself', async () => {
  const { onTheWay, verify, end } = withSlowCache();
  const first = verify();
  await expect.poll(() => onTheWay.length).toBe(1);
  const second = verify();
  onTheWay[0]!();
  await expect.poll(() => onTheWay.length).toBe(2);
  end();
  const late = verify();
  onTheWay[1]!();
  expect(await Promise.all([first, second])).toEqual([VERDICT, VERDICT]);
  await expect.poll(() => onTheWay.length).toBe(3);
  onTheWay[2]!();
  expect(await late).toBeUndefined();
});
