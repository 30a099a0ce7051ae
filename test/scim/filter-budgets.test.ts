/** How long, deep and unfinished a filter may be: at both doors, answered in words, whatever it is. */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectList, expectScimError, filtered, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
  expect(
    (
      await tenant.scim('POST', '/Users', {
        schemas: [USER],
        userName: 'only@x.com',
        title: 'CEO',
        emails: [{ value: 'a@x.com', type: 'work' }],
      })
    ).status,
  ).toBe(201);
});

const overGraphQL = (filter: string) => tenant.graphql('query ($filter: String) { users(filter: $filter) { totalCount } }', { filter });
const nested = (levels: number, open = '(', inner = 'id pr') => open.repeat(levels) + inner + ')'.repeat(levels);
const inARow = (terms: number) => Array.from({ length: terms }, () => 'id pr').join(' and ');
const ofLength = (length: number) => `title ne "${'x'.repeat(length - 11)}"`;

describe('enough is accepted', () => {
  test.each([
    ['16 parentheses', nested(16)],
    ['16 times not', nested(16, 'not (')],
    ['brackets in 15 parentheses', nested(15, '(', 'emails[type eq "work"]')],
    ['64 comparisons', inARow(64)],
    ['64 comparisons in brackets', `emails[${Array.from({ length: 64 }, () => 'value pr').join(' or ')}]`],
    ['4,096 characters', ofLength(4096)],
    ['thousands of wildcards', `not (title co "${'%_'.repeat(1900)}")`],
    ['thousands of backslashes', `not (title sw "${'\\\\'.repeat(1900)}")`],
    ['an id that is none, and long', `id ne "${'0'.repeat(4000)}"`],
  ])('%s', async (_, filter) => {
    expect(expectList(await tenant.scim('GET', filtered('/Users', filter)))).toHaveLength(1);
    expect((await overGraphQL(filter)).data).toEqual({ users: { totalCount: 1 } });
  });
});

describe('too much is refused with the position', () => {
  test.each([
    ['17 parentheses', nested(17), 17],
    ['17 times not', nested(17, 'not ('), 85],
    ['brackets in 16 parentheses', nested(16, '(', 'emails[type eq "work"]'), 23],
    ['65 comparisons', inARow(65), 64 * 10 + 4],
    ['4,097 characters', ofLength(4097), 4097],
    ['10,000 parentheses', '('.repeat(10_000), 4097],
    ['4,000 parentheses', '('.repeat(4000), 17],
    ['5,000 parentheses, closed', nested(5000), 4097],
    ['800 times not', 'not ('.repeat(800), 85],
    ['4,000 brackets', `emails${'['.repeat(4000)}`, 8],
    ['a quote never closed', `title eq "${'x'.repeat(4000)}`, 10],
    ['4,000 quotes', '"'.repeat(4000), 1],
    ['NUL', 'title eq "\0"', 10],
    ['NUL, escaped', 'title eq "\\u0000"', 10],
    ['half a surrogate pair', 'title co "\\udc00"', 10],
    ['a tab in a quote', 'title co "\t"', 10],
  ])('%s', async (_, filter, position) => {
    const answer = await tenant.scim('GET', filtered('/Users', filter));
    expectScimError(answer, 400, 'invalidFilter');
    expect(answer.body.detail).toMatch(new RegExp(`\\bposition ${position}:`));
    const { errors } = await overGraphQL(filter);
    expect(errors).toMatchObject([
      { extensions: { code: 'INVALID_FILTER' }, message: expect.stringMatching(new RegExp(`\\bposition ${position}:`)) },
    ]);
  });

  test('a hundred thousand parentheses, where no address limits them', async () => {
    for (const filter of ['('.repeat(100_000), 'not ('.repeat(100_000), `emails${'['.repeat(100_000)}`, 'id pr or '.repeat(10_000)]) {
      expect((await overGraphQL(filter)).errors).toMatchObject([{ extensions: { code: 'INVALID_FILTER' } }]);
    }
  });
});

test('a text that stops anywhere is a filter or is refused at or before its end', async () => {
  const whole =
    'not (title eq "a\\"b\\\\" or emails[type eq "work" and not (value co "\\u00e9")].display pr) and (active ne true or meta.created le 2026-01-31T10:00:00+01:00)';
  for (let length = 1; length <= whole.length; length += 1) {
    const filter = whole.slice(0, length);
    const answer = await tenant.scim('GET', filtered('/Users', filter));
    if (answer.status === 200) continue;
    expectScimError(answer, 400, 'invalidFilter');
    const [, position] = /at position (\d+): /.exec(answer.body.detail) ?? [];
    expect(Number(position), filter).toBeGreaterThanOrEqual(1);
    expect(Number(position), filter).toBeLessThanOrEqual(length + 1);
  }
});
