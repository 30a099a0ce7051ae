/**
 * What becomes of the users when an extension is declared anew: no declaration, and no value that fits one no longer, keeps a leaver
 * active.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, declare, declared } from '../support/extensions.js';
import type { Answer, ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, type Operation, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const PETS = 'urn:acme:params:scim:schemas:extension:pets:2.0:User';
const STAFF = 'urn:acme:params:scim:schemas:extension:staff:2.0:User';

beforeAll(() => world()); // to start takes longer than any test

async function create(tenant: Tenant, userName: string, over: object): Promise<ScimBody> {
  const answer = await tenant.scim('POST', '/Users', userBody(userName, over));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const patch = (tenant: Tenant, id: string, ...operations: Operation[]): Promise<Answer> =>
  tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations));
const leaves = { op: 'replace', path: 'active', value: false };

const complex = (name: string, subAttributes: object[], more: object = {}) => attribute(name, { type: 'complex', subAttributes, ...more });
const pets = (...parts: object[]) => ({
  id: PETS,
  attributes: [complex('pets', parts, { multiValued: true }), complex('home', parts), attribute('note')],
});

describe('what is newly required within a value must be there already', () => {
  test.each([
    ['pets', [{ value: 'p1', kind: 'dog' }, { value: 'p2' }]],
    ['home', { value: 'p1' }],
  ])('in %s', async (name, value) => {
    const tenant = await newTenant();
    await declared(tenant, pets(attribute('value'), attribute('kind')));
    const { id } = await create(tenant, 'ann@x.com', { [PETS]: { [name]: value } });
    await create(tenant, 'ben@x.com', { [PETS]: { note: 'none' } });
    await create(tenant, 'cy@x.com', {});
    for (const [part, others] of [
      ['kind', []],
      ['size', [attribute('kind')]],
    ] as const) {
      const { userErrors } = await declare(tenant, pets(attribute('value'), ...others, attribute(part, { required: true })));
      expect(userErrors).toMatchObject([
        {
          code: 'INVALID_VALUE',
          field: 'attributes',
          message: `"${name}.${part}" cannot be required yet: 1 resources have "${name}" without it.`,
        },
      ]);
    }
    expect((await patch(tenant, id, { op: 'replace', path: `${PETS}:${name}.kind`, value: 'cat' })).status).toBe(200);
    await declared(tenant, pets(attribute('value'), attribute('kind', { required: true })));
    expectScimError(await tenant.scim('POST', '/Users', userBody('late@x.com', { [PETS]: { [name]: value } })), 400, 'invalidValue');
    expect((await patch(tenant, id, leaves)).body.active).toBe(false);
  });

  test('what is lost on the way is not there', async () => {
    const tenant = await newTenant();
    await declared(tenant, { id: PETS, attributes: [attribute('note', { required: true }), attribute('other')] });
    const { id } = await create(tenant, 'ann@x.com', { [PETS]: { note: '1', other: 'x' } });
    const narrower = { id: PETS, attributes: [attribute('note', { type: 'integer', required: true }), attribute('other')] };
    expect((await declare(tenant, narrower, { acceptLoss: true })).userErrors).toMatchObject([
      { code: 'INVALID_VALUE', message: expect.stringContaining('"note" cannot be required yet: 1 resources') },
    ]);
    expect((await tenant.scim('GET', `/Users/${id}`)).body).toMatchObject({
      [PETS]: { note: '1', other: 'x' },
      meta: { version: 'W/"1"' },
    });
    await patch(tenant, id, { op: 'remove', path: PETS });
    expect((await declared(tenant, narrower, { acceptLoss: true }))['losses']).toEqual([]);
  });
});

describe('who has not what is required now', () => {
  let tenant: Tenant;
  let number = 0;
  beforeAll(async () => {
    tenant = await newTenant();
    await declared(tenant, {
      id: PETS,
      attributes: [...pets(attribute('value'), attribute('kind', { required: true })).attributes, attribute('chip', { required: true })],
    });
  });

  /** As a release that did not look left them. */
  async function lacking(): Promise<ScimBody | undefined> {
    const { query } = await world();
    if (!query) return undefined;
    const { id } = await create(tenant, `lacking-${(number += 1)}@x.com`, {
      [PETS]: { pets: [{ value: 'p1', kind: 'dog' }], home: { value: 'h', kind: 'hut' }, chip: 'c', note: 'n' },
    });
    for (const path of ['pets,0,kind', 'home,kind', 'chip']) {
      await query(
        `update app_user set profile = profile #- '{"${PETS}",${path}}', folded = folded #- '{"${PETS}",${path}}' where id = '${id}'`,
      );
    }
    const { body } = await tenant.scim('GET', `/Users/${id}`);
    expect(body[PETS]).toEqual({ pets: [{ value: 'p1' }], home: { value: 'h' }, note: 'n' });
    return body;
  }
  const mutate = (name: string, input: object) =>
    tenant.graphql(
      `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { userErrors { message } } }`,
      { input },
    );
  const stays = { [PETS]: { pets: [{ value: 'p1' }], home: { value: 'h' }, note: 'n' } };

  test.for<[string, (user: ScimBody) => Promise<unknown>, object]>([
    ['PATCH', ({ id }) => patch(tenant, id, leaves), stays],
    ['PATCH without a path', ({ id }) => patch(tenant, id, { op: 'replace', value: { active: false } }), stays],
    [
      'PATCH of another attribute of the extension, too',
      ({ id }) => patch(tenant, id, { op: 'add', path: `${PETS}:note`, value: 'gone' }, leaves),
      { [PETS]: { ...stays[PETS], note: 'gone' } },
    ],
    [
      'PATCH with nothing for what is missing',
      ({ id }) => patch(tenant, id, { op: 'replace', path: `${PETS}:chip`, value: '' }, { op: 'remove', path: `${PETS}:chip` }, leaves),
      stays,
    ],
    [
      'PATCH that takes the value away',
      ({ id }) => patch(tenant, id, { op: 'remove', path: `${PETS}:pets[value eq "p1"]` }, { op: 'remove', path: `${PETS}:home` }, leaves),
      { [PETS]: { note: 'n' } },
    ],
    [
      'PATCH that names the value that goes',
      ({ id }) => patch(tenant, id, { op: 'remove', path: `${PETS}:pets`, value: [{ value: 'P1' }] }, leaves),
      { [PETS]: { home: { value: 'h' }, note: 'n' } },
    ],
    ['PUT of what GET answered', (user) => tenant.scim('PUT', `/Users/${user.id}`, { ...user, active: false }), stays],
    ['PUT without the extension', ({ id, userName }) => tenant.scim('PUT', `/Users/${id}`, { userName, active: false }), {}],
    [
      'Bulk',
      ({ id }) => tenant.scim('POST', '/Bulk', { Operations: [{ method: 'PATCH', path: `/Users/${id}`, data: patchOp(leaves) }] }),
      stays,
    ],
    ['deactivateUser', ({ id }) => mutate('deactivateUser', { id }), stays],
    ['updateUser', ({ id }) => mutate('updateUser', { id, user: { active: false } }), stays],
    [
      'updateUser of another attribute, too',
      ({ id }) => mutate('updateUser', { id, user: { active: false, extensions: { [PETS]: { note: 'gone', chip: null } } } }),
      { [PETS]: { ...stays[PETS], note: 'gone' } },
    ],
    ['changeUser', ({ id }) => mutate('changeUser', { id, changes: [{ op: 'REPLACE', path: 'active', value: false }] }), stays],
    ['replaceUser', ({ id, userName }) => mutate('replaceUser', { id, user: { userName, active: false, extensions: stays } }), stays],
  ])('leaves by %s', async ([, deactivate, expected], context) => {
    const user = await lacking();
    if (!user) return context.skip('needs a database server');
    const answer = await deactivate(user);
    const { body } = await tenant.scim('GET', `/Users/${user.id}`);
    expect(body.active, JSON.stringify(answer)).toBe(false);
    expect({ [PETS]: body[PETS] }).toEqual({ [PETS]: undefined, ...expected });
  });

  test('is not given more of the kind, and loses nothing that is required and there', async (context) => {
    const user = await lacking();
    if (!user) return context.skip('needs a database server');
    expectScimError(await patch(tenant, user.id, { op: 'add', path: `${PETS}:pets`, value: [{ value: 'p2' }] }), 400, 'invalidValue');
    expectScimError(await patch(tenant, user.id, { op: 'replace', path: `${PETS}:home.value`, value: 'h2' }), 400, 'invalidValue');
    expect((await patch(tenant, user.id, { op: 'add', path: `${PETS}:chip`, value: 'c2' })).status).toBe(200);
    expectScimError(await patch(tenant, user.id, { op: 'remove', path: `${PETS}:chip` }), 400, 'mutability');
    expectScimError(await patch(tenant, user.id, { op: 'replace', path: `${PETS}:chip`, value: '' }), 400, 'mutability');
  });

  test('begins the extension with all that is required, or not at all', async () => {
    const { id } = await create(tenant, 'begins@x.com', {});
    expectScimError(await patch(tenant, id, { op: 'add', path: `${PETS}:note`, value: 'n' }), 400, 'invalidValue');
    expect((await patch(tenant, id, { op: 'replace', path: `${PETS}:chip`, value: null }, leaves)).body.active).toBe(false);
    const nothing = [
      { op: 'remove', path: `${PETS}:pets`, value: [{ value: 'p1' }] },
      { op: 'remove', path: `${PETS}:home.value` },
      { op: 'replace', path: `${PETS}:home`, value: { kind: '' } },
    ];
    expect((await patch(tenant, id, ...nothing, { op: 'replace', path: 'active', value: true })).body).toMatchObject({ active: true });
    expectScimError(
      await tenant.scim('PUT', `/Users/${id}`, userBody('begins@x.com', { [PETS]: { chip: 'c', pets: [{ value: 'p1' }] } })),
      400,
      'invalidValue',
    );
    expect(
      (await patch(tenant, id, { op: 'add', path: `${PETS}:note`, value: 'n' }, { op: 'add', path: `${PETS}:chip`, value: 'c' })).body[
        PETS
      ],
    ).toEqual({ chip: 'c', note: 'n' });
  });
});

describe('what is set once, beside what is required', () => {
  let tenant: Tenant;
  const staff = { badgeNo: '7', site: 'North', note: 'n' };
  let number = 0;
  const created = () => create(tenant, `staff-${(number += 1)}@x.com`, { externalId: `staff-${number}`, [STAFF]: staff });
  beforeAll(async () => {
    tenant = await newTenant();
    await declared(tenant, {
      id: STAFF,
      attributes: [attribute('badgeNo', { mutability: 'immutable' }), attribute('site', { required: true }), attribute('note')],
    });
  });

  test('stays with it where a PUT does not know the extension, and the leaver leaves', async () => {
    const { id, userName } = await created();
    const put = await tenant.scim('PUT', `/Users/${id}`, { userName, active: true });
    expect(put.status, put.text).toBe(200);
    expect(put.body[STAFF]).toEqual({ badgeNo: '7', site: 'North' });
    expect((await patch(tenant, id, leaves)).body).toMatchObject({ active: false, [STAFF]: { badgeNo: '7', site: 'North' } });
    expect((await tenant.scim('PUT', `/Users/${id}`, { userName, active: false })).body.meta.version).toBe('W/"3"');
  });

  test('a PUT that knows the extension says what is required; what is set once stays by itself', async () => {
    const { id, userName } = await created();
    const put = (values: object) => tenant.scim('PUT', `/Users/${id}`, { userName, [STAFF]: values });
    expectScimError(await put({ badgeNo: '7' }), 400, 'invalidValue');
    expectScimError(await put({ badgeNo: '8', site: 'North' }), 400, 'mutability');
    expect((await put({ site: 'South' })).body[STAFF]).toEqual({ badgeNo: '7', site: 'South' });
  });

  test('a PATCH takes away neither', async () => {
    const { id } = await created();
    expectScimError(await patch(tenant, id, { op: 'remove', path: `${STAFF}:site` }), 400, 'mutability');
    expect((await patch(tenant, id, { op: 'remove', path: STAFF }, leaves)).body).toMatchObject({
      active: false,
      [STAFF]: { badgeNo: '7', site: 'North' },
    });
  });

  test('GraphQL keeps both, too', async () => {
    const { id, userName } = await created();
    const replace = 'mutation ($input: ReplaceUserInput!) { replaceUser(input: $input) { user { attributes } userErrors { message } } }';
    const update =
      'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { attributes active } userErrors { message } } }';
    expect((await tenant.graphql(replace, { input: { id, user: { userName } } })).data).toMatchObject({
      replaceUser: { user: { attributes: { [STAFF]: { badgeNo: '7', site: 'North' } } } },
    });
    expect(
      (await tenant.graphql(update, { input: { id, user: { active: false, extensions: { [STAFF]: { note: 'x' } } } } })).data,
    ).toMatchObject({ updateUser: { user: { active: false, attributes: { [STAFF]: { badgeNo: '7', site: 'North', note: 'x' } } } } });
  });

  test('a leaver who is created again has them still', async () => {
    await tenant.graphql('mutation { updateTenantPolicies(input: { inactiveDuplicates: RESTORE }) { userErrors { message } } }');
    const { id, userName, externalId } = await created();
    await patch(tenant, id, leaves);
    const { body } = await tenant.scim('POST', '/Users', { userName, externalId });
    expect(body).toMatchObject({ id, active: true, [STAFF]: { badgeNo: '7', site: 'North' } });
    expect((await patch(tenant, id, leaves)).body.active).toBe(false);
  });

  test('where it is required itself, a PUT may leave it out', async () => {
    const own = await newTenant();
    await declared(own, { id: STAFF, attributes: [attribute('badgeNo', { mutability: 'immutable', required: true }), attribute('site')] });
    const { id, userName } = await create(own, 'ann@x.com', { [STAFF]: { badgeNo: '7', site: 'North' } });
    expect((await own.scim('PUT', `/Users/${id}`, { userName, [STAFF]: { site: 'South' } })).body[STAFF]).toEqual({
      badgeNo: '7',
      site: 'South',
    });
    expectScimError(await own.scim('POST', '/Users', userBody('ben@x.com', { [STAFF]: { site: 'South' } })), 400, 'invalidValue');
  });
});

test('declared anew with its URN in another case, an extension keeps the spelling under which the values are', async () => {
  const tenant = await newTenant();
  const staff = (id: string, ...more: object[]) => ({ id, attributes: [attribute('site'), ...more] });
  await declared(tenant, staff(STAFF));
  const ann = await create(tenant, 'ann@x.com', { [STAFF]: { site: 'North' } });
  const louder = STAFF.replace('acme', 'ACME').replace('staff', 'Staff');
  expect((await declared(tenant, staff(louder, attribute('floorNo'))))['extensions']).toMatchObject([
    { schema: { id: STAFF, attributes: [{ name: 'site' }, { name: 'floorNo' }] } },
  ]);
  const { body } = await tenant.scim('GET', `/Users/${ann.id}`);
  expect(body).toEqual(ann);
  expect(expectList(await tenant.scim('GET', filtered('/Users', `${louder}:site eq "north"`)))).toEqual([ann]);
  expect((await tenant.scim('PUT', `/Users/${ann.id}`, body)).body).toEqual(ann);
  expect((await patch(tenant, ann.id, { op: 'add', path: `${louder}:floorNo`, value: '3' })).body[STAFF]).toEqual({
    site: 'North',
    floorNo: '3',
  });
  expect((await tenant.scim('GET', `/Schemas/${louder}`)).body.id).toBe(STAFF);
});

describe('lists within values, which earlier releases let tenants declare', () => {
  test('are shown and kept, cannot be filtered or sorted by, and keep no leaver', async (context) => {
    const { query } = await world();
    if (!query) return context.skip('needs a database server');
    const tenant = await newTenant();
    const part = attribute('tags', { type: 'integer', multiValued: true, mutability: 'immutable' });
    const kept = [{ resource: 'User', schema: { id: PETS, name: 'Pets', attributes: [complex('home', [attribute('value'), part])] } }];
    await query(`update tenant set extensions = '${JSON.stringify(kept)}', schema_version = 1 where id = '${tenant.id}'`);
    await declared(tenant, { id: STAFF, attributes: [attribute('site')] });
    const { id, ...ann } = await create(tenant, 'ann@x.com', { [PETS]: { home: { value: 'h', tags: [1, 2] } } });
    expect(ann[PETS]).toEqual({ home: { value: 'h', tags: [1, 2] } });
    for (const filter of [
      'home.tags eq 1',
      `${PETS}:home.tags pr`,
      'home.tags gt 1',
      'home[tags eq 1]',
      'not (home[value eq "h"].tags pr)',
    ]) {
      expectScimError(await tenant.scim('GET', filtered('/Users', filter)), 400, 'invalidFilter');
    }
    expectScimError(await tenant.scim('GET', `/Users?sortBy=${PETS}:home.tags`), 400, 'invalidPath');
    expect(expectList(await tenant.scim('GET', filtered('/Users', 'home.value eq "h"')))).toHaveLength(1);
    expect((await tenant.scim('GET', `/Schemas/${PETS}`)).body['attributes']).toMatchObject([
      { subAttributes: [{ name: 'value' }, { name: 'tags', multiValued: true, mutability: 'readWrite' }] },
    ]);
    expect((await patch(tenant, id, { op: 'replace', path: `${PETS}:home.tags`, value: [3] }, leaves)).body).toMatchObject({
      active: false,
      [PETS]: { home: { tags: [3] } },
    });
  });
});

test('attributes with names that every object has are like any other', async () => {
  const tenant = await newTenant();
  const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];
  const parts = names.map((name) => attribute(name));
  const schema = {
    id: STAFF,
    attributes: [
      attribute('constructor', { mutability: 'immutable' }),
      attribute('toString'),
      complex('valueOf', parts),
      complex('hasOwnProperty', parts, { multiValued: true }),
      attribute('site'),
      complex('home', [attribute('value'), ...parts]),
    ],
  };
  await declared(tenant, schema);
  const { id, ...none } = await create(tenant, 'ann@x.com', {});
  expect(none.schemas).not.toContain(STAFF);
  expect(
    (await patch(tenant, id, { op: 'add', path: `${STAFF}:site`, value: 'North' }, { op: 'add', path: `${STAFF}:home.value`, value: 'h' }))
      .body[STAFF],
  ).toEqual({ site: 'North', home: { value: 'h' } });
  const values = {
    constructor: 'c',
    toString: 't',
    valueOf: { toString: 'x' },
    hasOwnProperty: [{ constructor: 'y' }],
    site: 'North',
    home: { value: 'h' },
  };
  const { body } = await tenant.scim('PUT', `/Users/${id}`, userBody('ann@x.com', { [STAFF]: values }));
  expect(body[STAFF]).toEqual(values);
  expectScimError(await patch(tenant, id, { op: 'replace', path: `${STAFF}:constructor`, value: 'd' }), 400, 'mutability');
  expect(
    (
      await patch(
        tenant,
        id,
        { op: 'replace', path: `${STAFF}:home.toString`, value: 'z' },
        { op: 'add', path: `${STAFF}:hasOwnProperty`, value: [{ valueOf: 'w' }] },
      )
    ).body[STAFF],
  ).toEqual({ ...values, home: { value: 'h', toString: 'z' }, hasOwnProperty: [{ constructor: 'y' }, { valueOf: 'w' }] as object[] });
  expect(
    expectList(
      await tenant.scim(
        'GET',
        filtered('/Users', `${STAFF}:constructor eq "C" and valueOf.toString eq "x" and hasOwnProperty[constructor eq "y"]`),
      ),
    ),
  ).toHaveLength(1);
  expect((await declare(tenant, { id: STAFF, attributes: schema.attributes.slice(1) })).userErrors).toMatchObject([
    { code: 'LOSES_VALUES', message: expect.stringContaining('"constructor" of 1') },
  ]);

  const other = await newTenant();
  await declared(other, { id: STAFF, attributes: [attribute('site'), attribute('toString')] });
  await create(other, 'ben@x.com', { [STAFF]: { site: 'North' } });
  expect((await declared(other, { id: STAFF, attributes: [attribute('site')] }))['losses']).toEqual([]);
  expect(
    (await declare(other, { id: STAFF, attributes: [attribute('site'), attribute('valueOf', { required: true })] })).userErrors,
  ).toMatchObject([{ message: expect.stringContaining('"valueOf" cannot be required yet: 1') }]);
});

describe('declarations that the database has lost, as where a standby has taken over', () => {
  const DECLARED = '{ caller { tenant { schemaVersion extensions } } }';
  const declaredNow = async (tenant: Tenant) =>
    (await tenant.graphql(DECLARED)).data!['caller']!['tenant'] as { schemaVersion: number; extensions: object[] };

  /** The tenant's declarations are again those before the last one, which the core and the facade have used meanwhile. */
  async function losing(query: (statement: string) => Promise<unknown>): Promise<{ tenant: Tenant; lost: number }> {
    const tenant = await newTenant();
    await declared(tenant, { id: STAFF, attributes: [attribute('site')] });
    const { schemaVersion, extensions } = await declaredNow(tenant);
    await declared(tenant, { id: STAFF, attributes: [attribute('site'), attribute('seat')] });
    await create(tenant, 'ann@x.com', { [STAFF]: { site: 'North', seat: '2' } });
    const { schemaVersion: lost } = await declaredNow(tenant);
    await query(
      `update tenant set extensions = '${JSON.stringify(extensions)}', schema_version = ${schemaVersion} where id = '${tenant.id}'`,
    );
    return { tenant, lost };
  }

  test('are known to nobody any more once the verdict on a token is a new one', async (context) => {
    const { query } = await world();
    if (!query) return context.skip('needs a database server');
    const { tenant } = await losing(query);
    const {
      body: { accessToken },
    } = await tenant.requestToken({ scimClientId: tenant.clientId, scimClientSecret: tenant.clientSecret, grantType: 'password' });
    const ben = await tenant.scim('POST', '/Users', userBody('ben@x.com', { [STAFF]: { site: 'North', seat: '2' } }), {
      authorization: `Bearer ${String(accessToken)}`,
    });
    expect(ben, ben.text).toMatchObject({ status: 201, body: { [STAFF]: { site: 'North' } } });
    expect(ben.body[STAFF]).not.toHaveProperty('seat');
  });

  test('have had a number that no others get', async (context) => {
    const { query } = await world();
    if (!query) return context.skip('needs a database server');
    const { tenant, lost } = await losing(query);
    await new Promise((resolve) => setTimeout(resolve, 2100)); // nobody takes over within the second
    await declared(tenant, { id: STAFF, attributes: [attribute('site'), attribute('desk')] });
    expect((await declaredNow(tenant)).schemaVersion).toBeGreaterThan(lost);
    const { [STAFF]: staff } = await create(tenant, 'cy@x.com', { [STAFF]: { site: 'North', seat: '2', desk: '7' } });
    expect(staff).toEqual({ site: 'North', desk: '7' });
  });
});
