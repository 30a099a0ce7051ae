/** How large a document may grow, at both doors; and that one which is larger, from before the limit, keeps nobody from leaving. */
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../schema/resources.js';
import { storable } from '../../services/identity/domain/documents/document-size.js';
import { expectScimError, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

/** So many numbers of two thousand characters each. */
const notes = (count: number) => Array.from({ length: count }, (_, at) => ({ value: `${at}-${'n'.repeat(2000)}` }));
const TOO_MANY = 150;
const NEARLY = 120;

describe('a user of more characters than are stored', () => {
  test('is not created, by SCIM, in a Bulk, by GraphQL', async () => {
    const body = { ...userBody('large@x.com'), phoneNumbers: notes(TOO_MANY) };
    const refused = await tenant.scim('POST', '/Users', body);
    expectScimError(refused, 400, 'invalidValue');
    expect(refused.body.detail).toContain(String(limits.documentLength));
    const bulk = await tenant.scim('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [{ method: 'POST', path: '/Users', bulkId: 'a', data: body }],
    });
    expect(bulk.body['Operations']).toMatchObject([{ status: '400', response: { scimType: 'invalidValue' } }]);
    const { data } = await tenant.graphql(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { code } } }',
      { input: { user: { userName: 'large@x.com', phoneNumbers: notes(TOO_MANY) } } },
    );
    expect(data).toEqual({ createUser: { user: null, userErrors: [{ code: 'INVALID_VALUE' }] } });
  });

  test('does not come about by changes, and one that is nearly as large is deactivated', async () => {
    const { id } = (await tenant.scim('POST', '/Users', { ...userBody('nearly@x.com'), phoneNumbers: notes(NEARLY) })).body;
    const more = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'add', path: 'ims', value: notes(TOO_MANY - NEARLY) }));
    expectScimError(more, 400, 'invalidValue');
    expect((await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'active', value: false }))).body.active).toBe(false);
  });
});

describe('a document that was stored before there was a limit', () => {
  const before = { active: true, title: 'x'.repeat(limits.documentLength) };

  test.each([
    ['a leaver', { ...before, active: false }],
    ['what is as long', { ...before, title: 'y'.repeat(limits.documentLength) }],
    ['what is shorter', { ...before, title: 'x' }],
  ])('becomes %s', (_, after) => expect(storable(after, before)).toBe(after));

  test('does not grow', () => expect(() => storable({ ...before, nickName: 'x' }, before)).toThrow('leave out values'));
});
