/**
 * What the service says of itself is what it does: every address, every limit and every feature. Attributes are in schemas-truth.test.ts.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Announced, readAnnounced, type ServiceProviderConfig } from '../support/announced.js';
import type { ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, patchOp, userBody } from '../support/scim.js';
import { newTenant, PUBLIC_URL, SCIM_PATH, type Tenant } from '../support/world.js';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

let tenant: Tenant;
let config: ServiceProviderConfig;
let announced: readonly Announced[];

beforeAll(async () => {
  tenant = await newTenant();
  config = (await tenant.scim('GET', '/ServiceProviderConfig')).body as unknown as ServiceProviderConfig;
  announced = await readAnnounced(tenant);
});

const get = (path: string, headers = {}) => tenant.scim('GET', path, undefined, headers);

/** The resource at the address that it tells itself. */
async function follow({ meta: { location } }: ScimBody): Promise<ScimBody> {
  const base = PUBLIC_URL + SCIM_PATH;
  expect(location.startsWith(base), location).toBe(true);
  return (await get(location.slice(base.length))).body;
}

describe('what is announced', () => {
  test('lives where it says, in lists that are whole whatever page is asked for', async () => {
    for (const path of ['/Schemas', '/ResourceTypes']) {
      const whole = await get(path);
      const resources = expectList(whole);
      expect([whole.body.totalResults, whole.body.startIndex]).toEqual([resources.length, 1]);
      expect((await get(`${path}?startIndex=7&count=1&sortBy=name&attributes=name`)).text).toBe(whole.text);
      for (const resource of resources) expect(await follow(resource)).toEqual(resource);
      for (const address of [path, `${path}/${resources[0]!.id}`, '/ServiceProviderConfig']) {
        expectScimError(await get(`${address}?filter=name%20pr`), 403);
      }
    }
    const { body } = await get('/ServiceProviderConfig');
    expect(await follow(body)).toEqual(body);
  });

  test('is every schema of every resource type, and no other', async () => {
    const schemas = expectList(await get('/Schemas')).map(({ id }) => id);
    expect(schemas.toSorted()).toEqual(announced.flatMap(({ type, extensions }) => [type.schema, ...extensions.keys()]).toSorted());
  });

  test('is complete (RFC 7643, section 5)', () => {
    expect(Object.keys(config)).toEqual(
      expect.arrayContaining(['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag', 'pagination', 'authenticationSchemes', 'meta']),
    );
    expect([config.patch, config.sort, config.etag].map(({ supported }) => supported)).toEqual([true, true, true]);
    for (const { type, name, description } of config.authenticationSchemes) {
      expect([type, name, description].every((text) => text.length > 0)).toBe(true);
    }
  });
});

describe('/ServiceProviderConfig', () => {
  let crowd: Tenant;
  let created = 0;
  const users = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${at}`,
      data: { userName: `crowd-${(created += 1)}@x.com`, title: `T${created % 7}` },
    }));
  const bulk = (operations: readonly object[], bytes = 0) =>
    crowd.scim('POST', '/Bulk', JSON.stringify({ schemas: [BULK], Operations: operations }).padEnd(bytes));

  beforeAll(async () => {
    crowd = await newTenant();
  });

  test('bulk: as many operations and bytes, and no more', async () => {
    const { supported, maxOperations, maxPayloadSize } = config.bulk;
    expect(supported).toBe(true);
    expectScimError(await bulk(users(maxOperations + 1)), 413);
    const done = await bulk(users(maxOperations));
    expect((done.body['Operations'] as { status: string }[]).filter(({ status }) => status === '201')).toHaveLength(maxOperations);
    expect((await bulk(users(2), maxPayloadSize)).status).toBe(200);
    expectScimError(await bulk(users(1), maxPayloadSize + 1), 413);
  });

  test('filter and pagination: pages as long as announced', async () => {
    const { maxResults } = config.filter;
    const { cursor, index, defaultPaginationMethod, defaultPageSize, maxPageSize } = config.pagination;
    expect([cursor, index, defaultPaginationMethod, maxPageSize]).toEqual([true, true, 'index', maxResults]);
    const page = async (path: string) => (await crowd.scim('GET', path)).body;
    const everybody = filtered('/Users', 'userName sw "crowd-"');
    expect(await page(everybody)).toMatchObject({
      startIndex: 1,
      itemsPerPage: defaultPageSize,
      totalResults: expect.toSatisfy((total) => total > maxResults),
    });
    for (const more of ['&count=', '&cursor&count=']) {
      expect((await page(`${everybody}${more}${maxResults}`)).itemsPerPage).toBe(maxResults);
      expect((await page(`${everybody}${more}${maxResults + 1}`)).itemsPerPage).toBe(maxResults);
    }
    const [first, second] = [await page('/Users?startIndex=1&count=2'), await page('/Users?startIndex=2&count=1')];
    expect(second.Resources[0]).toEqual(first.Resources[1]);
    const { nextCursor, Resources } = await page('/Users?cursor&count=1');
    expect((await page(`/Users?cursor=${nextCursor}&count=1`)).Resources[0]?.id).not.toBe(Resources[0]?.id);
  });

  test('sort', async () => {
    const names = async (order: string) =>
      expectList(await crowd.scim('GET', `/Users?count=20&sortBy=userName&sortOrder=${order}`)).map(({ userName }) => userName);
    const [up, down] = [await names('ascending'), await names('descending')];
    expect(up).toEqual(up.toSorted());
    expect(down).toEqual(down.toSorted().toReversed());
    expect(up[0]).not.toBe(down[0]);
  });

  test('patch and etag', async () => {
    const { body, headers } = await tenant.scim('POST', '/Users', userBody('etag@x.com'));
    expect(headers.etag).toBe(body.meta.version);
    const patch = (version: string) =>
      tenant.scim('PATCH', `/Users/${body.id}`, patchOp({ op: 'replace', path: 'title', value: 'Patched' }), { 'if-match': version });
    expect((await patch(body.meta.version)).body).toMatchObject({ title: 'Patched' });
    expectScimError(await patch(body.meta.version), 412);
    expect((await get(`/Users/${body.id}`, { 'if-none-match': 'W/"2"' })).status).toBe(304);
  });

  test('changePassword: a password is taken, kept nowhere and shown to nobody', async () => {
    expect(config.changePassword.supported).toBe(false);
    expect((await get('/Schemas')).text).not.toContain('"password"');
    const { body, text } = await tenant.scim('POST', '/Users', userBody('password@x.com', { password: 'Secret-1' }));
    expect(text).not.toMatch(/password"|Secret-1/);
    const changed = await tenant.scim('PATCH', `/Users/${body.id}`, patchOp({ op: 'replace', path: 'password', value: 'Secret-2' }));
    expect([changed.status, changed.body]).toEqual([200, body]);
    const replaced = await tenant.scim('PUT', `/Users/${body.id}`, userBody('password@x.com', { password: 'Secret-3' }));
    expect([replaced.status, replaced.body]).toEqual([200, body]);
  });

  test('authenticationSchemes: a bearer token, and nothing without it', async () => {
    expect(config.authenticationSchemes.map(({ type }) => type)).toEqual(['oauthbearertoken']);
    expect((await get('/Users', { authorization: `Bearer ${tenant.token}` })).status).toBe(200);
    for (const authorization of [undefined, `Basic ${Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString('base64')}`]) {
      expectScimError(await get('/Users', { authorization }), 401);
    }
  });
});
