/** Writes that are done once however often they are sent, and writes that are only rehearsed; through both doors. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE, expectScimError, filtered, groupBody, memberIds, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const DRY_RUN = 'urn:condeco:params:scim:api:messages:2.0:DryRun';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

const key = (text: string) => ({ 'idempotency-key': text });
const found = async (userName: string) => (await tenant.scim('GET', filtered('/Users', `userName eq "${userName}"`))).body.totalResults;
const createUser = async (userName: string, over: object = {}) => (await tenant.scim('POST', '/Users', userBody(userName, over))).body;

describe('Idempotency-Key', () => {
  test('answers the same POST again as it did at first, though the user has changed since', async () => {
    const first = await tenant.scim('POST', '/Users', userBody('key@x.com'), key('post-1'));
    expect(first.status).toBe(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    await tenant.scim('PATCH', `/Users/${first.body.id}`, patchOp({ op: 'replace', path: 'title', value: 'Later' }));
    const again = await tenant.scim('POST', '/Users', userBody('key@x.com'), key('"post-1"'));
    expect(again.status).toBe(201);
    expect(again.text).toBe(first.text);
    expect(again.headers).toMatchObject({
      location: first.headers['location'],
      etag: first.headers['etag'],
      'idempotency-replayed': 'true',
    });
  });

  test('of another body, or of another request, is 422', async () => {
    await tenant.scim('POST', '/Users', userBody('mismatch@x.com'), key('mismatch'));
    expectScimError(await tenant.scim('POST', '/Users', userBody('another@x.com'), key('mismatch')), 422);
    expectScimError(await tenant.scim('POST', '/Groups', groupBody('Mismatch'), key('mismatch')), 422);
    expect(await found('another@x.com')).toBe(0);
  });

  test('works for PATCH, PUT, DELETE and members, and moves nothing twice', async () => {
    const { id } = await createUser('every@x.com');
    const {
      body: { id: groupId },
    } = await tenant.scim('POST', '/Groups', groupBody('Every'));
    const twice = async (...[method, path, body, headers]: Parameters<Tenant['scim']>) => {
      const [first, second] = [await tenant.scim(method, path, body, headers), await tenant.scim(method, path, body, headers)];
      expect(second.text).toBe(first.text);
      expect(second.status).toBe(first.status);
      expect(second.headers['idempotency-replayed']).toBe('true');
      return first.status;
    };
    expect(await twice('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: 'T' }), key('patch'))).toBe(200);
    expect(await twice('PUT', `/Users/${id}`, userBody('every@x.com', { title: 'U' }), key('put'))).toBe(200);
    expect(
      await twice('PATCH', `/Groups/${groupId}`, patchOp({ op: 'add', path: 'members', value: [{ value: id }] }), key('members')),
    ).toBe(204);
    expect((await tenant.scim('GET', `/Groups/${groupId}`)).body.meta.version).toBe('W/"2"');
    expect(await twice('DELETE', `/Users/${id}`, undefined, key('delete'))).toBe(204);
  });

  test('is free again where the request was refused', async () => {
    expectScimError(
      await tenant.scim('POST', '/Users', userBody('refused@x.com', { active: 'maybe' }), key('refused')),
      400,
      'invalidValue',
    );
    expectScimError(await tenant.scim('POST', '/Users', userBody('key@x.com'), key('refused')), 409, 'uniqueness');
    expect((await tenant.scim('POST', '/Users', userBody('refused@x.com'), key('refused'))).status).toBe(201);
  });

  test("is the tenant's own", async () => {
    const other = await newTenant();
    await tenant.scim('POST', '/Users', userBody('own@x.com'), key('own'));
    const answer = await other.scim('POST', '/Users', userBody('own@x.com'), key('own'));
    expect(answer.status).toBe(201);
    expect(answer.headers['idempotency-replayed']).toBeUndefined();
  });

  test('of many at once is done once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => tenant.scim('POST', '/Users', userBody('race@x.com'), key('race'))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(await found('race@x.com')).toBe(1);
  });

  test.each(['', ' ', 'ä', 'x'.repeat(256), 'a b'])('%j is none', async (text) => {
    expectScimError(
      await tenant.scim('POST', '/Users', userBody('odd-key@x.com'), key(Buffer.from(text).toString('latin1'))),
      400,
      'invalidValue',
    );
  });

  test('expires after a day', async () => {
    const { query } = await world();
    if (!query) return;
    await tenant.scim('POST', '/Users', userBody('expires@x.com'), key('expires'));
    await query(`update idempotency_key set expires_at = now() - interval '1 second' where key = 'expires'`);
    expectScimError(await tenant.scim('POST', '/Users', userBody('expires@x.com'), key('expires')), 409, 'uniqueness');
  });

  test('in GraphQL, with what came of it', async () => {
    const mutation =
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id userName } replayed changes { kind } userErrors { code } } }';
    const create = async (userName: string) =>
      (await tenant.graphql(mutation, { input: { user: { userName }, idempotencyKey: 'graphql-1' } })).data!['createUser'];
    const first = await create('graphql@x.com');
    expect(first).toMatchObject({ user: { userName: 'graphql@x.com' }, replayed: false, changes: null, userErrors: [] });
    expect(await create('graphql@x.com')).toEqual({ ...first, replayed: true });
    expect(await create('graphql-2@x.com')).toMatchObject({ user: null, replayed: false, userErrors: [{ code: 'IDEMPOTENCY_MISMATCH' }] });
  });
});

test('without a key a repeated create is refused with the id of who is there', async () => {
  const { id } = await createUser('repeated@x.com');
  const { body: group } = await tenant.scim('POST', '/Groups', groupBody('Repeated'));
  expect((await tenant.scim('POST', '/Users', userBody('REPEATED@x.com'))).body).toMatchObject({
    status: '409',
    scimType: 'uniqueness',
    detail: expect.stringContaining(id),
  });
  expect((await tenant.scim('POST', '/Groups', groupBody('repeated'))).body.detail).toContain(group.id);
  const other = await createUser('renamed@x.com');
  expect(
    (await tenant.scim('PATCH', `/Users/${other.id}`, patchOp({ op: 'replace', path: 'userName', value: 'repeated@x.com' }))).body.detail,
  ).toContain(id);
});

describe('Prefer: dry-run', () => {
  const rehearse = (method: string, path: string, body?: object) => tenant.scim(method, path, body, { prefer: 'respond-async, dry-run' });

  test('of a creation', async () => {
    const answer = await rehearse('POST', '/Users', userBody('rehearsed@x.com'));
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ 'preference-applied': 'dry-run' });
    expect(answer.headers['location']).toBeUndefined();
    expect(answer.body).toMatchObject({
      schemas: [DRY_RUN],
      status: '201',
      resource: { userName: 'rehearsed@x.com' },
      changes: [{ kind: 'USER_CREATED', after: { userName: 'rehearsed@x.com' } }],
    });
    expect(await found('rehearsed@x.com')).toBe(0);
  });

  test('of changes, of nothing, of members and of a deletion', async () => {
    const { id } = await createUser('plan@x.com', { [ENTERPRISE]: { department: 'Sales' } });
    const { body: group } = await tenant.scim('POST', '/Groups', groupBody('Plan', [id]));
    const before = (await tenant.scim('GET', `/Users/${id}`)).text;
    expect((await rehearse('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'active', value: 'False' }))).body).toMatchObject({
      status: '200',
      resource: { active: false },
      changes: [{ kind: 'USER_UPDATED', id, before: { active: true }, after: { active: false } }],
    });
    expect((await rehearse('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'active', value: true }))).body['changes']).toEqual([]);
    expect((await rehearse('PUT', `/Users/${id}`, userBody('plan@x.com'))).body['changes']).toMatchObject([
      { kind: 'USER_UPDATED', before: { [ENTERPRISE]: { department: 'Sales' } }, after: {} },
    ]);
    expect(
      (await rehearse('PATCH', `/Groups/${group.id}`, patchOp({ op: 'replace', path: 'members', value: [] }))).body['changes'],
    ).toMatchObject([{ kind: 'GROUP_MEMBERS_CHANGED', id: group.id, before: { members: [id] }, after: { members: [] } }]);
    const { body: deletion } = await rehearse('DELETE', `/Users/${id}`);
    expect(deletion).toMatchObject({
      status: '204',
      changes: expect.arrayContaining([
        expect.objectContaining({ kind: 'GROUP_MEMBERS_CHANGED' }),
        expect.objectContaining({ kind: 'USER_DELETED', id }),
      ]),
    });
    expect((await tenant.scim('GET', `/Users/${id}`)).text).toBe(before);
    expect(memberIds((await tenant.scim('GET', `/Groups/${group.id}`)).body)).toEqual([id]);
  });

  test('is refused like the write itself, and takes no key', async () => {
    await createUser('there@x.com');
    expectScimError(await rehearse('POST', '/Users', userBody('there@x.com')), 409, 'uniqueness');
    expectScimError(await rehearse('PATCH', '/Users/nobody', patchOp({ op: 'replace', path: 'title', value: 'T' })), 404);
    expectScimError(await rehearse('POST', '/Groups', groupBody('Strangers', ['nobody'])), 400, 'invalidValue');
    expectScimError(
      await tenant.scim('POST', '/Users', userBody('both@x.com'), { prefer: 'dry-run', ...key('both') }),
      400,
      'invalidValue',
    );
  });

  test('in GraphQL', async () => {
    const mutation =
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { userName } changes { kind before after } userErrors { code } } }';
    const { data } = await tenant.graphql(mutation, { input: { user: { userName: 'planned@x.com' }, dryRun: true } });
    expect(data!['createUser']).toMatchObject({
      user: { userName: 'planned@x.com' },
      changes: [{ kind: 'USER_CREATED', before: null, after: { userName: 'planned@x.com' } }],
      userErrors: [],
    });
    expect(await found('planned@x.com')).toBe(0);
  });
});
