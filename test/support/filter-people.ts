/** A few users and groups, each with a letter for a name, for tables of filters: what is found reads as a word. */
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ScimBody } from './http.js';
import { CONDECO, ENTERPRISE, expectList, expectScimError, filtered, GROUP, patchOp, USER } from './scim.js';
import { newTenant, type Tenant } from './world.js';

export type Endpoint = '/Users' | '/Groups';

export interface Letters {
  /** Users and groups by letter, in the order of their creation, no two in the same millisecond. */
  readonly users: Readonly<Record<string, ScimBody>>;
  readonly groups: Readonly<Record<string, ScimBody>>;
  /** Whom the filter finds. */
  find(endpoint: Endpoint, filter: string): Promise<string>;
  expectRefused(endpoint: Endpoint, filter: string, position?: number): Promise<void>;
}

const people: Record<string, object> = {
  a: {
    userName: 'Ann@X.com',
    userType: 'Employee',
    title: 'Engineer',
    externalId: 'E-1',
    name: { familyName: "O'Malley" },
    profileUrl: 'https://x.com/A',
    photos: [{ value: 'https://p/d' }],
    emails: [
      { value: 'a@example.com', type: 'work', primary: true },
      { value: 'a@home.net', type: 'home' },
    ],
    ims: [{ value: 'a@foo.com', type: 'aim' }],
  },
  b: {
    userName: 'bjensen',
    userType: 'Intern',
    title: 'engineer II',
    externalId: 'e-1',
    active: false,
    profileUrl: 'https://x.com/a',
    x509Certificates: [{ value: 'AGk=' }],
    emails: [{ value: 'b@example.org', type: 'other' }],
    addresses: [{ country: 'DE' }],
    [ENTERPRISE]: { department: 'Tours', manager: { value: 'M1' } },
  },
  c: {
    userName: 'John',
    userType: 'Employee',
    name: { familyName: 'Öz' },
    emails: [{ value: 'c@example.com', type: 'home' }],
    addresses: [{ country: 'gb', type: 'work', primary: true }],
    [CONDECO]: { floor: '10' },
  },
  d: {
    userName: 'jd',
    emails: [{ value: 'd@foo.com', type: 'work' }],
    ims: [{ value: 'd@foo.com', type: 'xmpp' }],
    photos: [{ value: 'https://p/D' }],
    x509Certificates: [{ value: 'aGk=' }],
    [ENTERPRISE]: { department: 'tours EMEA', manager: { value: 'm1' } },
    [CONDECO]: { floor: '3' },
  },
  e: { userName: 'zed' },
};

async function create(tenant: Tenant, endpoint: Endpoint, body: object): Promise<ScimBody> {
  const answer = await tenant.scim('POST', endpoint, body);
  expect(answer.status, answer.text).toBe(201);
  await setTimeout(2);
  return answer.body;
}

async function found(tenant: Tenant): Promise<Pick<Letters, 'users' | 'groups'>> {
  const users: Record<string, ScimBody> = {};
  for (const [letter, over] of Object.entries(people)) users[letter] = await create(tenant, '/Users', { schemas: [USER], ...over });
  const group = (displayName: string, letters: string, over: object = {}) =>
    create(tenant, '/Groups', {
      schemas: [GROUP],
      displayName,
      members: letters.split('').map((letter) => ({ value: users[letter]!.id })),
      ...over,
    });
  const groups = {
    n: await group('None', ''),
    s: await group('Staff', 'ab', { externalId: 'G' }),
    t: await group('Tours', 'bd', { externalId: 'g' }),
  };
  // The last who changed, and the only one with a second version.
  await tenant.scim('PATCH', `/Users/${users['d']!.id}`, patchOp({ op: 'add', path: 'timezone', value: 'UTC' }));
  users['d'] = (await tenant.scim('GET', `/Users/${users['d']!.id}`)).body;
  return { users, groups };
}

/** A tenant of its own with all of them in it. */
export async function newLetters(): Promise<Letters> {
  const tenant = await newTenant();
  const letters = await found(tenant);
  return {
    ...letters,
    find: async (endpoint, filter) => {
      const list = expectList(await tenant.scim('GET', filtered(endpoint, filter, '&count=1000')));
      const known = Object.entries(endpoint === '/Users' ? letters.users : letters.groups);
      return list
        .map(({ id }) => known.find(([, resource]) => resource.id === id)?.[0] ?? '?')
        .toSorted()
        .join('');
    },
    expectRefused: async (endpoint, filter, position) => {
      const answer = await tenant.scim('GET', filtered(endpoint, filter));
      expectScimError(answer, 400, 'invalidFilter');
      if (position !== undefined) expect(answer.body.detail, filter).toMatch(new RegExp(`\\bposition ${position}:`));
    },
  };
}
