/** A URN with a colon after it, as Condeco has published that of its extension. */
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, declare, declared } from '../support/extensions.js';
import { CONDECO, ENTERPRISE, expectList, expectScimError, filtered, type Operation, patchOp, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const PUBLISHED = `${CONDECO}:`;

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

const bodyOf = (over: object = {}) => ({ schemas: [USER], userName: `colon-${(number += 1)}@x.com`, ...over });

async function create(over: object = {}) {
  const answer = await tenant.scim('POST', '/Users', bodyOf(over));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

describe('what is said under it is kept under the URN', () => {
  test.each<[string, object, object]>([
    ['an object', { [PUBLISHED]: { floor: '3' } }, { [CONDECO]: { floor: '3' } }],
    ['an object, in another case', { [PUBLISHED.toUpperCase()]: { floor: '3' } }, { [CONDECO]: { floor: '3' } }],
    ['an object, named in schemas', { schemas: [USER, PUBLISHED], [PUBLISHED]: { floor: '3' } }, { [CONDECO]: { floor: '3' } }],
    ['names with it within', { [PUBLISHED]: { [`${PUBLISHED}:floor`]: '3' } }, { [CONDECO]: { floor: '3' } }],
    ['keys that begin with it', { [`${PUBLISHED}:floor`]: '3', [`${CONDECO}:group`]: 'G' }, { [CONDECO]: { floor: '3', group: 'G' } }],
    ['both objects: the mapped one counts', { [PUBLISHED]: { floor: '3' }, [CONDECO]: { floor: '2' } }, { [CONDECO]: { floor: '3' } }],
    ['another extension', { [`${ENTERPRISE}:`]: { department: 'D' } }, { [ENTERPRISE]: { department: 'D' } }],
    ["the resource's own schema", { [`${USER}:`]: { title: 'T' } }, { title: 'T' }],
    ["a key of the resource's own schema", { [`${USER}::name.givenName`]: 'A' }, { name: { givenName: 'A' } }],
  ])('%s', async (_, said, after) => {
    const made = await create(said);
    expect(made).toMatchObject(after);
    expect(JSON.stringify(made)).not.toMatch(/User:[":]/);
    const other = await create();
    const put = await tenant.scim('PUT', `/Users/${other.id}`, { ...bodyOf(), ...said });
    expect(put, put.text).toMatchObject({ status: 200, body: after });
    const { schemas: _schemas, ...value } = said as { schemas?: unknown };
    const patched = await tenant.scim('PATCH', `/Users/${(await create()).id}`, patchOp({ op: 'replace', value }));
    expect(patched, patched.text).toMatchObject({ status: 200, body: after });
  });
});

test.each<[Operation, object]>([
  [
    { op: 'Add', path: `${PUBLISHED}:floor`, value: '3' },
    { floor: '3', group: 'G' },
  ],
  [
    { op: 'replace', path: PUBLISHED, value: { floor: '3' } },
    { floor: '3', group: 'G' },
  ],
  [{ op: 'remove', path: `${PUBLISHED}:floor` }, { group: 'G' }],
])('paths: %j', async (operation, after) => {
  const { id } = await create({ [CONDECO]: { floor: '1', group: 'G' } });
  const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(operation));
  expect(answer.status, answer.text).toBe(200);
  expect(answer.body[CONDECO]).toEqual(after);
});

test('the URN of the resource itself, and the removal of a whole extension', async () => {
  const { id } = await create({ [CONDECO]: { floor: '1' } });
  const path = `/Users/${id}`;
  const answer = await tenant.scim('PATCH', path, patchOp({ op: 'replace', path: `${USER}:`, value: { active: 'False' } }));
  expect(answer, answer.text).toMatchObject({ status: 200, body: { active: false } });
  expect((await tenant.scim('PATCH', path, patchOp({ op: 'remove', path: PUBLISHED }))).body).not.toHaveProperty(CONDECO);
});

test('a path after it that names nothing is passed over, as after the URN', async () => {
  const { id } = await create();
  for (const path of [`${CONDECO}:desk`, `${PUBLISHED}:desk`]) {
    expect((await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'add', path, value: '1' }))).status).toBe(200);
  }
  expectScimError(await tenant.scim('GET', filtered('/Users', `${PUBLISHED} eq "1"`)), 400, 'invalidFilter');
  expectScimError(await tenant.scim('GET', filtered('/Users', `${PUBLISHED}::floor eq "1"`)), 400, 'invalidFilter');
});

test('filters, sortBy and the attributes to show', async () => {
  const [floor, group] = [`F${(number += 1)}`, 'G'];
  const { id } = await create({ title: 'T', [CONDECO]: { floor, group } });
  const filter = filtered('/Users', `${PUBLISHED}:floor eq "${floor}"`);
  const shown = async (more: string) => {
    const [one, ...others] = expectList(await tenant.scim('GET', filter + more));
    expect([one!.id, others]).toEqual([id, []]);
    return one;
  };
  expect(await shown(`&sortBy=${PUBLISHED}:floor`)).toMatchObject({ title: 'T', [CONDECO]: { floor, group } });
  expect((await shown(`&attributes=${PUBLISHED}:floor`))![CONDECO]).toEqual({ floor });
  expect(await shown(`&attributes=${PUBLISHED}:floor`)).not.toHaveProperty('title');
  expect((await shown(`&attributes=${PUBLISHED}`))![CONDECO]).toEqual({ floor, group });
  expect((await shown(`&excludedAttributes=${PUBLISHED}:floor`))![CONDECO]).toEqual({ group });
  expect(await shown(`&excludedAttributes=${PUBLISHED}`)).not.toHaveProperty([CONDECO]);
});

test('the address of the schema', async () => {
  for (const urn of [CONDECO, PUBLISHED, `${USER}:`]) {
    const answer = await tenant.scim('GET', `/Schemas/${urn}`);
    expect([answer.status, answer.body.id]).toEqual([200, urn.replace(/:$/, '')]);
  }
  expectScimError(await tenant.scim('GET', `/Schemas/${PUBLISHED}:`), 404);
});

describe("a tenant's own schema", () => {
  const ACME = 'urn:acme:params:scim:schemas:extension:colon:2.0:User';

  test('takes a colon after its URN, and may have declared one that ends with it', async () => {
    const own = await newTenant();
    await declared(own, { id: ACME, attributes: [attribute('badge')] });
    await declared(own, { id: `${ACME}:x:`, attributes: [attribute('locker')] });
    const said = { [`${ACME}::badge`]: '1', [`${ACME}:x::locker`]: '2' };
    const { body } = await own.scim('POST', '/Users', bodyOf(said));
    expect(body).toMatchObject({ [ACME]: { badge: '1' }, [`${ACME}:x:`]: { locker: '2' } });
  });

  test('does not take the place of a built-in one by a colon', async () => {
    const { userErrors } = await declare(tenant, { id: PUBLISHED, attributes: [attribute('badge')] });
    expect(userErrors).toMatchObject([{ code: 'INVALID_VALUE', field: 'id' }]);
  });
});
