/**
 * Okta's SCIM 2.0 specification test, step by step: what every integration must pass before Okta lists it. The order, the headers,
 * the bodies and the mixed-case names are theirs; each step keeps their words.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/http.js';
import { ERROR, expectScimError, filtered, LIST, USER, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const digits = (count: number) => String(Math.floor(Math.random() * 10 ** count)).padStart(count, '0');
const givenName = `Runscope${digits(3)}`;
const familyName = `Qwertzuio${digits(3)}`;
const randomEmail = `${givenName}${familyName}@atko.com`;

describe("Okta's specification test", () => {
  let tenant: Tenant;
  let existingUser = '';
  let idUserOne = '';

  const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    tenant.scim('GET', path, undefined, {
      'accept-charset': 'utf-8',
      'content-type': 'application/scim+json; charset=utf-8',
      accept: 'application/scim+json',
      'user-agent': 'OKTA SCIM Integration',
      ...headers,
    });
  const post = (body: object): Promise<Answer> =>
    tenant.scim('POST', '/Users', body, {
      'content-type': 'application/json',
      accept: 'application/scim+json; charset=utf-8',
      'user-agent': 'OKTA SCIM Integration',
    });
  const user = {
    schemas: [USER],
    userName: randomEmail,
    name: { givenName, familyName },
    emails: [{ primary: true, value: randomEmail, type: 'work' }],
    displayName: `${givenName} ${familyName}`,
    active: true,
  };

  beforeAll(async () => {
    tenant = await newTenant();
    const seed = await post(userBody('seed@example.com')); // the test needs one user to be there already
    expect(seed.status, seed.text).toBe(201);
  });

  test('1. Test Users endpoint', async () => {
    const { status, body } = await get('/Users?count=1&startIndex=1');
    expect(status).toBe(200);
    expect(body.schemas).toContain(LIST);
    expect(body).toMatchObject({ itemsPerPage: 1, startIndex: 1, totalResults: expect.any(Number) });
    const [first] = body.Resources;
    expect(first?.id).toBeTruthy();
    expect(first?.name.familyName).toBeTruthy();
    expect(first?.name.givenName).toBeTruthy();
    expect(first?.userName).toBeTruthy();
    expect(first?.active).toBe(true);
    expect(first?.emails[0]?.value).toBeTruthy();
    existingUser = first?.id ?? '';
  });

  test('2. Get Users/{{id}}', async () => {
    const { status, body } = await get(`/Users/${existingUser}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: existingUser, active: true });
    expect(body.name.familyName).toBeTruthy();
    expect(body.name.givenName).toBeTruthy();
    expect(body.userName).toBeTruthy();
    expect(body.emails[0]?.value).toBeTruthy();
  });

  test('3. Test invalid User by username', async () => {
    const { status, body } = await get(filtered('/Users', 'userName eq "abcdefgh@atko.com"'));
    expect(status).toBe(200);
    expect(body.schemas).toContain(LIST);
    expect(body.totalResults).toBe(0);
  });

  test('4. Test invalid User by ID', async () => {
    const { status, body } = await get('/Users/010101001010101011001010101011');
    expect(status).toBe(404);
    expect(body.detail).toBeTruthy();
    expect(body.schemas).toContain(ERROR);
  });

  test("5. Make sure random user doesn't exist", async () => {
    const { status, body } = await get(filtered('/Users', `userName eq "${randomEmail}"`));
    expect(status).toBe(200);
    expect(body.totalResults).toBe(0);
    expect(body.schemas).toContain(LIST);
  });

  test('6. Create Okta user with realistic values', async () => {
    const { status, body } = await post(user);
    expect(status).toBe(201);
    expect(body).toMatchObject({ active: true, name: { familyName, givenName }, userName: randomEmail });
    expect(body.schemas).toContain(USER);
    expect(body.id).toBeTruthy();
    idUserOne = body.id;
  });

  test('7. Verify that user was created', async () => {
    const { status, body } = await get(`/Users/${idUserOne}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ userName: randomEmail, name: { familyName, givenName } });
  });

  test('8. Expect failure when recreating user with same values', async () => {
    expect((await post(user)).status).toBe(409);
  });

  test('9. Username Case Sensitivity Check', async () => {
    const { status, body } = await get(filtered('/Users', `userName eq "${randomEmail.toUpperCase()}"`));
    expect(status).toBe(200);
    expect(body.totalResults).toBe(1); // Okta asks only for the 200; RFC 7643 says userName is not case-exact
  });

  test('10. Verify Groups endpoint', async () => {
    const { status, body, elapsed } = await get('/Groups');
    expect(status).toBe(200);
    expect(elapsed).toBeLessThan(600);
    expect(body.totalResults).toBe(0);
    expect(body.Resources).toEqual([]);
  });

  test('11. Check status 401', async () => {
    const answer = await get(filtered('/Users', `userName eq "${randomEmail.toUpperCase()}"`), { authorization: 'non-token' });
    expectScimError(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
  });

  test('12. Check status 404', async () => {
    expectScimError(await get('/Users/00919288221112222'), 404);
  });
});
