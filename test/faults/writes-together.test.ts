/**
 * Users and groups that are created or changed at the same moment, in one statement: each with its own answer, its own request and its own
 * record.
 */
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { openSession, type Session } from '../support/own-database.js';
import { groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

interface Record {
  readonly kind: string;
  readonly subjectId: string;
  readonly requestId: string;
  readonly version: number;
  readonly before: object | null;
  readonly after: { readonly userName?: string; readonly displayName?: string };
}

async function records(tenant: Tenant, kind: string): Promise<Record[]> {
  const { data } = await tenant.graphql(
    'query ($kind: String!) { changes(first: 1000, kinds: [$kind]) { nodes { kind subjectId requestId version before after } } }',
    { kind },
  );
  return data!['changes']!['nodes'] as Record[];
}

test.each([
  ['/Users', 'USER_CREATED', (name: string) => userBody(`${name}@x.com`), 'userName'],
  ['/Groups', 'GROUP_CREATED', (name: string) => groupBody(name, []), 'displayName'],
] as const)('made: %s', async (path, kind, bodyOf, attribute) => {
  const tenant = await newTenant();
  const names = Array.from({ length: 30 }, (_, at) => `together-${at}`);
  // Each name twice, the second time in capitals: whichever comes first has it.
  const wanted = [...names, ...names.map((name) => name.toUpperCase())].toSorted(() => Math.random() - 0.5);
  const answers = await Promise.all(wanted.map((name) => tenant.scim('POST', path, bodyOf(name), { 'x-request-id': `request-${name}` })));

  const made = answers.flatMap(({ status, body }, at) => (status === 201 ? [{ name: wanted[at]!, id: body.id, body }] : []));
  expect(made.map(({ name }) => name.toLowerCase()).toSorted()).toEqual(names.toSorted());
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(30);
  for (const { body } of answers.filter(({ status }) => status === 409)) expect(body).toMatchObject({ scimType: 'uniqueness' });

  await expect.poll(async () => (await records(tenant, kind)).length, { timeout: 20_000 }).toBe(30);
  const recorded = new Map((await records(tenant, kind)).map((one) => [one.subjectId, one]));
  for (const { name, id, body } of made) {
    expect(recorded.get(id)).toMatchObject({
      kind,
      requestId: `request-${name}`,
      version: 1,
      before: null,
      after: { [attribute]: body[attribute] },
    });
    expect((await tenant.scim('GET', `${path}/${id}`)).body[attribute]).toBe(body[attribute]);
  }
});

describe('changed', () => {
  const people = async (tenant: Tenant, count: number) =>
    (
      await Promise.all(
        Array.from({ length: count }, (_, at) => tenant.scim('POST', '/Users', userBody(`changed-${at}@x.com`, { title: 'Before' }))),
      )
    ).map(({ body }) => body.id);

  test('many users: each as its own request says', async () => {
    const tenant = await newTenant();
    const ids = await people(tenant, 30);
    const unknown = '01890a5d-ac96-774b-bcce-b302099a8057';
    const answers = await Promise.all(
      [...ids, unknown].map((id) =>
        tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: `Title ${id}` }), {
          'x-request-id': `change-${id}`,
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([...ids.map(() => 200), 404]);
    for (const [at, id] of ids.entries()) expect(answers[at]!.body).toMatchObject({ id, title: `Title ${id}`, meta: { version: 'W/"2"' } });
    await expect.poll(async () => (await records(tenant, 'USER_UPDATED')).length, { timeout: 20_000 }).toBe(30);
    for (const { subjectId, requestId, version, before, after } of await records(tenant, 'USER_UPDATED')) {
      expect({ requestId, version, before, after }).toEqual({
        requestId: `change-${subjectId}`,
        version: 2,
        before: { title: 'Before' },
        after: { title: `Title ${subjectId}` },
      });
    }
  });

  test('many users, one of which somebody else holds: it alone is refused', async () => {
    const tenant = await newTenant();
    const ids = await people(tenant, 6);
    const { query } = await world();
    await query?.('begin');
    await query?.(`select id from app_user where id = '${ids[2]}' for update`);
    const answers = await Promise.all(
      ids.map((id) => tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: 'After' }))),
    );
    await query?.('rollback');
    expect(answers.map(({ status }) => status)).toEqual(ids.map((_, at) => (query && at === 2 ? 503 : 200)));
    const titles = await Promise.all(ids.map(async (id) => (await tenant.scim('GET', `/Users/${id}`)).body['title']));
    expect(titles).toEqual(ids.map((_, at) => (query && at === 2 ? 'Before' : 'After')));
  });

  test('one user, by requests that call themselves the same: no change is lost', async () => {
    const tenant = await newTenant();
    const [id] = await people(tenant, 1);
    const numbers = Array.from({ length: 20 }, (_, at) => `+44 20 ${at}`);
    const add = (value: string) =>
      tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'add', path: 'phoneNumbers', value: [{ value, type: 'work' }] }), {
        'x-request-id': 'the-same',
      });
    expect((await Promise.all(numbers.map(add))).map(({ status }) => status)).toEqual(numbers.map(() => 200));
    const { body } = await tenant.scim('GET', `/Users/${id}`);
    expect((body['phoneNumbers'] as { value: string }[]).map(({ value }) => value).toSorted()).toEqual(numbers.toSorted());
    expect(body.meta).toMatchObject({ version: 'W/"21"' });
    await expect
      .poll(async () => (await records(tenant, 'USER_UPDATED')).map(({ version }) => version).toSorted((one, other) => one - other), {
        timeout: 20_000,
      })
      .toEqual(numbers.map((_, at) => at + 2));
  });
});

describe.runIf(inject('world') === 'network')('counted', () => {
  /**
   * A session that counts where the core's does that has added a user just now: by the number of its process, which is the next one each
   * time.
   */
  async function sessionLikeTheLast(): Promise<Session> {
    const { query, databaseUrl } = await world();
    const [last] = await query!(
      'select pid % 64 as place from pg_stat_activity where datname = current_database() and query like \'%insert into "app_user"%\' and pid <> pg_backend_pid() order by query_start desc limit 1',
    );
    for (;;) {
      const session = await openSession(databaseUrl!);
      const [own] = await session.query('select pg_backend_pid() % 64 as place');
      if (own!['place'] === last!['place']) return session;
      await session.end();
    }
  }

  test('while somebody who counts in the same place is not done; the total is exact', { timeout: 30_000 }, async () => {
    const tenant = await newTenant();
    const add = (name: string) => tenant.scim('POST', '/Users', userBody(`${name}@x.com`));
    const {
      body: { id: first },
    } = await add('first');
    const other = await sessionLikeTheLast();
    onTestFinished(() => other.end());
    await other.query('begin');
    await other.query(
      `insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded) select '${tenant.id}', gen_random_uuid(), 'other' || n, 'other' || n, '{}', '{}' from generate_series(1, 3) as n`,
    );
    expect((await add('second')).status).toBe(201);
    expect((await tenant.scim('DELETE', `/Users/${first}`)).status).toBe(204);
    expect(await Promise.all(Array.from({ length: 20 }, async (_, at) => (await add(`many-${at}`)).status))).toEqual(
      Array.from({ length: 20 }, () => 201),
    );
    await other.query(`delete from app_user where tenant_id = '${tenant.id}' and user_name_key = 'other1'`);
    await other.query('commit');
    expect((await tenant.scim('GET', '/Users?count=0')).body['totalResults']).toBe(23);
    expect((await add('last')).status).toBe(201);
    expect((await tenant.scim('GET', '/Users?count=0')).body['totalResults']).toBe(24);
  });
});
