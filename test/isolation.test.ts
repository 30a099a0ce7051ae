/** One tenant knows nothing of another: what belongs to somebody else answers byte for byte as what never was, and is not touched. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from './http.js';
import { ENTERPRISE, expectList, expectScimError, filtered, groupBody, memberIds, patchOp, USER, userBody } from './scim.js';
import { newTenant, type Tenant } from './world.js';

const NEVER_WAS = '01890a5d-ac96-774b-bcce-b302099a8057';

let ours: Tenant;
let theirs: Tenant;
let [ourUser, ourGroup, theirUser, theirGroup] = ['', '', '', ''];

async function create(tenant: Tenant, path: string, body: object): Promise<string> {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

beforeAll(async () => {
  [ours, theirs] = [await newTenant(), await newTenant()];
  ourUser = await create(ours, '/Users', userBody('same.name@x.com', { externalId: 'same' }));
  ourGroup = await create(ours, '/Groups', groupBody('Same group', [ourUser]));
  theirUser = await create(theirs, '/Users', userBody('same.name@x.com', { externalId: 'same', title: 'Theirs' }));
  theirGroup = await create(theirs, '/Groups', groupBody('Same group', [theirUser], { externalId: 'same' }));
});

/** Everything the other tenant has, as it sees it. */
async function theirState(): Promise<unknown[]> {
  const paths = ['/Users', '/Groups', `/Users/${theirUser}`, `/Groups/${theirGroup}`];
  return Promise.all(paths.map(async (path) => (await theirs.scim('GET', path)).body));
}

/** An answer as far as it may be compared: without the clock and the request's id, ids replaced by a word. */
function comparable({ status, headers, text }: Answer, id: string): object {
  const { date: _, ...rest } = headers;
  const same = Object.fromEntries(Object.entries(rest).filter(([name]) => !/request-id|^ratelimit$/.test(name)));
  return { status, text: text.replaceAll(id, '<id>'), headers: { ...same, 'content-length': Number(same['content-length'] ?? 0) } };
}

const rename = patchOp({ op: 'replace', path: 'displayName', value: 'Taken over' });

/** Every request that carries an id, with the id left open. */
const requests: readonly { name: string; send: (id: string) => [method: string, path: string, body?: object, headers?: Record<string, string>] }[] = [
  { name: 'GET /Users/{id}', send: (id) => ['GET', `/Users/${id}`] },
  { name: 'GET /Users/{id} with attributes', send: (id) => ['GET', `/Users/${id}?attributes=groups`] },
  { name: 'GET /Users/{id} if changed', send: (id) => ['GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"1"' }] },
  { name: 'PUT /Users/{id}', send: (id) => ['PUT', `/Users/${id}`, userBody('same.name@x.com')] },
  { name: 'PUT /Users/{id} with a version', send: (id) => ['PUT', `/Users/${id}`, userBody('other@x.com'), { 'if-match': 'W/"1"' }] },
  { name: 'PATCH /Users/{id}', send: (id) => ['PATCH', `/Users/${id}`, rename] },
  { name: 'PATCH /Users/{id} deactivation', send: (id) => ['PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { active: false } })] },
  { name: 'PATCH /Users/{id} with a version', send: (id) => ['PATCH', `/Users/${id}`, rename, { 'if-match': 'W/"7"' }] },
  { name: 'DELETE /Users/{id}', send: (id) => ['DELETE', `/Users/${id}`] },
  { name: 'GET /Groups/{id}', send: (id) => ['GET', `/Groups/${id}`] },
  { name: 'PUT /Groups/{id}', send: (id) => ['PUT', `/Groups/${id}`, groupBody('Taken over', [])] },
  { name: 'PUT /Groups/{id} with our member', send: (id) => ['PUT', `/Groups/${id}`, groupBody('Taken over', [ourUser])] },
  { name: 'PATCH /Groups/{id}', send: (id) => ['PATCH', `/Groups/${id}`, rename] },
  { name: 'PATCH /Groups/{id} members', send: (id) => ['PATCH', `/Groups/${id}`, patchOp({ op: 'add', path: 'members', value: [{ value: ourUser }] })] },
  { name: 'PATCH /Groups/{id} no members', send: (id) => ['PATCH', `/Groups/${id}`, patchOp({ op: 'replace', path: 'members', value: [] })] },
  { name: 'DELETE /Groups/{id}', send: (id) => ['DELETE', `/Groups/${id}`] },
  { name: 'GET /Users of a group', send: (id) => ['GET', filtered('/Users', `groups eq "${id}"`)] },
  { name: 'GET /Users by id', send: (id) => ['GET', filtered('/Users', `id eq "${id}"`)] },
  { name: 'GET /Groups of a member', send: (id) => ['GET', filtered('/Groups', `members eq "${id}"`)] },
  { name: 'GET /Groups by id', send: (id) => ['GET', filtered('/Groups', `id eq "${id}"`)] },
  { name: 'POST /Groups with a member', send: (id) => ['POST', '/Groups', groupBody('With a stranger', [ourUser, id])] },
  { name: 'PUT own group with a member', send: (id) => ['PUT', `/Groups/${ourGroup}`, groupBody('Same group', [ourUser, id])] },
  { name: 'PATCH own group, add a member', send: (id) => ['PATCH', `/Groups/${ourGroup}`, patchOp({ op: 'add', path: 'members', value: [{ value: id }] })] },
  { name: 'PATCH own group, replace by a member', send: (id) => ['PATCH', `/Groups/${ourGroup}`, patchOp({ op: 'replace', path: 'members', value: [{ value: id }] })] },
  { name: 'PATCH own group, remove a member', send: (id) => ['PATCH', `/Groups/${ourGroup}`, patchOp({ op: 'remove', path: `members[value eq "${id}"]` })] },
];

describe('an id of another tenant answers as one that never was', () => {
  test.each(requests)('$name', async ({ send }) => {
    const before = await theirState();
    for (const foreign of [theirUser, theirGroup]) {
      const [unknown, answer] = [await ours.scim(...send(NEVER_WAS)), await ours.scim(...send(foreign))];
      expect(comparable(answer, foreign)).toEqual(comparable(unknown, NEVER_WAS));
      expect(answer.text).not.toContain('Theirs');
      expect(answer.status).toBeLessThan(500);
    }
    expect(await theirState()).toEqual(before);
    expect(memberIds((await ours.scim('GET', `/Groups/${ourGroup}`)).body)).toEqual([ourUser]);
  });

  test('by id it is a 404', async () => {
    expectScimError(await ours.scim('GET', `/Users/${theirUser}`), 404);
    expectScimError(await ours.scim('DELETE', `/Groups/${theirGroup}`), 404);
  });

  test('as a member it is unknown, by name', async () => {
    const answer = await ours.scim('PATCH', `/Groups/${ourGroup}`, patchOp({ op: 'add', path: 'members', value: [{ value: theirUser }] }));
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(theirUser);
  });
});

describe('each tenant for itself', () => {
  test('the same names and external ids are free in each', async () => {
    const fresh = await newTenant();
    await create(fresh, '/Users', userBody('same.name@x.com', { externalId: 'same' }));
    await create(fresh, '/Groups', groupBody('Same group', [], { externalId: 'same' }));
    expect(expectList(await fresh.scim('GET', '/Users'))).toHaveLength(1);
  });

  test.each(['/Users', '/Users?filter=userName%20eq%20"same.name@x.com"', '/Users?filter=externalId%20eq%20"same"', '/Users?filter=title%20eq%20"Theirs"%20or%20id%20pr', '/Users?sortBy=userName&count=1000'])(
    '%s lists our users only', async (path) => {
      expect(expectList(await ours.scim('GET', path)).map(({ id }) => id)).toEqual([ourUser]);
    });

  test('a reference in what we write points nowhere in theirs', async () => {
    const before = await theirState();
    const body = { schemas: [USER], userName: 'referrer@x.com', id: theirUser, [ENTERPRISE]: { manager: { value: theirUser } }, groups: [{ value: theirGroup }] };
    const id = await create(ours, '/Users', body);
    expect(id).not.toBe(theirUser);
    const { text } = await ours.scim('GET', `/Users/${id}`);
    expect(text).not.toMatch(/Ann Lee/); // the manager's name is not looked up across the border
    expect(await theirState()).toEqual(before);
  });

  test('GraphQL answers the same to both kinds of strangers', async () => {
    const ask = async (id: string) => JSON.stringify(await ours.graphql('query ($id: ID!) { user(by: { id: $id }) { id } group(by: { id: $id }) { id } }', { id })).replaceAll(id, '<id>');
    expect(await ask(theirUser)).toBe(await ask(NEVER_WAS));
    expect(await ask(theirGroup)).toBe(await ask(NEVER_WAS));
  });
});
