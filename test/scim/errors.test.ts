/** Every refusal, from every layer, is a SCIM Error that an admin can read in the identity provider's log. */
import { beforeAll, describe, expect, test } from 'vitest';
import { exchange, type Headers } from '../support/http.js';
import { expectScimError, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

let tenant: Tenant;
let [user, group] = ['', ''];

beforeAll(async () => {
  tenant = await newTenant();
  user = (await tenant.scim('POST', '/Users', userBody('errors@x.com'))).body.id;
  group = (await tenant.scim('POST', '/Groups', groupBody('Errors', [user]))).body.id;
});

const PATHS = [
  '/Users',
  '/users',
  '/USERS',
  '//Users',
  '/Users/',
  '/Users?filter=userName%20eq%20"x"',
  '/Users/00919288221112222',
  '/Groups',
  '/groups/',
  '/Groups/00919288221112222',
  '/ServiceProviderConfig',
  '/serviceproviderconfig',
  '/Schemas',
  '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
  '/ResourceTypes',
  '/ResourceTypes/User',
  '/ResourceTypes/Nothing',
  '/Me',
  '/Nothing',
  '/',
  '',
  '/%E0%A4%A',
];

describe('without a good token everything is a 401', () => {
  const strangers: readonly (string | undefined)[] = [
    undefined,
    'non-token',
    'Bearer wrong',
    'Bearer',
    'Basic dXNlcjpwYXNz',
    'Bearer condeco_0000000000000000000000000000000000000000000000000',
  ];

  test.each(PATHS)('GET %s', async (path) => {
    for (const authorization of strangers) {
      const answer = await tenant.scim('GET', path, undefined, { authorization });
      expectScimError(answer, 401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
    }
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('%s too, whatever the body', async (method) => {
    for (const path of ['/Users', `/Users/${user}`, '/Groups', `/Groups/${group}`, '/Schemas', '/Bulk', '/.search']) {
      expectScimError(await tenant.scim(method, path, '{"broken', { authorization: 'non-token' }), 401);
    }
    expect((await tenant.scim('GET', `/Users/${user}`)).status).toBe(200);
  });

  test('and the paths in other spellings', async () => {
    const { gatewayUrl } = await world();
    for (const base of ['/SCIM/API/v1', '/scim//api/V1', '/scim/api/v1/']) {
      expectScimError(await exchange(gatewayUrl, 'GET', `${base}/Users`, { 'x-forwarded-for': tenant.address }), 401);
    }
  });
});

describe('what is not there is a 404', () => {
  test.each([
    '/Nothing',
    '/Users/a/b',
    '/Groups/x/members',
    '/ResourceTypes/Nothing',
    '/Schemas/urn:example:nothing',
    '/Users/00919288221112222',
    '/Users/010101001010101011001010101011',
    '/Users/null',
    '/Users/..%2F..',
    '/Users/%00',
    '/Users/%F0%9F%92%A9',
    `/Users/${'x'.repeat(3000)}`,
  ])('GET %s', async (path) => {
    expectScimError(await tenant.scim('GET', path), 404);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s of an unknown resource', async (method) => {
    const body =
      method === 'DELETE' ? undefined : method === 'PUT' ? userBody('nobody@x.com') : patchOp({ op: 'replace', value: { active: false } });
    expectScimError(await tenant.scim(method, '/Users/00919288221112222', body), 404);
  });

  test('outside of the service, too', async () => {
    const { gatewayUrl } = await world();
    for (const path of ['/', '/nothing', '/api/V2/token', '/graphql']) expectScimError(await exchange(gatewayUrl, 'GET', path), 404);
  });
});

describe('what the standard has and we have not is a 501 that says what to do instead', () => {
  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s /Me', async (method) => {
    for (const path of ['/Me', '/me/', '/Me?attributes=userName', '/Me/x']) {
      const answer = await tenant.scim(method, path, method.startsWith('P') ? {} : undefined);
      expectScimError(answer, 501);
      expect(answer.body.detail).toContain('/Users?filter=');
    }
  });

  test('HEAD /Me', async () => expect((await tenant.scim('HEAD', '/Me')).status).toBe(501));
});

describe('a method that an address does not take is a 405 that lists those it takes', () => {
  test.each([
    ['PUT', '/Users', 'GET, POST'],
    ['PATCH', '/Users', 'GET, POST'],
    ['DELETE', '/Users', 'GET, POST'],
    ['DELETE', '/Groups/', 'GET, POST'],
    ['POST', '/Users/x', 'GET, PUT, PATCH, DELETE'],
    ['POST', '/Groups/x', 'GET, PUT, PATCH, DELETE'],
    ['GET', '/.search', 'POST'],
    ['PUT', '/Users/.search', 'POST'],
    ['POST', '/', 'GET'],
    ['POST', '/Schemas', 'GET'],
    ['DELETE', '/ServiceProviderConfig', 'GET'],
    ['PATCH', '/ResourceTypes/User', 'GET'],
    ['PROPFIND', '/Users', 'GET, POST'],
  ])('%s %s', async (method, path, allowed) => {
    const answer = await tenant.scim(method, path);
    expectScimError(answer, 405);
    const listed = String(answer.headers.allow).split(', ');
    expect(listed.filter((name) => name !== 'HEAD' && name !== 'OPTIONS').toSorted()).toEqual(allowed.split(', ').toSorted());
    expect([listed.includes('HEAD'), listed.includes('OPTIONS')]).toEqual([listed.includes('GET'), true]);
  });
});

describe('a body that cannot be read', () => {
  const WRITES: readonly [method: string, path: () => string][] = [
    ['POST', () => '/Users'],
    ['POST', () => '/Groups'],
    ['PUT', () => `/Users/${user}`],
    ['PATCH', () => `/Users/${user}`],
    ['PUT', () => `/Groups/${group}`],
    ['PATCH', () => `/Groups/${group}`],
  ];
  const send = async (
    body: string | Buffer | undefined,
    headers: Headers,
    check: (answer: Awaited<ReturnType<Tenant['scim']>>) => void,
  ) => {
    for (const [method, path] of WRITES) {
      check(await tenant.scim(method, path(), body, { 'content-type': 'application/scim+json', ...headers }));
    }
  };
  const nested = (levels: number) => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  test.each<[name: string, body: string | Buffer]>([
    ['cut off', '{"schemas":['],
    ['empty', ''],
    ['no object', '[]'],
    ['text', '"text"'],
    ['null', 'null'],
    ['a number', '7'],
    ['two objects', '{}{}'],
    ['nested too deeply', nested(100)],
    ['nested absurdly', nested(100_000)],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['PHP', '<?php ?>'],
  ])('is a 400 where it is %s', async (_, body) => {
    await send(body, {}, (answer) => expectScimError(answer, 400, 'invalidSyntax'));
  });

  test('or a 400 where there is none at all', async () => {
    await send(undefined, { 'content-type': undefined }, (answer) => expectScimError(answer, 400, 'invalidSyntax'));
  });

  test.each([
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'nonsense',
    'application/jsonp',
  ])('is a 415 as %s', async (type) => {
    await send(JSON.stringify(userBody('type@x.com')), { 'content-type': type }, (answer) => expectScimError(answer, 415));
  });

  test.each(['application/json', 'application/scim+json', 'APPLICATION/SCIM+JSON; charset=utf-8', 'application/json;charset=UTF-8'])(
    'is taken as %s',
    async (type) => {
      const answer = await tenant.scim('PATCH', `/Users/${user}`, patchOp({ op: 'replace', path: 'title', value: 'T' }), {
        'content-type': type,
      });
      expect(answer.status, answer.text).toBe(200);
    },
  );
});

describe('an address that cannot be read', () => {
  test.each(['/Users?filter=%ZZ', '/Users?filter=%E0%A4%A', '/Users?filter=userName%20eq%20"%FF"'])('GET %s is a 400', async (path) => {
    expectScimError(await tenant.scim('GET', path), 400, 'invalidFilter');
  });

  test.each(['/Users/%E0%A4%A', '/Users/%ZZ', '/%ZZ', '/Schemas/%'])('GET %s is a 400 or a 404', async (path) => {
    const answer = await tenant.scim('GET', path);
    expectScimError(answer, [400, 404], answer.body.scimType);
  });
});

describe('every answer', () => {
  test('names the request, and is not kept by anybody in between', async () => {
    for (const path of ['/Users', '/Users/unknown', '/Nothing']) {
      const { headers } = await tenant.scim('GET', path);
      expect(headers['x-request-id']).toMatch(/^[\w-]{8,}$/);
      expect(headers['cache-control']).toMatch(/no-store|private/);
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  test('has no words of the machinery in it', async () => {
    const answers = await Promise.all([
      tenant.scim('GET', '/Users/%00'),
      tenant.scim('POST', '/Users', { userName: 'a\0b' }),
      tenant.scim('POST', '/Users', { userName: '\ud800' }),
      tenant.scim('GET', '/Users?filter=userName%20eq%20"\'"'),
      tenant.scim('PATCH', `/Users/${user}`, patchOp({ op: 'replace', path: "title'; drop table", value: 1 })),
      tenant.scim('POST', '/Users', userBody('x'.repeat(600))),
      tenant.scim('POST', '/Users', userBody('long@x.com', { title: 'x'.repeat(9000) })),
    ]);
    for (const answer of answers) {
      expect(answer.status, answer.text).toBeLessThan(500);
      expect(answer.text).not.toMatch(/postgres|sql|graphql|mikro|kysely|koa|node_modules|at \/|stack|relation "/i);
    }
    expect(answers.map(({ status }) => status)).toEqual([404, 400, 400, 200, 400, 400, 400]);
  });
});
