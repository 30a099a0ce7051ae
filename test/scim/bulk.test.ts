/** Bulk (RFC 7644, section 3.7): many writes in one request, with references between them, and an honest answer for each. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/http.js';
import { ENTERPRISE, expectList, expectScimError, filtered, groupBody, memberIds, patchOp, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, SCIM_PATH, type Tenant } from '../support/world.js';

const REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

interface Result {
  readonly method: string;
  readonly bulkId?: string;
  readonly status: string;
  readonly location?: string;
  readonly version?: string;
  readonly response?: { readonly scimType?: string; readonly detail: string };
}

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

const send = (operations: readonly object[], more: object = {}, headers = {}): Promise<Answer> =>
  tenant.scim('POST', '/Bulk', { schemas: [REQUEST], Operations: operations, ...more }, headers);

async function results(operations: readonly object[], more: object = {}): Promise<Result[]> {
  const answer = await send(operations, more);
  expect(answer.status, answer.text.slice(0, 500)).toBe(200);
  expect(answer.body.schemas).toEqual([RESPONSE]);
  return answer.body['Operations'] as Result[];
}

const post = (userName: string, bulkId?: string, over: object = {}) => ({
  method: 'POST',
  path: '/Users',
  ...(bulkId && { bulkId }),
  data: userBody(userName, over),
});
const postGroup = (name: string, bulkId: string, members: readonly string[]) => ({
  method: 'POST',
  path: '/Groups',
  bulkId,
  data: groupBody(name, members),
});
const idOf = ({ location }: Result) => location!.split('/').at(-1)!;
const statuses = (all: readonly Result[]) => all.map(({ status }) => status);
const count = async (filter: string) => (await tenant.scim('GET', filtered('/Users', filter, '&count=0'))).body.totalResults;

describe('each operation', () => {
  test('leaves the process to others before the next one', async () => {
    const {
      body: { id },
    } = await tenant.scim('POST', '/Users', userBody('turns@x.com'));
    let turns = 0;
    const count = () => {
      turns += 1;
      next = setImmediate(count);
    };
    let next = setImmediate(count);
    await results(
      Array.from({ length: 300 }, () => ({
        method: 'PATCH',
        path: `/Users/${id}`,
        data: patchOp({ op: 'replace', path: 'title', value: 'T' }),
      })),
    );
    clearImmediate(next);
    expect(turns).toBeGreaterThan(300);
  });

  test('has its status, location, version and bulkId', async () => {
    const [created] = await results([post('each@x.com', 'a')]);
    expect(created).toMatchObject({
      method: 'POST',
      bulkId: 'a',
      status: '201',
      version: 'W/"1"',
      location: expect.stringMatching(`${SCIM_PATH}/Users/[0-9a-f-]{36}$`),
    });
    const path = `/Users/${idOf(created!)}`;
    const all = await results([
      { method: 'PATCH', path, data: patchOp({ op: 'Replace', path: 'active', value: 'False' }) },
      { method: 'put', path: `${SCIM_PATH}${path}`, data: userBody('each@x.com', { title: 'Boss', active: false }) },
      { method: 'DELETE', path },
    ]);
    expect(all).toMatchObject([
      { method: 'PATCH', status: '200', version: 'W/"2"' },
      { method: 'PUT', status: '200', version: 'W/"3"' },
      { method: 'DELETE', status: '204' },
    ]);
    expect(all.every(({ location }) => location === created!.location)).toBe(true);
    expect((await tenant.scim('GET', path)).status).toBe(404);
  });

  test.each(['/Users/x/y', '/', '', `/Users/${'x'.repeat(5000)}`, '/%zz'.repeat(2_000_000)])(
    'has a path that leads somewhere: %#',
    async (path) => {
      const [refused, done] = await results([
        { method: 'DELETE', path },
        { method: 'DELETE', path: '/Users/nobody' },
      ]);
      expect(refused).toMatchObject({
        status: '400',
        response: { scimType: 'invalidValue', detail: expect.stringContaining('"/Users" or "/Groups"') },
      });
      expect(done).toMatchObject({ status: '404' });
    },
  );

  test('is refused by itself; the others are done', async () => {
    await tenant.scim('POST', '/Users', userBody('taken@x.com'));
    const all = await results([
      post('good-1@x.com', 'a'),
      post('TAKEN@x.com', 'b'),
      { method: 'POST', path: '/Users', bulkId: 'c', data: { active: 'maybe', userName: 'odd@x.com' } },
      { method: 'PATCH', path: '/Users/nobody', data: patchOp({ op: 'replace', path: 'title', value: 'T' }) },
      { method: 'GET', path: '/Users' },
      { method: 'POST', path: '/Colours', bulkId: 'd', data: {} },
      'nonsense' as unknown as object,
      { method: 'DELETE', path: '/Users/nobody' },
      { method: 'POST', path: '/Users', bulkId: 'e' },
      post('good-2@x.com', 'f'),
    ]);
    expect(statuses(all)).toEqual(['201', '409', '400', '404', '400', '400', '400', '404', '400', '201']);
    expect(all[1]).toMatchObject({ bulkId: 'b', response: { scimType: 'uniqueness', detail: expect.stringContaining('already taken') } });
    expect(all[1]!.location).toBeUndefined();
    expect(all[2]!.response).toMatchObject({ scimType: 'invalidValue', detail: expect.stringContaining('active') });
    expect(await count('userName sw "good-"')).toBe(2);
    expect(await count('userName eq "odd@x.com"')).toBe(0);
  });

  test('says where its resource lives, also when it was refused before it was looked up', async () => {
    const [created] = await results([post('lives@x.com', 'a')]);
    const path = `/Users/${idOf(created!)}`;
    const all = await results([
      { method: 'PATCH', path, data: patchOp({ op: 'replace', path: 'active', value: 'perhaps' }) },
      { method: 'PUT', path },
      { method: 'PATCH', path: '/Users/bulkId:a', data: {} },
      { method: 'POST', path: '/Users', data: {} },
    ]);
    expect(statuses(all)).toEqual(['400', '400', '400', '400']);
    expect(all.map(({ location }) => location)).toEqual([created!.location, created!.location, undefined, undefined]);
  });

  test('checks its version', async () => {
    const [{ location } = { location: '' }] = await results([post('versioned@x.com', 'a')]);
    const path = `/Users/${location!.split('/').at(-1)}`;
    const patch = (title: string, version: string) => ({
      method: 'PATCH',
      path,
      version,
      data: patchOp({ op: 'replace', path: 'title', value: title }),
    });
    expect(
      statuses(
        await results([patch('One', 'W/"1"'), patch('Two', 'W/"1"'), patch('Three', '"2"'), { method: 'DELETE', path, version: 'W/"1"' }]),
      ),
    ).toEqual(['200', '412', '200', '412']);
    expect((await tenant.scim('GET', path)).body).toMatchObject({ title: 'Three', meta: { version: 'W/"3"' } });
  });
});

describe('references', () => {
  test('of a group to its members, before and after them', async () => {
    const all = await results([
      postGroup('Forward', 'g1', ['bulkId:u1', 'bulkId:u2']),
      post('ref-1@x.com', 'u1'),
      post('ref-2@x.com', 'u2'),
      postGroup('Backward', 'g2', ['bulkId:u2']),
    ]);
    expect(statuses(all)).toEqual(['201', '201', '201', '201']);
    const [forward, one, two, backward] = all.map(idOf);
    expect(memberIds((await tenant.scim('GET', `/Groups/${forward}`)).body)).toEqual([one, two].toSorted());
    expect(memberIds((await tenant.scim('GET', `/Groups/${backward}`)).body)).toEqual([two]);
  });

  test('forward: the referrer waits, and nobody is moved ahead of a deletion that frees a name', async () => {
    const old = (await tenant.scim('POST', '/Users', userBody('again@x.com'))).body.id;
    const all = await results([
      postGroup('Again', 'g', ['bulkId:n']),
      { method: 'DELETE', path: `/Users/${old}` },
      post('again@x.com', 'n'),
    ]);
    expect(statuses(all)).toEqual(['201', '204', '201']);
    expect(memberIds((await tenant.scim('GET', `/Groups/${idOf(all[0]!)}`)).body)).toEqual([idOf(all[2]!)]);
    expect(idOf(all[2]!)).not.toBe(old);
  });

  test('in a circle: all of it waits for the last, after a deletion that frees a name', async () => {
    const old = (await tenant.scim('POST', '/Users', userBody('round@x.com'))).body.id;
    const manager = (bulkId: string) => ({ [ENTERPRISE]: { manager: { value: `bulkId:${bulkId}` } } });
    expect(
      statuses(
        await results([
          post('round-1@x.com', 'a', manager('b')),
          { method: 'DELETE', path: `/Users/${old}` },
          post('round@x.com', 'b', manager('a')),
        ]),
      ),
    ).toEqual(['201', '204', '201']);
  });

  test('of managers in a circle, and in paths and filters of later operations', async () => {
    const manager = (bulkId: string) => ({ [ENTERPRISE]: { manager: { value: `bulkId:${bulkId}` } } });
    const all = await results([
      post('circle-1@x.com', 'a', manager('b')),
      post('circle-2@x.com', 'b', manager('a')),
      { method: 'PATCH', path: '/Users/bulkId:a', data: patchOp({ op: 'replace', path: 'title', value: 'T' }) },
      postGroup('Circle', 'g', ['bulkId:a', 'bulkId:b']),
      { method: 'PATCH', path: '/Groups/bulkId:g', data: patchOp({ op: 'remove', path: 'members[value eq "bulkId:b"]' }) },
    ]);
    expect(statuses(all)).toEqual(['201', '201', '200', '201', '200']);
    const [one, two] = all.map(idOf);
    expect((await tenant.scim('GET', `/Users/${one}`)).body).toMatchObject({ title: 'T', [ENTERPRISE]: { manager: { value: two } } });
    expect((await tenant.scim('GET', `/Users/${two}`)).body).toMatchObject({ [ENTERPRISE]: { manager: { value: one } } });
    expect(memberIds((await tenant.scim('GET', `/Groups/${idOf(all[3]!)}`)).body)).toEqual([one]);
  });

  test('stand where resources are named; anywhere else text that looks like one is text', async () => {
    const text = 'bulkId:a';
    const over = {
      title: text,
      displayName: text,
      externalId: text,
      name: { givenName: text },
      emails: [{ value: text, type: 'work' }],
      profileUrl: text,
      [ENTERPRISE]: { department: text, manager: { value: text } },
    };
    const all = await results([
      post('text-a@x.com', 'a'),
      post('bulkId:nobody', 'b', over),
      { method: 'POST', path: '/Groups', bulkId: 'g', data: groupBody('bulkid:R', [text], { externalId: text }) },
      {
        method: 'PATCH',
        path: '/Users/bulkId:a',
        data: patchOp(
          { op: 'replace', path: 'title', value: 'bulkId:nobody' },
          { op: 'add', path: 'nickName', value: text },
          { op: 'add', path: 'emails[value eq "bulkId:nobody"].type', value: 'home' },
          { op: 'add', value: { displayName: 'bulkId:nobody' } },
          { op: 'add', path: `${ENTERPRISE}:manager`, value: 'bulkId:b' },
        ),
      },
      {
        method: 'PATCH',
        path: '/Groups/bulkId:g',
        data: patchOp(
          { op: 'replace', path: 'displayName', value: 'bulkId:S' },
          { op: 'add', path: 'members', value: [{ value: 'bulkId:b' }] },
          { op: 'remove', path: 'members[value eq "bulkId:a" and type eq "User"]' },
        ),
      },
    ]);
    expect(statuses(all), JSON.stringify(all)).toEqual(['201', '201', '201', '200', '200']);
    const [one, two, group] = all.map(idOf);
    const read = async (path: string) => (await tenant.scim('GET', path)).body;
    expect(await read(`/Users/${two}`)).toMatchObject({
      userName: 'bulkId:nobody',
      ...over,
      [ENTERPRISE]: { department: text, manager: { value: one } },
    });
    expect(await read(`/Users/${one}`)).toMatchObject({
      title: 'bulkId:nobody',
      nickName: text,
      displayName: 'bulkId:nobody',
      [ENTERPRISE]: { manager: { value: two } },
    });
    expect((await read(`/Users/${one}`))['emails']).toContainEqual(expect.objectContaining({ value: 'bulkId:nobody', type: 'home' }));
    expect(await read(`/Groups/${group}`)).toMatchObject({ displayName: 'bulkId:S', externalId: text });
    expect(memberIds(await read(`/Groups/${group}`))).toEqual([two]);
  });

  test.each<[string, object]>([
    ['a member', { method: 'POST', path: '/Groups', bulkId: 'g', data: groupBody('Nowhere', ['bulkId:nobody']) }],
    ['a manager', post('nowhere@x.com', 'u', { [ENTERPRISE]: { manager: { value: 'bulkId:nobody' } } })],
    ['a path', { method: 'DELETE', path: '/Users/bulkId:nobody' }],
  ])('to nothing as %s are refused', async (_, operation) => {
    expect(await results([operation])).toMatchObject([
      { status: '400', response: { scimType: 'invalidValue', detail: expect.stringContaining('"nobody"') } },
    ]);
  });

  test('to what was refused, or to nothing, are refused; a circle falls as a whole', async () => {
    const all = await results([
      post('taken@x.com', 'bad'),
      postGroup('Orphans', 'g1', ['bulkId:bad']),
      postGroup('Nobody', 'g2', ['bulkId:nobody']),
      post('half@x.com', 'x', { [ENTERPRISE]: { manager: { value: 'bulkId:y' } } }),
      post('TAKEN@x.com', 'y', { [ENTERPRISE]: { manager: { value: 'bulkId:x' } } }),
      post('odd@x.com', 'odd', { active: 'perhaps' }),
      postGroup('Odd', 'g3', ['bulkId:odd']),
    ]);
    expect(statuses(all)).toEqual(['409', '400', '400', '409', '409', '400', '400']);
    for (const [at, name] of [
      [1, 'bad'],
      [6, 'odd'],
    ] as const) {
      expect(all[at]!.response!.detail).toContain(`"${name}", which this one refers to, was refused`);
    }
    expect(all[2]!.response!.detail).toContain('"nobody"');
    expect(await count('userName eq "half@x.com"')).toBe(0);
    expect(expectList(await tenant.scim('GET', filtered('/Groups', 'displayName eq "Orphans" or displayName eq "Nobody"')))).toEqual([]);
  });

  test('of new groups in a circle are refused with the way round', async () => {
    const all = await results([
      postGroup('Outside', 'o', ['bulkId:a']),
      postGroup('Round A', 'a', ['bulkId:b']),
      postGroup('Round B', 'b', ['bulkId:c']),
      postGroup('Round C', 'c', ['bulkId:a', 'bulkId:b']),
      postGroup('Alone', 'd', ['bulkId:d']),
    ]);
    expect(statuses(all)).toEqual(['400', '400', '400', '400', '400']);
    for (const { response } of all.slice(1, 4)) {
      expect(response).toMatchObject({
        scimType: 'invalidValue',
        detail: expect.stringContaining('A group cannot contain itself: "Round A" → "Round B" → "Round C" → "Round A".'),
      });
    }
    expect(all[0]!.response!.detail).toContain('"a", which this one refers to, was refused');
    expect(all[4]!.response!.detail).toContain('A group cannot contain itself: "Alone" → "Alone".');
    expect(expectList(await tenant.scim('GET', filtered('/Groups', 'displayName sw "Round"')))).toEqual([]);
  });

  test('to somebody who is restored are to the one who was there', async () => {
    const restoring = await newTenant();
    expect(
      (
        await restoring.graphql(
          'mutation { updateTenantPolicies(input: { inactiveDuplicates: RESTORE, unknownMembers: IGNORE }) { userErrors { message } } }',
        )
      ).data,
    ).toEqual({ updateTenantPolicies: { userErrors: [] } });
    const leaver = async (name: string) =>
      (await restoring.scim('POST', '/Users', userBody(name, { externalId: name, active: false }))).body.id;
    const [one, two] = [await leaver('leaver-1@x.com'), await leaver('leaver-2@x.com')];
    const back = (name: string, bulkId: string, over: object = {}) => post(name, bulkId, { externalId: name, ...over });
    const answer = await restoring.scim('POST', '/Bulk', {
      schemas: [REQUEST],
      Operations: [
        postGroup('Returned', 'g', ['bulkId:a']),
        back('leaver-1@x.com', 'a'),
        { method: 'PATCH', path: '/Users/bulkId:a', data: patchOp({ op: 'replace', path: 'title', value: 'Back' }) },
        post('circle@x.com', 'c', { [ENTERPRISE]: { manager: { value: 'bulkId:b' } } }),
        back('leaver-2@x.com', 'b', { [ENTERPRISE]: { manager: { value: 'bulkId:c' } } }),
      ],
    });
    const all = answer.body['Operations'] as Result[];
    expect(statuses(all)).toEqual(['201', '201', '200', '201', '201']);
    expect([all[1]!, all[2]!, all[4]!].map(idOf)).toEqual([one, one, two]);
    expect(memberIds((await restoring.scim('GET', `/Groups/${idOf(all[0]!)}`)).body)).toEqual([one]);
    expect((await restoring.scim('GET', `/Users/${one}`)).body).toMatchObject({ active: true, title: 'Back' });
    const managerOf = async (id: string) =>
      ((await restoring.scim('GET', `/Users/${id}`)).body[ENTERPRISE] as { manager: { value: string } }).manager.value;
    expect([await managerOf(idOf(all[3]!)), await managerOf(two)]).toEqual([two, idOf(all[3]!)]);
  });

  test('twice under one name refuse the request', async () => {
    expectScimError(await send([post('twice-1@x.com', 'a'), post('twice-2@x.com', 'a')]), 400, 'invalidValue');
    expect(await count('userName sw "twice-"')).toBe(0);
  });
});

describe('failOnErrors', () => {
  test.each([
    [1, ['201', '409'], 1],
    [2, ['201', '409', '201', '409'], 2],
    [9, ['201', '409', '201', '409', '201'], 3],
  ])('%i', async (failOnErrors, expected, created) => {
    const run = `fail-${failOnErrors}`;
    const operations = [
      post(`${run}-1@x.com`, 'a'),
      post('taken@x.com', 'b'),
      post(`${run}-2@x.com`, 'c'),
      post('taken@x.com', 'd'),
      post(`${run}-3@x.com`, 'e'),
    ];
    expect(statuses(await results(operations, { failOnErrors }))).toEqual(expected);
    expect(await count(`userName sw "${run}"`)).toBe(created);
  });

  test('counts what makes no sense, too', async () => {
    expect(
      statuses(
        await results([post('sense-1@x.com', 'a'), { method: 'MOVE', path: '/Users' }, post('sense-2@x.com', 'b')], { failOnErrors: 1 }),
      ),
    ).toEqual(['201', '400']);
    expect(await count('userName sw "sense-"')).toBe(1);
  });

  test.each([
    [1, ['201', '409'], 1],
    [2, ['201', '409', '201', '400'], 2],
    [3, ['201', '409', '201', '400', '201'], 3],
  ])('%i counts what makes no sense where it stands', async (failOnErrors, expected, created) => {
    const run = `stands-${failOnErrors}`;
    const operations = [
      post(`${run}-1@x.com`, 'a'),
      post('taken@x.com', 'b'),
      post(`${run}-2@x.com`, 'c'),
      { method: 'MOVE', path: '/Users' },
      post(`${run}-3@x.com`, 'd'),
    ];
    expect(statuses(await results(operations, { failOnErrors }))).toEqual(expected);
    expect(await count(`userName sw "${run}"`)).toBe(created);
  });
});

describe('the request', () => {
  test.each<[object, number, string | undefined]>([
    [{}, 400, 'invalidSyntax'],
    [{ Operations: {} }, 400, 'invalidSyntax'],
    [{ Operations: [], failOnErrors: 'many' }, 400, 'invalidValue'],
    [{ Operations: [], schemas: 'x' }, 400, 'invalidSyntax'],
    [{ Operations: Array.from({ length: 1001 }, () => ({ method: 'DELETE', path: '/Users/x' })) }, 413, undefined],
  ])('%#: is refused where it makes no sense or is too long', async (body, status, scimType) => {
    expectScimError(await tenant.scim('POST', '/Bulk', body), status, scimType);
  });

  test('of nothing is answered with nothing', async () => expect(await results([])).toEqual([]));

  test('of a thousand new users is done, and told apart', async () => {
    const names = Array.from({ length: 1000 }, (_, at) => `mass-${at}@x.com`);
    const all = await results(names.map((name, at) => post(at === 500 ? 'mass-0@x.com' : name, `b${at}`)));
    expect(all.filter(({ status }) => status === '201')).toHaveLength(999);
    expect(all[500]).toMatchObject({ status: '409', response: { detail: expect.stringContaining(idOf(all[0]!)) } });
    expect(await count('userName sw "mass-"')).toBe(999);
    expect((await tenant.scim('GET', `/Users/${idOf(all[999]!)}`)).body.userName).toBe('mass-999@x.com');
  });

  test('changes nothing as a dry run, and tells what it would change', async () => {
    const answer = await send(
      [post('dry@x.com', 'a'), postGroup('Dry', 'g', ['bulkId:a']), post('taken@x.com', 'b')],
      {},
      { prefer: 'dry-run' },
    );
    expect(answer.body).toMatchObject({
      schemas: ['urn:condeco:params:scim:api:messages:2.0:DryRun'],
      Operations: [{ status: '201' }, { status: '201' }, { status: '409' }],
    });
    expect((answer.body['changes'] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
      'USER_CREATED',
      'GROUP_CREATED',
      'GROUP_MEMBERS_CHANGED',
    ]);
    expect(await count('userName eq "dry@x.com"')).toBe(0);
  });

  test.each([
    ['quotes half of a character', (unknown: string) => postGroup('Cut', 'cut', [unknown]), `${'x'.repeat(63)}😀`], // of a long id 64 are quoted
    ['quotes what no database holds', (unknown: string) => postGroup('Nul', 'nul', [unknown]), 'a\0\ud83d'],
    ['is of such an id', (id: string) => ({ method: 'DELETE', path: `/Users/${id}` }), 'a\0\ud83d'],
    [
      'is of such a path',
      (path: string) => ({ method: 'PATCH', path: '/Users/nobody', data: patchOp({ op: 'replace', path, value: 'x' }) }),
      'title\0\ud83d',
    ],
    ['is of such a bulkId', (bulkId: string) => ({ method: 'DELETE', path: '/Users/bulkId:nobody', bulkId }), 'a\0\ud83d'],
  ])('is done once, also where what is said of an operation %s', async (_, operation, text) => {
    const key = randomUUID();
    const [name, headers] = [`${key}@x.com`, { 'idempotency-key': key }];
    const first = await send([operation(text), post(name)], {}, headers);
    expect(first.status, first.text).toBe(200);
    const [refused, done] = statuses(first.body['Operations'] as Result[]);
    expect([refused![0], done]).toEqual(['4', '201']);
    const again = await send([operation(text), post(name)], {}, headers);
    expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([200, first.text, 'true']);
  });

  test('is done once under a key', async () => {
    const headers = { 'idempotency-key': 'bulk-1' };
    const first = await send([post('once@x.com', 'a')], {}, headers);
    const second = await send([post('once@x.com', 'a')], {}, headers);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotency-replayed']).toBe('true');
    expectScimError(await send([post('other@x.com', 'a')], {}, headers), 422);
  });

  test('is for callers with a token only', async () => {
    expectScimError(await tenant.scim('POST', '/Bulk', { Operations: [] }, { authorization: undefined }), 401);
  });
});

test('random graphs of references do what the model says', async () => {
  let round = 0;
  const operation = fc.record({ isTaken: fc.boolean(), manager: fc.option(fc.nat(7), { nil: undefined }) });
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 8 }), async (wanted) => {
      round += 1;
      const name = (at: number) => `graph-${round}-${at}@x.com`;
      const all = await results(
        wanted.map(({ isTaken, manager }, at) =>
          post(
            isTaken ? 'taken@x.com' : name(at),
            `b${at}`,
            manager === undefined ? {} : { [ENTERPRISE]: { manager: { value: `bulkId:b${manager}` } } },
          ),
        ),
      );
      // Whoever reaches a refused one by references is refused.
      const isGood = (at: number, seen: readonly number[] = []): boolean => {
        if (seen.includes(at)) return true;
        const one = wanted[at];
        return one !== undefined && !one.isTaken && (one.manager === undefined || isGood(one.manager, [...seen, at]));
      };
      expect(all.map(({ status }) => status === '201')).toEqual(wanted.map((_, at) => isGood(at)));
      for (const [at, result] of all.entries()) {
        if (result.status !== '201') continue;
        const { body } = await tenant.scim('GET', `/Users/${idOf(result)}`);
        const { manager } = wanted[at]!;
        expect(body[ENTERPRISE]).toEqual(
          manager === undefined ? undefined : { manager: expect.objectContaining({ value: idOf(all[manager]!) }) },
        );
      }
      expect(await count(`userName sw "graph-${round}-"`)).toBe(all.filter(({ status }) => status === '201').length);
    }),
    { numRuns: Math.ceil(Math.min(FUZZ_RUNS, 2_000) / 4) },
  );
}, 120_000);
