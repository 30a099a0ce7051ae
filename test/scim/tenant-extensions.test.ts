/** Attributes of a tenant's own: declared through GraphQL, then treated like built-in ones at both doors, and changed safely. */
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, declare, declared, removeDeclared } from '../support/extensions.js';
import type { ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, groupBody, type Operation, patchOp, USER, userBody } from '../support/scim.js';
import { manage } from '../support/tokens.js';
import { newTenant, type Tenant } from '../support/world.js';

const ACME = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';
const TEAM = 'urn:acme:params:scim:schemas:extension:team:2.0:Group';

const acme = (...attributes: object[]) => ({ id: ACME, name: 'Badges', description: 'What opens doors.', attributes });
const standard = acme(
  attribute('badge', { description: 'The number on the badge.' }),
  attribute('code', { caseExact: true }),
  attribute('level', { type: 'integer' }),
  attribute('keyholder', { type: 'boolean' }),
  attribute('issued', { type: 'dateTime' }),
  attribute('doors', { multiValued: true }),
  attribute('lockers', {
    type: 'complex',
    multiValued: true,
    subAttributes: [attribute('value'), attribute('type'), attribute('primary', { type: 'boolean' })],
  }),
  attribute('serial', { mutability: 'immutable' }),
  attribute('secretary', { returned: 'request' }),
  attribute('desk', { type: 'complex', subAttributes: [attribute('row'), attribute('number', { type: 'integer' })] }),
);

const badge = {
  badge: 'B-17',
  code: 'xY',
  level: 3,
  keyholder: true,
  issued: '2026-01-31T09:30:00.000Z',
  doors: ['North', 'South'],
  lockers: [{ value: 'L1', type: 'big', primary: true }],
  serial: 'S1',
  desk: { row: 'A', number: 4 },
};

describe('once declared', () => {
  let tenant: Tenant;
  let ann: ScimBody;
  beforeAll(async () => {
    tenant = await newTenant();
    await tenant.scim('GET', '/Users'); // the facade has known the tenant without it
    await declared(tenant, standard);
    ann = (await tenant.scim('POST', '/Users', userBody('ann@x.com', { [ACME]: badge }))).body;
    await tenant.scim('POST', '/Users', userBody('ben@x.com', { [ACME]: { badge: 'C-9', level: 12, issued: '2025-06-01T00:00:00Z' } }));
    await tenant.scim('POST', '/Users', userBody('cy@x.com'));
  });

  test('values are kept, coerced and shown, and the schema is named', async () => {
    expect(ann).toMatchObject({ schemas: [USER, ACME], [ACME]: badge });
    const { body } = await tenant.scim(
      'POST',
      '/Users',
      userBody('coerced@x.com', {
        [ACME.toUpperCase()]: {
          LEVEL: '7',
          Keyholder: 'True',
          doors: 'East',
          lockers: { value: 'L2' },
          issued: '2026-01-31T10:30:00+01:00',
          colour: 'red',
        },
      }),
    );
    expect(body[ACME]).toEqual({
      level: 7,
      keyholder: true,
      doors: ['East'],
      lockers: [{ value: 'L2', primary: false }],
      issued: '2026-01-31T09:30:00.000Z',
    });
    expect((await tenant.scim('GET', `/Users/${ann.id}`)).body).toEqual(ann);
  });

  test.each([
    ['7.0', 7],
    ['1e1', 10],
    ['12345678901234567890', undefined],
  ])('a number that is written as %s', async (written, level) => {
    const answer = await tenant.scim(
      'POST',
      '/Users',
      `{"userName":"written-${written}@x.com","${ACME}":{"level":${written},"badge":${written}}}`,
    );
    if (level === undefined) return expectScimError(answer, 400, 'invalidValue');
    expect(answer.body[ACME]).toEqual({ level, badge: written });
    await tenant.scim('DELETE', `/Users/${answer.body.id}`);
  });

  test.each([
    [{ level: 'many' }, 'level'],
    [{ issued: 'soon' }, 'issued'],
    [{ keyholder: 'perhaps' }, 'keyholder'],
    [{ desk: 'A4' }, 'desk'],
  ])('%j is refused', async (values, name) => {
    const answer = await tenant.scim('POST', '/Users', userBody('refused@x.com', { [ACME]: values }));
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(name);
  });

  test('/Schemas and /ResourceTypes tell of it, to this tenant and to no other', async () => {
    const { body } = await tenant.scim('GET', `/Schemas/${ACME}`);
    expect(body).toMatchObject({
      id: ACME,
      name: 'Badges',
      attributes: expect.arrayContaining([
        expect.objectContaining({
          name: 'level',
          type: 'integer',
          multiValued: false,
          mutability: 'readWrite',
          returned: 'default',
          uniqueness: 'none',
        }),
      ]),
    });
    expect((await tenant.scim('GET', '/ResourceTypes/User')).body).toMatchObject({
      schemaExtensions: expect.arrayContaining([{ schema: ACME, required: false }]),
    });
    const other = await newTenant();
    expectScimError(await other.scim('GET', `/Schemas/${ACME}`), 404);
    expect((await other.scim('POST', '/Users', userBody('other@x.com', { [ACME]: badge }))).body[ACME]).toBeUndefined();
    expectScimError(await other.scim('GET', filtered('/Users', `${ACME}:badge eq "B-17"`)), 400, 'invalidFilter');
  });

  test.each([
    [`${ACME}:badge eq "b-17"`, ['ann@x.com']],
    ['badge sw "B" or badge co "-9"', ['ann@x.com', 'ben@x.com']],
    [`${ACME}:code eq "xy"`, []],
    [`${ACME}:code eq "xY"`, ['ann@x.com']],
    [`${ACME}:level gt 3`, ['ben@x.com']],
    [`${ACME}:level le 3 and userName sw "ann"`, ['ann@x.com']],
    [`${ACME}:keyholder eq "True" and userName sw "ann"`, ['ann@x.com']],
    [`${ACME}:issued lt "2026-01-01T00:00:00Z"`, ['ben@x.com']],
    [`${ACME}:doors eq "NORTH"`, ['ann@x.com']],
    [`${ACME}:doors co "out"`, ['ann@x.com']],
    [`${ACME}:doors pr and userName sw "ann"`, ['ann@x.com']],
    [`${ACME}:lockers[type eq "big" and value eq "l1"]`, ['ann@x.com']],
    [`${ACME}:desk.number eq 4`, ['ann@x.com']],
    [`schemas eq "${ACME}" and not (level gt 3) and userName sw "ann"`, ['ann@x.com']],
  ])('filter %s', async (filter, expected) => {
    const found = expectList(
      await tenant.scim('GET', filtered('/Users', `(${filter}) and userName ne "coerced@x.com"`, '&sortBy=userName')),
    );
    expect(found.map(({ userName }) => userName)).toEqual(expected);
  });

  test.each([
    ['level', ['ann@x.com', 'ben@x.com', 'cy@x.com']],
    ['issued', ['ben@x.com', 'ann@x.com', 'cy@x.com']],
    ['doors', ['ann@x.com', 'ben@x.com', 'cy@x.com']],
  ])('sort by %s', async (name, expected) => {
    const found = expectList(await tenant.scim('GET', filtered('/Users', 'userName ne "coerced@x.com"', `&sortBy=${ACME}:${name}`)));
    expect(found.map(({ userName }) => userName)).toEqual(expected);
  });

  test('PATCH in every form, and a projection', async () => {
    const {
      body: { id },
    } = await tenant.scim('POST', '/Users', userBody('patched@x.com', { [ACME]: { level: 1, secretary: 'Eve' } }));
    const patched = await tenant.scim(
      'PATCH',
      `/Users/${id}`,
      patchOp(
        { op: 'Add', path: `${ACME}:badge`, value: 'P-1' },
        { op: 'replace', value: { [`${ACME}:level`]: '2', [ACME]: { keyholder: 'False' } } },
        { op: 'add', path: `${ACME}:doors`, value: ['North', 'East'] },
        { op: 'remove', path: `${ACME}:doors`, value: ['East'] },
        { op: 'replace', path: `${ACME}:lockers[type eq "small"].value`, value: 'L9' },
        { op: 'replace', path: `${ACME}:desk.row`, value: 'B' },
      ),
    );
    expect(patched.body[ACME]).toEqual({
      badge: 'P-1',
      level: 2,
      keyholder: false,
      doors: ['North'],
      lockers: [{ type: 'small', value: 'L9', primary: false }],
      desk: { row: 'B' },
    });
    expect((await tenant.scim('GET', `/Users/${id}?attributes=${ACME}:badge,${ACME}:secretary`)).body[ACME]).toEqual({
      badge: 'P-1',
      secretary: 'Eve',
    });
    expect((await tenant.scim('GET', `/Users/${id}?excludedAttributes=${ACME}`)).body[ACME]).toBeUndefined();
    expect((await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'remove', path: ACME }))).body[ACME]).toBeUndefined();
  });

  const doors = (filter: string) => `${ACME}:doors[${filter}]`;
  test.each<[string, Operation, readonly string[] | undefined]>([
    ['removed', { op: 'remove', path: doors('value eq "NORTH"') }, ['South']],
    ['removed by what it is not', { op: 'remove', path: doors('not (value sw "N")') }, ['North']],
    ['replaced', { op: 'Replace', path: doors('value eq "north"'), value: ['East'] }, ['East', 'South']],
    ['replaced by nothing', { op: 'replace', path: doors('value pr'), value: '' }, undefined],
    ['added where it is not there', { op: 'add', path: doors('value eq "East"'), value: 'East' }, ['North', 'South', 'East']],
    ['removed where it is not there', { op: 'remove', path: doors('value eq "East"') }, ['North', 'South']],
    ['passed over where it is asked for by a part that it has not', { op: 'remove', path: doors('type eq "North"') }, ['North', 'South']],
  ])('one of many plain values is %s', async (_, operation, expected) => {
    const {
      body: { id },
    } = await tenant.scim('POST', '/Users', userBody('doors@x.com', { [ACME]: { doors: ['North', 'South'], badge: 'B' } }));
    const patched = await tenant.scim('PATCH', `/Users/${id}`, patchOp(operation));
    expect(patched.body[ACME], patched.text).toEqual({ badge: 'B', ...(expected && { doors: expected }) });
    await tenant.scim('DELETE', `/Users/${id}`);
  });

  test('the first request of a token knows it, too, and is refused for what is wrong with it', async () => {
    const own = manage(tenant);
    const first = async (method: string, path: string, body?: object | string, headers: object = {}) => {
      const { accessToken } = await own.create({ audience: 'SCIM', expiresIn: 3600 });
      return tenant.scim(method, path, body, { authorization: `Bearer ${accessToken}`, ...headers });
    };
    expect(expectList(await first('GET', filtered('/Users', `${ACME}:level eq 12`))).map(({ userName }) => userName)).toEqual([
      'ben@x.com',
    ]);
    expect((await first('GET', `/Users?sortBy=${ACME}:level&count=1`)).status).toBe(200);
    expect((await first('PATCH', `/Users/${ann.id}`, patchOp({ op: 'replace', path: `${ACME}:badge`, value: 'B-17' }))).status).toBe(200);
    expectScimError(await first('GET', filtered('/Users', `${ACME}:colour eq "red"`)), 400, 'invalidFilter');
    expectScimError(await first('POST', '/Users', { active: 'perhaps' }), 400, 'invalidValue');
    expectScimError(await first('GET', '/Colours'), 404);
    expectScimError(await first('DELETE', '/Users'), 405);
    expectScimError(await first('GET', '/Me'), 501);
    expectScimError(await first('GET', '/Users', undefined, { accept: 'text/html' }), 406);
  });

  test('what is immutable is set once', async () => {
    const set = (serial: string | undefined) => tenant.scim('PUT', `/Users/${ann.id}`, { ...ann, [ACME]: { ...badge, serial } });
    expect((await set(undefined)).body[ACME]).toMatchObject({ serial: 'S1' });
    expectScimError(await set('S2'), 400, 'mutability');
    expectScimError(
      await tenant.scim('PATCH', `/Users/${ann.id}`, patchOp({ op: 'replace', path: `${ACME}:serial`, value: 'S2' })),
      400,
      'mutability',
    );
    expect((await tenant.scim('GET', `/Users/${ann.id}`)).body[ACME]).toMatchObject({ serial: 'S1' });
  });

  test('what is immutable is the same in another case, where that does not count: a provider that writes it so keeps no leaver in', async () => {
    const {
      body: { id, userName },
    } = await tenant.scim('POST', '/Users', userBody('case@x.com', { [ACME]: { serial: 'Ab' } }));
    const put = await tenant.scim('PUT', `/Users/${id}`, { userName, active: false, [ACME]: { serial: 'aB' } });
    expect(put.body, put.text).toMatchObject({ active: false, [ACME]: { serial: 'Ab' } });
  });

  test('Bulk and searches of users and groups know it', async () => {
    const { body } = await tenant.scim('POST', '/Bulk', {
      Operations: [{ method: 'POST', path: '/Users', bulkId: 'a', data: userBody('bulk@x.com', { [ACME]: { badge: 'BULK' } }) }],
    });
    expect(body['Operations']).toMatchObject([{ status: '201' }]);
    const found = expectList(await tenant.scim('POST', '/.search', { filter: `${ACME}:badge eq "bulk"` }));
    expect(found).toMatchObject([{ userName: 'bulk@x.com', [ACME]: { badge: 'BULK' } }]);
  });

  test('GraphQL reads and writes it', async () => {
    const create =
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { attributes(only: ["' +
      ACME +
      '"]) } userErrors { code message } } }';
    const { data } = await tenant.graphql(create, {
      input: { user: { userName: 'graphql@x.com', extensions: { [ACME]: { badge: 'G', level: 5 } } } },
    });
    expect(data!['createUser']).toEqual({ user: { attributes: { [ACME]: { badge: 'G', level: 5 } } }, userErrors: [] });
    const list = await tenant.graphql(
      `query ($filter: String) { users(filter: $filter) { totalCount } caller { tenant { schemaVersion extensions } } }`,
      { filter: `${ACME}:level eq 5` },
    );
    expect(list.data).toMatchObject({
      users: { totalCount: 1 },
      caller: { tenant: { schemaVersion: expect.any(Number), extensions: [{ resource: 'User', schema: { id: ACME } }] } },
    });
  });

  test('in GraphQL null takes it away, one or all, and nothing else does', async () => {
    const id = (await tenant.scim('POST', '/Users', userBody('null@x.com', { [ACME]: { badge: 'N', level: 5 } }))).body.id;
    const update = async (given: object) => {
      const { data } = await tenant.graphql(
        `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { version attributes(only: ["${ACME}"]) } userErrors { code message } } }`,
        { input: { id, user: given } },
      );
      return data!['updateUser'] as unknown;
    };
    const after = (version: number, attributes: object) => ({ user: { version, attributes }, userErrors: [] });
    expect(await update({ extensions: {} })).toEqual(after(1, { [ACME]: { badge: 'N', level: 5 } }));
    expect(await update({ extensions: { [ACME]: { level: null } } })).toEqual(after(2, { [ACME]: { badge: 'N' } }));
    expect(await update({ extensions: { [ACME]: null } })).toEqual(after(3, {}));
    await update({ extensions: { [ACME]: { badge: 'M' } } });
    expect(await update({ extensions: null })).toEqual(after(5, {}));
  });

  test('in GraphQL one and the same is given once', async () => {
    const create = async (extensions: object) => {
      const { data } = await tenant.graphql(
        'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { code field message } } }',
        { input: { user: { userName: 'twice@x.com', extensions } } },
      );
      return data!['createUser'] as unknown;
    };
    const refused = (field: string, name: string) => ({
      user: null,
      userErrors: [{ code: 'INVALID_VALUE', field, message: `"${name}" is given twice, in different case: names are the same in any.` }],
    });
    expect(await create({ [ACME]: { badge: 'A' }, [ACME.toUpperCase()]: { badge: 'B' } })).toEqual(
      refused('extensions', ACME.toUpperCase()),
    );
    expect(await create({ [ACME]: { badge: 'A', level: 1, Badge: 'B' } })).toEqual(refused(ACME, 'Badge'));
  });

  test('a reference of theirs is shown as it was written', async () => {
    const link = {
      type: 'complex',
      subAttributes: [attribute('value'), attribute('ref', { type: 'reference', referenceTypes: ['User'] })],
    };
    await declared(
      tenant,
      { id: `${TEAM}:links`, attributes: [attribute('link', link), attribute('links', { ...link, multiValued: true })] },
      { resource: 'GROUP' },
    );
    const values = {
      link: { value: 'v', ref: 'https://other.example/Users/9' },
      links: [{ value: 'w' }, { ref: 'https://other.example/Users/8' }],
    };
    const { body } = await tenant.scim('POST', '/Groups', groupBody('Linked', [ann.id], { [`${TEAM}:links`]: values }));
    expect(body).toMatchObject({
      [`${TEAM}:links`]: values,
      members: [{ value: ann.id, $ref: expect.stringMatching(/^https:.*\/Users\//) }],
    });
    expect(body[`${TEAM}:links`]).toEqual(values);
  });

  test('groups have extensions, too', async () => {
    await declared(tenant, { id: TEAM, attributes: [attribute('lead')] }, { resource: 'GROUP' });
    const { body } = await tenant.scim('POST', '/Groups', groupBody('Team', [ann.id], { [TEAM]: { lead: 'Ann' } }));
    expect(body).toMatchObject({ [TEAM]: { lead: 'Ann' }, members: [{ value: ann.id }] });
    expect(expectList(await tenant.scim('GET', filtered('/Groups', `${TEAM}:lead eq "ann"`)))).toHaveLength(1);
    expect((await tenant.scim('PUT', `/Groups/${body.id}`, groupBody('Team', [ann.id]))).body[TEAM]).toBeUndefined();
  });
});

describe('changed', () => {
  test('to add is free; to remove or to narrow is refused with what it would lose, and done where that is accepted', async () => {
    const tenant = await newTenant();
    await declared(tenant, acme(attribute('badge'), attribute('level', { type: 'integer' }), attribute('unused')));
    const users = [];
    for (const number of [1, 2, 3]) {
      users.push(
        (
          await tenant.scim(
            'POST',
            '/Users',
            userBody(`u${number}@x.com`, { [ACME]: { badge: `B${number}`, ...(number < 3 && { level: number }) } }),
          )
        ).body,
      );
    }
    await declared(tenant, acme(attribute('badge'), attribute('level', { type: 'integer' }), attribute('unused'), attribute('more')));
    expect((await declared(tenant, acme(attribute('badge'), attribute('level', { type: 'integer' }))))['losses']).toEqual([]);

    const narrower = acme(attribute('badge'), attribute('level'));
    const refused = await declare(tenant, narrower);
    expect(refused).toMatchObject({
      extensions: null,
      userErrors: [{ code: 'LOSES_VALUES', message: expect.stringContaining('"level" of 2') }],
    });
    expect((await tenant.scim('GET', `/Users/${users[0]!.id}`)).body).toEqual(users[0]);
    expect((await declared(tenant, narrower, { acceptLoss: true }))['losses']).toEqual([{ attribute: 'level', resources: 2 }]);
    const { body } = await tenant.scim('GET', `/Users/${users[0]!.id}`);
    expect(body).toMatchObject({ [ACME]: { badge: 'B1' }, meta: { version: 'W/"2"' } });
    expect(body[ACME] as object).not.toHaveProperty('level');
    expect((await tenant.scim('GET', `/Users/${users[2]!.id}`)).body.meta.version).toBe('W/"1"');

    const remove = (acceptLoss: boolean) => removeDeclared(tenant, ACME.toUpperCase(), acceptLoss);
    expect(await remove(false)).toMatchObject({ userErrors: [{ code: 'LOSES_VALUES', message: expect.stringContaining('"badge" of 3') }] });
    expect(await remove(true)).toMatchObject({ extensions: [], losses: [{ attribute: 'badge', resources: 3 }], userErrors: [] });
    expect((await tenant.scim('GET', `/Users/${users[0]!.id}`)).body).toMatchObject({ schemas: [USER] });
    expectScimError(await tenant.scim('GET', filtered('/Users', `${ACME}:badge pr`)), 400, 'invalidFilter');
    expect(await remove(true)).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] });
  });

  test('what is newly required must be there already', async () => {
    const tenant = await newTenant();
    await declared(tenant, acme(attribute('badge'), attribute('level')));
    await tenant.scim('POST', '/Users', userBody('without@x.com', { [ACME]: { level: 'x' } }));
    const required = acme(attribute('badge', { required: true }), attribute('level'));
    expect((await declare(tenant, required)).userErrors).toMatchObject([
      { code: 'INVALID_VALUE', message: expect.stringContaining('1 resources') },
    ]);
    await tenant.scim('PATCH', '/Users/x', patchOp());
    const [user] = expectList(await tenant.scim('GET', '/Users'));
    await tenant.scim('PATCH', `/Users/${user!.id}`, patchOp({ op: 'add', path: `${ACME}:badge`, value: 'B' }));
    await declared(tenant, required);
    expectScimError(await tenant.scim('POST', '/Users', userBody('late@x.com', { [ACME]: { level: 'y' } })), 400, 'invalidValue');
    expect((await tenant.scim('POST', '/Users', userBody('none@x.com'))).status).toBe(201);
  });
});

describe('a declaration that makes no sense is refused with what to change', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await newTenant();
  });

  test.each<[string, object, string]>([
    ['no URN', { attributes: [attribute('a')] }, 'id'],
    ['an odd URN', { id: 'acme', attributes: [attribute('a')] }, 'id'],
    ['a built-in one', { id: USER, attributes: [attribute('a')] }, 'id'],
    ['no attributes', { id: ACME }, 'attributes'],
    ['too many', { id: ACME, attributes: Array.from({ length: 101 }, (_, at) => attribute(`a${at}`)) }, 'attributes'],
    ['a twin', acme(attribute('a'), attribute('A')), 'attributes'],
    ['a name of another schema', acme(attribute('userName')), 'attributes'],
    ["the name of Condeco's", acme(attribute('floor')), 'attributes'],
    ['an odd name', acme(attribute('a b')), 'attributes[0].name'],
    ["a prototype's name", acme(attribute('__proto__')), 'attributes[0].name'],
    ['an odd type', acme(attribute('a', { type: 'colour' })), 'attributes[0].type'],
    ['what nobody may write', acme(attribute('a', { mutability: 'readOnly' })), 'attributes[0].mutability'],
    ['what nobody may read', acme(attribute('a', { returned: 'never' })), 'attributes[0].returned'],
    ['uniqueness', acme(attribute('a', { uniqueness: 'server' })), 'attributes[0].uniqueness'],
    [
      'complex in complex',
      acme(attribute('a', { type: 'complex', subAttributes: [attribute('b', { type: 'complex' })] })),
      'attributes[0].subAttributes[0].type',
    ],
    ['complex of nothing', acme(attribute('a', { type: 'complex' })), 'attributes[0].subAttributes'],
    [
      'a list within a value',
      acme(attribute('a', { type: 'complex', subAttributes: [attribute('b'), attribute('c', { multiValued: true })] })),
      'attributes[0].subAttributes[1].multiValued',
    ],
    [
      'a part that is set once',
      acme(attribute('a', { type: 'complex', subAttributes: [attribute('b', { mutability: 'immutable' })] })),
      'attributes[0].subAttributes[0].mutability',
    ],
    ['an attribute that is text', { id: ACME, attributes: ['a'] }, 'attributes[0]'],
  ])('%s', async (_, schema, field) => {
    expect((await declare(tenant, schema)).userErrors).toMatchObject([
      { code: 'INVALID_VALUE', field, message: expect.stringMatching(/\S.{10,}\.$/) },
    ]);
    expect((await tenant.scim('GET', '/Schemas')).body.totalResults).toBe(4);
  });
});
