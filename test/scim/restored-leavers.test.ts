/**
 * A leaver whom a POST with the same external id brings back, where the tenant wants that: once, whoever else comes with it at the same
 * moment.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { hasServer, holding, run, waiting } from '../support/held-rows.js';
import type { Answer, ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let number = 0;
const leaves = patchOp({ op: 'replace', path: 'active', value: false });
beforeAll(async () => {
  tenant = await newTenant();
  await tenant.graphql('mutation { updateTenantPolicies(input: { inactiveDuplicates: RESTORE }) { userErrors { message } } }');
});
const post = (userName: string, externalId: string) => tenant.scim('POST', '/Users', userBody(userName, { externalId }));
async function leaver(): Promise<ScimBody & { externalId: string }> {
  const {
    body: { id },
  } = await post(`leaver-${(number += 1)}@x.com`, `E${number}`);
  return (await tenant.scim('PATCH', `/Users/${id}`, leaves)).body as ScimBody & { externalId: string };
}

test('a leaver comes back once: nobody who is active is replaced', async () => {
  const { id, externalId } = await leaver();
  const [ann, bob] = [await post('ann@x.com', externalId), await post('bob@x.com', externalId)];
  expect(ann).toMatchObject({ status: 201, body: { id, userName: 'ann@x.com' } });
  expect(bob).toMatchObject({ status: 201, body: { userName: 'bob@x.com' } });
  expect(bob.body.id).not.toBe(id);
  expectScimError(await post('ANN@x.com', externalId), 409, 'uniqueness');
});

describe('of two leavers of one external id', () => {
  async function two(): Promise<readonly ScimBody[]> {
    const externalId = `E${(number += 1)}`;
    const ids = [];
    for (const name of ['first', 'second']) ids.push((await post(`${name}-${number}@x.com`, externalId)).body.id);
    return Promise.all(ids.map(async (id) => (await tenant.scim('PATCH', `/Users/${id}`, leaves)).body));
  }
  const namesake = ({ userName }: ScimBody) => userName.replace(/[^@]+/, (name) => name.toUpperCase());

  test.each([0, 1])('the one of the user name comes back, in whatever case: %i', async (at) => {
    const leavers = await two();
    expect(await post(namesake(leavers[at]!), `E${number}`)).toMatchObject({ status: 201, body: { id: leavers[at]!.id, active: true } });
    expect((await tenant.scim('GET', `/Users/${leavers[1 - at]!.id}`)).body).toEqual(leavers[1 - at]);
    expect(await post(`last-${number}@x.com`, `E${number}`)).toMatchObject({ status: 201, body: { id: leavers[1 - at]!.id } });
  });

  test('none comes back by another name, through either door, until it is clear who is meant', async () => {
    const [first, second] = await two();
    const answer = await post(`third-${number}@x.com`, `E${number}`);
    expectScimError(answer, 409, 'uniqueness');
    expect(answer.body.detail).toMatch(/Several inactive users.*reactivate the one/);
    const create = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { userErrors { code field } } }';
    const { data } = await tenant.graphql(create, { input: { user: { userName: `third-${number}@x.com`, externalId: `E${number}` } } });
    expect(data!['createUser']).toEqual({ userErrors: [{ code: 'UNIQUENESS', field: 'externalId' }] });
    for (const leaver of [first!, second!]) expect((await tenant.scim('GET', `/Users/${leaver.id}`)).body).toEqual(leaver);
    await tenant.scim('PATCH', `/Users/${first!.id}`, patchOp({ op: 'remove', path: 'externalId' }));
    expect(await post(`third-${number}@x.com`, `E${number}`)).toMatchObject({ status: 201, body: { id: second!.id } });
  });
});

/**
 * What two requests with the leaver's external id are answered, both of which have found the leaver, whose row somebody changes meanwhile.
 */
async function both(names: readonly [string, string], change?: string): Promise<{ answers: Answer[]; left: ScimBody }> {
  const left = await leaver();
  const answers = await holding(left.id, async () => {
    const begun: Promise<Answer>[] = [];
    for (const name of names) {
      begun.push(post(name, left.externalId));
      await waiting(begun.length);
    }
    if (change) await run(change.replaceAll('$id', left.id));
    return begun;
  });
  return { answers, left };
}

test('two who come at once are two', async (context) => {
  if (!(await hasServer())) return context.skip('needs a database server');
  const { answers, left } = await both(['cy@x.com', 'dee@x.com']);
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(answers.filter(({ body }) => body.id === left.id)).toHaveLength(1);
  for (const { body } of answers) {
    expect((await tenant.scim('GET', `/Users/${body.id}`)).body).toMatchObject({ userName: body.userName, active: true });
  }
});

test('two who come at once by one name are one', async (context) => {
  if (!(await hasServer())) return context.skip('needs a database server');
  const { answers, left } = await both(['eve@x.com', 'Eve@x.com']);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  expect(expectList(await tenant.scim('GET', filtered('/Users', 'userName eq "eve@x.com"')))).toMatchObject([{ id: left.id }]);
});

test.for([
  ['is deleted meanwhile', `delete from app_user where id = '$id'`],
  ['is active meanwhile', `update app_user set active = true, version = version + 1 where id = '$id'`],
  ['is somebody else meanwhile', `update app_user set external_id = 'else', version = version + 1 where id = '$id'`],
])('who %s is left alone', async ([, change], context) => {
  if (!(await hasServer())) return context.skip('needs a database server');
  const { answers, left } = await both([`f-${number}@x.com`, `g-${number}@x.com`], change);
  expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  expect(new Set([left.id, ...answers.map(({ body }) => body.id)]).size).toBe(3);
  const { status, body } = await tenant.scim('GET', `/Users/${left.id}`);
  if (status === 200) expect(body.userName).toBe(left.userName);
});
