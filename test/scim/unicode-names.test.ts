/**
 * User names that are one name in other code points: one user for each, whatever the locale of the database; and what is no text is
 * refused.
 */
import { expect, test } from 'vitest';
import { fold } from '../../schema/fold.js';
import { expectScimError, filtered, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant } from '../support/world.js';

const PAIRS = Math.min(500, FUZZ_RUNS / 2);
const AT_ONCE = 20;

/** Every so many of the code points that are another one's other form, of all there are. */
function pairs(): [string, string][] {
  const points = Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point)).filter((text) => text.isWellFormed());
  const all = points.flatMap((text): [string, string][] => (fold(text) === text ? [] : [[text, fold(text)]]));
  const one = new Map(all.map((pair) => [pair[1], pair])); // one of each class
  const step = Math.floor(one.size / PAIRS);
  return [...one.values()].filter((_, index) => index % step === 0).slice(0, PAIRS);
}

test('of two forms of a name one is a user, the other a 409; both find the user', { timeout: 120_000 }, async () => {
  const tenant = await newTenant();
  const chosen = pairs();
  expect(chosen).toHaveLength(PAIRS);
  const tryPair = async (forms: [string, string]) => {
    const [first, second] = [`q${forms[0]}w@x.com`, `q${forms[1]}w@x.com`];
    const code = forms[0].codePointAt(0)!.toString(16);
    const {
      status,
      body: { id, userName },
    } = await tenant.scim('POST', '/Users', userBody(first));
    expect([status, userName], code).toEqual([201, first]);
    expectScimError(await tenant.scim('POST', '/Users', userBody(second)), 409, 'uniqueness');
    for (const name of [first, second]) {
      const { body } = await tenant.scim('GET', filtered('/Users', `userName eq ${JSON.stringify(name)}`));
      expect(
        body.Resources.map((found) => found.id),
        code,
      ).toEqual([id]);
    }
  };
  for (let from = 0; from < PAIRS; from += AT_ONCE) await Promise.all(chosen.slice(from, from + AT_ONCE).map(tryPair));
  expect((await tenant.scim('GET', '/Users?count=0')).body.totalResults).toBe(PAIRS);
});

test('what only looks like the name is another name, and comes back as it was sent', async () => {
  const tenant = await newTenant();
  const names = [
    'ann@x.com',
    'ann\u200B@x.com',
    '\u202Eann@x.com',
    'ann\u2060@x.com',
    'ann\uFEFF@x.com',
    'аnn@x.com',
    'anı@x.com',
    'ani@x.com',
    'anİ@x.com',
    'ſan@x.com',
    'san@x.com',
  ];
  for (const name of names) expect((await tenant.scim('POST', '/Users', userBody(name))).body.userName).toBe(name);
  for (const name of names) {
    expect(
      (await tenant.scim('GET', filtered('/Users', `userName eq ${JSON.stringify(name)}`))).body.Resources.map(({ userName }) => userName),
    ).toEqual([name]);
  }
});

test.each(['"a\\u0000b@x.com"', '"a\\ud800b@x.com"', '"\\udc00@x.com"'])('%s is no name', async (text) => {
  const tenant = await newTenant();
  expectScimError(await tenant.scim('POST', '/Users', `{"userName":${text}}`), 400, 'invalidValue');
  const {
    body: { id },
  } = await tenant.scim('POST', '/Users', userBody('there@x.com'));
  expectScimError(
    await tenant.scim('PATCH', `/Users/${id}`, `{"Operations":[{"op":"replace","path":"userName","value":${text}}]}`),
    400,
    'invalidValue',
  );
});
