/** Users and groups in one list, ordered by values that are no text (RFC 7644, 3.4.2.1 and 3.4.2.3): no page loses what another has. */
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, declared } from '../support/extensions.js';
import { expectCursorPage, expectList, groupBody, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const BADGES = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';
const TEAMS = 'urn:acme:params:scim:schemas:extension:teams:2.0:Group';

const badges = [
  { level: 9, weight: 9.5, since: '2026-03-01T00:00:00Z', remote: true, shelf: 9, id: 'b' },
  { level: 10, weight: 10, since: '2026-02-01T00:00:00.5Z', remote: false, shelf: 10, id: 'a' },
  { level: 11, weight: 9.25, since: '2026-02-01T00:00:00Z', remote: true, shelf: 11 },
  { level: -100, weight: -0.5, since: '2025-12-31T23:00:00-02:00', remote: false, shelf: 100 },
  { level: 100, weight: 1e20, remote: true },
  {},
];

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
  await declared(tenant, {
    id: BADGES,
    attributes: [
      attribute('level', { type: 'integer' }),
      attribute('weight', { type: 'decimal' }),
      attribute('since', { type: 'dateTime' }),
      attribute('remote', { type: 'boolean' }),
      attribute('shelf', { type: 'integer' }),
      attribute('id'),
    ],
  });
  await declared(
    tenant,
    {
      id: TEAMS,
      attributes: [
        attribute('level', { type: 'decimal' }),
        attribute('weight', { type: 'integer' }),
        attribute('shelf'),
        attribute('remote'),
      ],
    },
    { resource: 'GROUP' },
  );
  const create = async (path: string, body: object) => expect((await tenant.scim('POST', path, body)).status).toBe(201);
  for (const [index, badge] of badges.entries()) await create('/Users', userBody(`user-${index}@x.com`, { [BADGES]: badge }));
  const teams = [{ level: 10.5, weight: 3, shelf: '10b', remote: 'maybe' }, { level: 9.5, weight: 20, shelf: 'z', remote: 'falsely' }, {}];
  for (const [index, team] of teams.entries()) await create('/Groups', groupBody(`Team ${index}`, [], { [TEAMS]: team }));
});

interface Found {
  readonly id: string;
  readonly [BADGES]?: Record<string, unknown>;
  readonly [TEAMS]?: Record<string, unknown>;
}

/** The values, in the order of the list; null for all that have none. */
function valuesOf(found: readonly unknown[], sortBy: string): unknown[] {
  const name = sortBy.split(':').at(-1)!;
  const urns = ([BADGES, TEAMS] as const).filter((urn) => name === sortBy || sortBy.startsWith(urn));
  return (found as readonly Found[]).map(
    (resource) => urns.map((urn) => resource[urn]?.[name]).find((value) => value !== undefined) ?? null,
  );
}
const idsOf = (found: readonly unknown[]): string[] => (found as readonly Found[]).map(({ id }) => id);

const nothing = (count: number): null[] => Array.from({ length: count }, () => null);
const since = ['2026-01-01T01:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-02-01T00:00:00.500Z', '2026-03-01T00:00:00.000Z'];

describe.each<[string, string, unknown[]]>([
  ['an integer that users alone have', `${BADGES}:level`, [-100, 9, 10, 11, 100, ...nothing(4)]],
  ['an integer beside a decimal', 'level', [-100, 9, 9.5, 10, 10.5, 11, 100, ...nothing(2)]],
  ['a decimal beside an integer', 'weight', [-0.5, 3, 9.25, 9.5, 10, 20, 1e20, ...nothing(2)]],
  ['a time', `${BADGES}:since`, [...since, ...nothing(5)]],
  ['a flag', `${BADGES}:remote`, [false, false, true, true, true, ...nothing(4)]],
  ['a text that is called id', `${BADGES}:id`, ['a', 'b', ...nothing(7)]],
  ['an integer beside a text', 'shelf', [10, 100, '10b', 11, 9, 'z', ...nothing(3)]],
  ['a flag beside a text', 'remote', [false, false, 'falsely', 'maybe', true, true, true, ...nothing(2)]],
])('%s', (_, sortBy, ascending) => {
  test.each(['ascending', 'descending'])('%s: the whole list, and every page of it', async (sortOrder) => {
    const list = (more: string) => tenant.scim('GET', `/?sortBy=${sortBy}&sortOrder=${sortOrder}${more}`);
    const all = expectList(await list(''));
    expect(valuesOf(all, sortBy)).toEqual(sortOrder === 'ascending' ? ascending : ascending.toReversed());

    const numbered = [];
    for (let startIndex = 1; startIndex <= 9; startIndex += 2) {
      numbered.push(...expectList(await list(`&count=2&startIndex=${startIndex}`)));
    }
    expect(idsOf(numbered)).toEqual(idsOf(all));

    const there = [await list('&count=2&cursor=')];
    while (there.at(-1)!.body.nextCursor) there.push(await list(`&count=2&cursor=${there.at(-1)!.body.nextCursor!}`));
    expect(there.flatMap((page) => idsOf(expectCursorPage(page)))).toEqual(idsOf(all));
    const back = [there.at(-1)!];
    while (back[0]!.body.previousCursor) back.unshift(await list(`&count=2&cursor=${back[0]!.body.previousCursor}`));
    expect(back.flatMap((page) => idsOf(expectCursorPage(page)))).toEqual(idsOf(all));
  });
});
