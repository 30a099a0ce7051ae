/** How PostgreSQL reads a feed of many records: from indexes, whatever is asked for, touching few rows more than it answers. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type FeedQuery, MOST_EXAMINED, readFeed } from '../../services/identity/store/changes/change-feed.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { type Explained, explained } from './explained.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const OTHER = '22222222-2222-7222-8222-222222222222';
const CROWDED = '33333333-3333-7333-8333-333333333333';
const RECORDS = 200_000;
const SUBJECT = '01900000-0000-7000-8000-000000000007';

const MEMBER = '01900000-0000-7000-8000-00000000aaaa';

/** One in fifty is about members. One in two is of the other tenant, one in a thousand is about a token, the times are a second apart. */
const seed = `insert into change (tenant_id, place, transaction_id, at, kind, subject_type, subject_id, version, after, door, request_id)
  select case when n % 2 = 0 then '${TENANT}'::uuid else '${OTHER}' end, n, '1', '2026-01-01'::timestamptz + make_interval(secs => n),
    case when n % 1000 < 2 then 'TOKEN_ISSUED' when n % 20000 < 4 then 'USER_DELETED' when n % 50 < 2 then 'GROUP_MEMBERS_CHANGED' else 'USER_UPDATED' end,
    case when n % 1000 < 2 then 'TOKEN' when n % 20000 < 4 then 'USER' when n % 50 < 2 then 'GROUP' else 'USER' end,
    ('01900000-0000-7000-8000-' || lpad(to_hex(n % 5000), 12, '0'))::uuid, 2,
    jsonb_build_object('title', 'title ' || n, 'members', jsonb_build_array(case when n % 40000 = 50 then '${MEMBER}' else 'another' end)), 'scim', 'request' || n
  from generate_series(1, ${RECORDS}) as n`;

const CROWDS = 900;
/** Of a tenant of its own: each names a thousand, 40 KB, and the first and the last of them one more. */
const seedOfCrowds = `insert into change (tenant_id, place, transaction_id, kind, subject_type, subject_id, version, before, after, door, request_id)
  select '${CROWDED}', n, '1', 'GROUP_MEMBERS_CHANGED', 'GROUP', '${SUBJECT}', n, '{"members": []}',
    jsonb_build_object('members', crowd || case when n in (1, ${CROWDS}) then '["${MEMBER}"]'::jsonb else '[]' end), 'scim', 'request' || n
  from generate_series(1, ${CROWDS}) as n, (select jsonb_agg(md5(m::text) || 'abcd') as crowd from generate_series(1, 1000) as m) as crowds`;

let own: OwnDatabase | undefined;
let database: Database;
let statements: Explained;

async function read(query: Partial<FeedQuery>) {
  statements.forget();
  const page = await readFeed(statements, { tenantId: TENANT, isBackward: false, limit: 100, operators: TENANT, ...query });
  return { ...page, ...statements.look() };
}
const at = (place: number) => ({ place: String(place), sequence: '0' });
const time = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

describe.runIf(inject('world') === 'network')('a feed of many', () => {
  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
    database = await openDatabase({ kind: 'postgresql', url: own.url });
    statements = explained(database);
    await own.query(seed);
    await own.query(seedOfCrowds);
    await own.query('vacuum analyze change');
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  const everyone = { tenantId: undefined };
  test.each<[string, Partial<FeedQuery>, number, RegExp]>([
    ['the first page', {}, 100, /change_pkey/],
    ['a page far behind', { from: at(150_000) }, 100, /change_pkey/],
    ['the newest', { isBackward: true }, 100, /change_pkey/],
    ['those before a place', { isBackward: true, from: at(90_000) }, 100, /change_pkey/],
    ['those of a subject', { subjectId: SUBJECT.replace('7', '8').replace(/7$/, '8') }, 0, /change_of_subject/],
    ['those of a subject, far behind', { subjectId: '01900000-0000-7000-8000-000000000008', from: at(100_000) }, 20, /change_of_subject/],
    ['those about tokens', { kinds: ['TOKEN_ISSUED'], from: at(20_000) }, 100, /change_of_settings/],
    ['those about a type of settings', { subjectType: 'CLIENT' }, 0, /change_of_settings/],
    ['an operator, all', { ...everyone, from: at(120_000) }, 100, /change_in_order/],
    ['an operator, the newest', { ...everyone, isBackward: true }, 100, /change_in_order/],
    ['an operator, those about tokens', { ...everyone, kinds: ['TOKEN_ISSUED'], from: at(120_000) }, 100, /change_of_settings_in_order/],
  ])('%s', async (_, query, expected, index) => {
    const { records, rows, ways } = await read(query);
    expect(records).toHaveLength(expected);
    expect(ways.join()).toMatch(index);
    expect(ways.join()).not.toMatch(/Seq Scan change(?:,|$)/);
    expect(rows, ways.join()).toBeLessThan(700);
  });

  test.each<[string, Partial<FeedQuery>, string, string]>([
    ['since a time', { since: time(150_000) }, time(150_000), time(150_198)],
    ['until a time, the newest first', { until: time(120_000), isBackward: true }, time(119_800), time(119_998)],
    ['between two times', { since: time(60_000), until: time(60_101) }, time(60_000), time(60_100)],
  ])('%s: found by halving, and no more than the hour around it is looked at', async (_, query, first, last) => {
    const { records, rows, ways } = await read(query);
    expect([records[0]!.at, records.at(-1)!.at]).toEqual([first, last]);
    expect(ways.join()).not.toMatch(/Seq Scan change(?:,|$)/);
    expect(rows, ways.join()).toBeLessThan(MOST_EXAMINED + 1_000);
  });

  test('who joined and left: the changes of members are looked at, and no others', async () => {
    for (const isBackward of [false, true]) {
      const { records, rows, ways, goesOn } = await read({ memberId: MEMBER, isBackward });
      expect(records.map(({ place }) => Number(place))).toEqual([50, 40_050, 80_050, 120_050, 160_050]);
      expect(goesOn).toBe(false);
      expect(ways.join()).toMatch(/change_of_members/);
      expect(ways.join()).not.toMatch(/Seq Scan change(?:,|$)/);
      expect(rows, ways.join()).toBeLessThan(RECORDS / 50 + 100);
    }
  });

  test('who joined and left, where the changes name very many: so much is unpacked for a page and no more; the cursor goes on from there', async () => {
    for (const isBackward of [false, true]) {
      const first = await read({ tenantId: CROWDED, memberId: MEMBER, isBackward });
      expect(first.records.map(({ version }) => version)).toEqual([isBackward ? CROWDS : 1]);
      expect(first.goesOn).toBe(true);
      expect(first.ways.join()).toMatch(/change_of_members/);
      const rest = await read({ tenantId: CROWDED, memberId: MEMBER, isBackward, from: first.reached });
      expect(rest.records.map(({ version }) => version)).toEqual([isBackward ? 1 : CROWDS]);
      expect(rest.goesOn).toBe(false);
    }
  });

  test('what is rare among the others is looked for so far and no further; the cursor goes on from there', async () => {
    const first = await read({ kinds: ['USER_DELETED'] });
    expect(first.goesOn).toBe(true);
    expect(first.rows, first.ways.join()).toBeLessThan(MOST_EXAMINED + 1_000);
    let [from, found] = [first.reached, first.records.length];
    for (let pages = 1; pages < 20; pages += 1) {
      const page = await read({ kinds: ['USER_DELETED'], from });
      found += page.records.length;
      from = page.reached;
      if (!page.goesOn) break;
    }
    const [row] = await own!.query(`select count(*) as total from change where tenant_id = '${TENANT}' and kind = 'USER_DELETED'`);
    expect(found).toBe(Number(row!['total']));
  });
});
