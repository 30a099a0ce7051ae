/** The space of tokens: no two are the same, a typing error is never one, and what is none is refused without asking anybody. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWellFormedToken, newClientSecret, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { tokenVerifier } from '../../services/identity/domain/tokens/token-verifier.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { memoryTokenCache, type TokenCache } from '../../services/identity/store/redis/token-cache.js';
import { FUZZ_RUNS } from '../support/world.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

/** A million by FUZZ_RUNS=20000. */
const TOKENS = Math.min(1_000_000, FUZZ_RUNS * 50);
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const letter = () => ALPHABET[randomInt(62)]!;

let own: OwnStore;
let database: Database;
let questions = 0;
let verify: (token: string) => Promise<unknown>;

const counting = <Service extends object>(service: Service): Service =>
  new Proxy(service, {
    get: (target, name, receiver) => {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        questions += 1;
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });

beforeAll(async () => {
  own = await createOwnEmbedded();
  database = await openDatabase(own.location);
  const verifier = tokenVerifier(counting<Database>(database), counting<TokenCache>(memoryTokenCache()));
  verify = (token) => verifier.verify(token);
}, 120_000);
afterAll(async () => {
  await database.close();
  await own.drop();
});

test(`${TOKENS} tokens are all different and well-formed`, { timeout: 600_000 }, () => {
  const all = new Set<string>();
  for (let at = 0; at < TOKENS; at += 1) {
    const token = newToken();
    if (!isWellFormedToken(token)) expect(token).toBe('well-formed');
    all.add(token);
  }
  expect(all.size).toBe(TOKENS);
});

test(`${TOKENS} tokens with one letter wrong, or two swapped, are none, and nobody is asked about them`, { timeout: 600_000 }, async () => {
  let token = newToken();
  questions = 0;
  for (let at = 0; at < TOKENS; at += 1) {
    if (at % 10 === 0) token = newToken();
    const place = randomInt(token.length);
    const wrong = token.slice(0, place) + letter() + token.slice(place + 1);
    const next = Math.min(place, token.length - 2);
    const swapped = token.slice(0, next) + token[next + 1] + token[next] + token.slice(next + 2);
    for (const other of [wrong, swapped]) if (other !== token && (await verify(other))) expect(other).toBe('refused');
  }
  expect(questions).toBe(0);
});

test(`${TOKENS} made-up texts of the shape are none, and nobody is asked about them`, { timeout: 600_000 }, async () => {
  questions = 0;
  let passed = 0;
  for (let at = 0; at < TOKENS; at += 1) {
    const text = `condeco_${Array.from({ length: 49 }, letter).join('')}`;
    if (isWellFormedToken(text)) passed += 1;
    else await verify(text);
  }
  expect(passed).toBe(0); // one in 2^32 by design
  expect(questions).toBe(0);
});

test.each([
  '',
  'condeco_',
  newClientSecret(),
  ` ${newToken()}`,
  `${newToken()}\n`,
  newToken().toUpperCase(),
  `${newToken()}${newToken()}`,
  'x'.repeat(1_000_000),
])('a text that is no token is refused without a question', async (text) => {
  questions = 0;
  expect(await verify(text)).toBeUndefined();
  expect(questions).toBe(0);
});

test('a well-formed one is asked about', async () => {
  questions = 0;
  expect(await verify(newToken())).toBeUndefined();
  expect(questions).toBeGreaterThan(1);
});
