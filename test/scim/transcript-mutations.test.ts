/**
 * The bodies that identity providers really send, damaged at random: refused or taken, but never a fault of ours, never half done,
 * and nothing reaches into JavaScript's own objects.
 */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { groupBody, SCIM_TYPE, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Sent {
  readonly method: string;
  readonly endpoint: '/Users' | '/Groups';
  readonly body: Json;
}
interface Step {
  readonly send: readonly [string, string] | string;
  readonly body?: Json;
}

const folder = new URL('../transcripts/', import.meta.url);

function sentIn(file: string): Sent[] {
  const { steps } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { steps: Step[] };
  return steps
    .filter(({ body }) => body !== undefined)
    .flatMap(({ send, body }) => {
      const [method = '', path = ''] = typeof send === 'string' ? send.split(' ') : send;
      const endpoint = /groups/i.test(path) ? '/Groups' : '/Users';
      return ['POST', 'PUT', 'PATCH'].includes(method) && typeof body === 'object' ? [{ method, endpoint, body }] : [];
    });
}

const recorded = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.json'))
  .flatMap(sentIn);

const scalar = fc.constantFrom<Json>(
  null,
  '',
  ' ',
  'x',
  '\0',
  '\ud800',
  'a\u0301',
  'true',
  'FALSE',
  0,
  -1,
  1e300,
  true,
  false,
  'x'.repeat(9000),
  '__proto__',
  'remove',
  'members',
);
const odd: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.constantFrom<Json>([], {}, [[]], [null], [{}], { value: null }, { value: {} }, { $ref: null }),
  fc.array(scalar, { maxLength: 3 }),
);
const key = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'id',
  'meta',
  'schemas',
  'groups',
  'version',
  'tenant_id',
  'userName',
  'active',
  'members',
  'path',
  'op',
  'value',
  'a.b.c',
  '$ref',
  '',
);

/** One damage: at a place chosen by `at`, a value is replaced, taken away, doubled, or put under another key. */
interface Damage {
  readonly at: number;
  readonly how: 'replace' | 'drop' | 'double' | 'rename' | 'wrap';
  readonly value: Json;
  readonly key: string;
}
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.nat(40),
  how: fc.constantFrom('replace', 'drop', 'double', 'rename', 'wrap'),
  value: odd,
  key,
});

/** Defines rather than assigns: `__proto__` must arrive as a key of its own, as JSON.parse makes it. */
const put = (object: object, name: string, value: Json) =>
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });

function places(value: Json): { holder: Json[] | { [key: string]: Json }; name: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((name) => [{ holder: value, name }, ...places((value as { [key: string]: Json })[name]!)]);
}

/** What is put in is a copy: a list damaged twice could otherwise be put into itself, and would damage the runs that follow. */
function apply(body: Json, { at, how, value, key: name }: Damage): void {
  const all = places(body);
  if (all.length === 0) return;
  const { holder, name: old } = all[at % all.length]!;
  const record = holder as { [key: string]: Json };
  if (how === 'replace') put(record, old, structuredClone(value));
  if (how === 'wrap') put(record, old, [record[old]!]);
  if (how === 'rename' && !Array.isArray(holder)) put(record, name, record[old]!); // a list with a constructor of its own could not be spliced
  if (how === 'double' && Array.isArray(holder)) holder.push(structuredClone(record[old]!));
  if (how === 'drop' && Array.isArray(holder)) holder.splice(Number(old), 1);
  else if (how === 'drop' || how === 'rename') delete record[old];
}

const builtIns = () =>
  [Object.prototype, Array.prototype, Function.prototype, String.prototype].map((builtIn) => Reflect.ownKeys(builtIn).map(String).join());

let tenant: Tenant;
const ids: Record<Sent['endpoint'], string> = { '/Users': '', '/Groups': '' };
beforeAll(async () => {
  tenant = await newTenant();
  ids['/Users'] = (await tenant.scim('POST', '/Users', userBody('target@x.com'))).body.id;
  ids['/Groups'] = (await tenant.scim('POST', '/Groups', groupBody('Target', [ids['/Users']]))).body.id;
});

/** The ids of a recording are those of the target here, so that the damage is what is wrong. */
const fill = (body: Json): Json => JSON.parse(JSON.stringify(body).replaceAll(/\{\{\w+\}\}/g, () => ids['/Users'])) as Json;

describe('damaged recordings', () => {
  test('there are enough of them', () => expect(recorded.length).toBeGreaterThan(30));

  test('are answered with sense, and what is refused changes nothing', { timeout: 1_800_000 }, async () => {
    const before = builtIns();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...recorded),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async ({ method, endpoint, body }, damages) => {
          const damaged = fill(body);
          for (const one of damages) apply(damaged, one);
          const path = `${endpoint}/${ids[endpoint]}`;
          const was = (await tenant.scim('GET', path)).text;
          const answer = await tenant.scim(method, method === 'POST' ? endpoint : path, damaged as object);
          expect([200, 201, 204, 400, 409], answer.text).toContain(answer.status);
          if (answer.status >= 400) {
            expect(answer.headers['content-type']).toMatch(SCIM_TYPE);
            expect((await tenant.scim('GET', path)).text).toBe(was);
          }
          if (answer.status === 201) await tenant.scim('DELETE', `${endpoint}/${answer.body.id}`);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
    expect(builtIns()).toEqual(before);
  });
});
