/** How much an operation may be answered, in all its lists together. The embedded database, which is for one user, has no such limit. */
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

/** Users of nearly the largest document: so many are about 9 MB. */
const USERS = 36;
const emails = Array.from({ length: 31 }, (_, at) => ({ value: `${at}@x.com`, display: 'd'.repeat(8000) }));

describe.skipIf(inject('world') === 'embedded')('lists of large documents', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await newTenant();
    const create = async (at: number) => (await tenant.scim('POST', '/Users', { ...userBody(`large-${at}@x.com`), emails })).status;
    for (let at = 0; at < USERS; at += 4) {
      expect(await Promise.all([0, 1, 2, 3].map((more) => create(at + more)))).toEqual([201, 201, 201, 201]);
    }
  });

  /** So many lists in one operation. */
  const lists = (count: number) => {
    const aliases = Array.from({ length: count }, (_, at) => `a${at}: users(first: ${USERS}) { nodes { emails { display } } }`);
    return tenant.graphql(`{ ${aliases.join(' ')} }`);
  };

  test('are answered, and refused in words where several together are too much', async () => {
    const { data } = await lists(5);
    expect((data!['a4'] as { readonly nodes: unknown[] }).nodes).toHaveLength(USERS);
    const { errors } = await lists(8);
    expect(errors![0]).toMatchObject({ message: expect.stringContaining('more than 64 MB') as string, extensions: { code: 'TOO_MANY' } });
  });

  test('are counted for each request anew', async () => {
    expect([(await lists(5)).errors, (await lists(5)).errors]).toEqual([undefined, undefined]);
  });
});
