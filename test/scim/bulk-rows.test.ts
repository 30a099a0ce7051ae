/** Operations of a Bulk request that stand in a row are done together: with the outcome that they would have one after the other. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasServer, run, waiting } from '../support/held-rows.js';
import { patchOp, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

const REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

let [together, oneByOne]: Tenant[] = [];
beforeAll(async () => {
  [together, oneByOne] = [await newTenant(), await newTenant()];
});

type Body = Record<string, unknown>;
interface Operation {
  readonly method: string;
  readonly path: string;
  readonly version?: string;
  readonly data?: object;
}
interface Result {
  readonly status: string;
  readonly version?: string;
  readonly location?: string;
  readonly response?: { readonly scimType?: string };
}

async function bulk(tenant: Tenant, Operations: readonly Operation[], more: object = {}): Promise<Result[]> {
  const { status, body } = await tenant.scim('POST', '/Bulk', { schemas: [REQUEST], Operations, ...more });
  expect(status).toBe(200);
  return body['Operations'] as Result[];
}

async function each(tenant: Tenant, operations: readonly Operation[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const { method, path, version, data } of operations) {
    const { status, body } = await tenant.scim(method, path, data, version ? { 'if-match': version } : {});
    results.push({ status: String(status), ...(status >= 400 ? { response: body } : { version: body?.meta?.version }) });
  }
  return results;
}

const USERS = 5;
let rounds = 0;

async function made(tenant: Tenant, round: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < USERS; at += 1) ids.push((await tenant.scim('POST', '/Users', userBody(`${round}-${at}@x.com`))).body.id);
  return ids;
}

const told = (results: readonly Result[]) => results.map(({ status, version, response }) => [status, version, response?.scimType]);

async function state(tenant: Tenant, ids: readonly string[]) {
  const answers = await Promise.all(ids.map((id) => tenant.scim('GET', `/Users/${id}`)));
  return answers.map(({ status, body }) => [status, body.userName, body['title'], body.active, body.meta?.version]);
}

/** What is done to which user; names are few, so that they are taken, and free again. */
const step = fc.record({
  user: fc.integer({ min: 0, max: USERS }), // the last is nobody
  method: fc.constantFrom('PATCH', 'PATCH', 'PATCH', 'PUT', 'DELETE'),
  name: fc.option(fc.integer({ min: 0, max: USERS + 1 })),
  title: fc.constantFrom('A', 'B', ['no text']),
  active: fc.boolean(),
  version: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 4 }),
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function operationOf({ user, method, name, title, active, version }: Step, ids: readonly string[], round: number): Operation {
  const values: Body = { title, active, ...(name !== null && { userName: `${round}-${name}@x.com` }) };
  const path = `/Users/${ids[user] ?? '01890a5d-ac96-774b-bcce-b302099a8057'}`;
  const data = {
    PATCH: patchOp({ op: 'replace', value: values }),
    PUT: userBody(`${round}-${name ?? user}@x.com`, { title, active }),
    DELETE: undefined,
  }[method];
  return { method, path, ...(version && { version: `W/"${version}"` }), ...(data && { data }) };
}

test('random operations do what they do one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      const round = (rounds += 1);
      const [ours, theirs] = [await made(together!, round), await made(oneByOne!, round)];
      const results = await bulk(
        together!,
        steps.map((one) => operationOf(one, ours, round)),
      );
      expect(told(results)).toEqual(
        told(
          await each(
            oneByOne!,
            steps.map((one) => operationOf(one, theirs, round)),
          ),
        ),
      );
      expect(await state(together!, ours)).toEqual(await state(oneByOne!, theirs));
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 4), endOnFailure: true },
  );
});

const change = (id: string, values: object): Operation => ({
  method: 'PATCH',
  path: `/Users/${id}`,
  data: patchOp({ op: 'replace', value: values }),
});

test('250 leavers leave, and those who cannot are told apart', async () => {
  const ids = (
    await bulk(
      together!,
      Array.from({ length: 250 }, (_, at) => ({ method: 'POST', path: '/Users', bulkId: `${at}`, data: userBody(`many-${at}@x.com`) })),
    )
  ).map((one) => one.location!.split('/').at(-1)!);
  const operations = ids.map((id, at) =>
    at % 50 === 7 ? { ...change(id, { active: false }), version: 'W/"9"' } : change(id, { active: false }),
  );
  const results = await bulk(together!, operations);
  expect(results.map(({ status }) => status)).toEqual(ids.map((_, at) => (at % 50 === 7 ? '412' : '200')));
  const left = await together!.scim(
    'GET',
    '/Users?filter=userName sw "many-" and active eq false&count=0'.replaceAll(' ', '%20').replaceAll('"', '%22'),
  );
  expect(left.body.totalResults).toBe(245);
});

test('of those in a row no more fail than the request permits', async () => {
  const ids = await made(together!, (rounds += 1));
  const operations = ids.map((id, at) => (at % 2 === 1 ? { ...change(id, { title: 'T' }), version: 'W/"9"' } : change(id, { title: 'T' })));
  expect((await bulk(together!, operations, { failOnErrors: 1 })).map(({ status }) => status)).toEqual(['200', '412']);
  expect((await state(together!, ids)).map(([, , title]) => title)).toEqual(['T', undefined, undefined, undefined, undefined]);
});

describe('in a race', async () => {
  test.skipIf(!(await hasServer()))('one whose name somebody takes at the same moment is refused; the others are done', async () => {
    const ids = await made(together!, (rounds += 1));
    const other = (await together!.scim('POST', '/Users', userBody('other@x.com'))).body.id;
    await run('begin');
    await run(`update app_user set user_name = 'raced@x.com', user_name_key = 'raced@x.com' where id = '${other}'`);
    const asked = bulk(together!, [
      change(ids[0]!, { title: 'T' }),
      change(ids[1]!, { userName: 'raced@x.com' }),
      change(ids[2]!, { userName: 'free@x.com' }),
      change(ids[3]!, { title: 'T' }),
    ]);
    try {
      await waiting(1);
    } finally {
      await run('commit');
    }
    expect((await asked).map(({ status }) => status)).toEqual(['200', '409', '200', '200']);
    expect((await state(together!, ids)).map(([, , title]) => title)).toEqual(['T', undefined, undefined, 'T', undefined]);
  });
});
