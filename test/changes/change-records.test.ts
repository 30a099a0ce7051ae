/** Every way to write leaves one record for each effective change, whoever writes and however; done again, it leaves none. */
import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { newClientSecret } from '../../services/identity/domain/tokens/token-format.js';
import { type Change, endOfFeed, readOn } from '../support/feed.js';
import { groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const BADGES = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';
const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

let tenant: Tenant;
let [ann, bob, sales, north] = ['', '', '', ''];
let tokenId = '';

/** A mutation of the tenant's; its payload. What is refused is refused in it. */
async function mutate(
  name: string,
  inputType: string,
  input: object,
  fields = 'userErrors { code message }',
): Promise<Record<string, unknown>> {
  const answer = await tenant.graphql(`mutation ($input: ${inputType}!) { ${name}(input: $input) { ${fields} } }`, { input });
  expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
  return answer.data![name]!;
}

const scim = async (method: string, path: string, body?: object) => {
  const answer = await tenant.scim(method, path, body);
  expect(answer.status, answer.text).toBeLessThan(500);
  return answer.body;
};

let barriers = 0;
/** The records that the work leaves: all that come before that of a user who is made afterwards. */
async function recordsOf(work: () => Promise<unknown>, ask = tenant.graphql, variables: object = {}): Promise<Change[]> {
  const before = await barrier(await endOfFeed(ask), ask, variables);
  await work();
  return (await barrier(before.endCursor, ask, variables)).changes;
}

async function barrier(from: string, ask: Tenant['graphql'], variables: object): Promise<{ changes: Change[]; endCursor: string }> {
  const {
    body: { id },
  } = await tenant.scim('POST', '/Users', userBody(`barrier-${(barriers += 1)}@x.com`));
  const found: Change[] = [];
  for (let cursor = from; ;) {
    const { changes, endCursor } = await readOn(ask, cursor, variables);
    found.push(...changes);
    cursor = endCursor;
    const place = found.findIndex(({ subjectId }) => subjectId === id);
    if (place >= 0) return { changes: found.slice(0, place), endCursor: cursor };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const brief = (changes: readonly Change[]) => changes.map(({ kind, subjectId }) => `${kind} ${nameOf(subjectId)}`).toSorted();
const nameOf = (id: string) => ({ [ann]: 'ann', [bob]: 'bob', [sales]: 'sales', [north]: 'north', [tenant.id]: 'tenant' })[id] ?? 'another';

beforeAll(async () => {
  tenant = await newTenant();
  ann = (await scim('POST', '/Users', userBody('ann@x.com'))).id;
  bob = (await scim('POST', '/Users', userBody('bob@x.com'))).id;
  sales = (await scim('POST', '/Groups', groupBody('Sales'))).id;
  north = (await scim('POST', '/Groups', groupBody('North'))).id;
});

const annBody = (more: object = {}) => userBody('ann@x.com', more);
const user = (more: object) => ({ userName: 'ann@x.com', displayName: 'Ann', ...more });
const badges = (...names: string[]) => ({
  resource: 'USER',
  schema: { id: BADGES, name: 'Badges', attributes: names.map((name) => ({ name })) },
});
const ofMembers = (op: string, ...ids: string[]) => patchOp({ op, path: 'members', value: ids.map((value) => ({ value })) });
const bulk = (...Operations: object[]) => ({ schemas: [BULK], Operations });

type Write = [name: string, write: () => Promise<unknown>, first: readonly string[], again?: readonly string[]];

/** In order: each begins where the one before ended. `again` is what the same write leaves when it is done a second time. */
const writes: readonly Write[] = [
  ['POST /Users', () => scim('POST', '/Users', userBody('posted@x.com')), ['USER_CREATED another']],
  ['PUT /Users', () => scim('PUT', `/Users/${ann}`, annBody({ title: 'Put' })), ['USER_UPDATED ann']],
  ['PATCH /Users', () => scim('PATCH', `/Users/${ann}`, patchOp({ op: 'replace', path: 'title', value: 'Patched' })), ['USER_UPDATED ann']],
  [
    'PATCH /Users, refused',
    () =>
      scim(
        'PATCH',
        `/Users/${ann}`,
        patchOp({ op: 'replace', path: 'title', value: 'No' }, { op: 'replace', path: 'active', value: 'no' }),
      ),
    [],
  ],
  ['POST /Groups', () => scim('POST', '/Groups', groupBody('Posted', [ann])), ['GROUP_CREATED another', 'GROUP_MEMBERS_CHANGED another']],
  [
    'PUT /Groups',
    () => scim('PUT', `/Groups/${sales}`, groupBody('Sales 1', [ann])),
    ['GROUP_MEMBERS_CHANGED sales', 'GROUP_UPDATED sales'],
  ],
  ['PATCH /Groups, members', () => scim('PATCH', `/Groups/${sales}`, ofMembers('add', ann, bob, north)), ['GROUP_MEMBERS_CHANGED sales']],
  [
    'PATCH /Groups, one member less',
    () => scim('PATCH', `/Groups/${sales}`, patchOp({ op: 'remove', path: `members[value eq "${bob}"]` })),
    ['GROUP_MEMBERS_CHANGED sales'],
  ],
  [
    'PATCH /Groups, name and members',
    () =>
      scim(
        'PATCH',
        `/Groups/${sales}`,
        patchOp({ op: 'replace', path: 'displayName', value: 'Sales 2' }, { op: 'add', path: 'members', value: [{ value: bob }] }),
      ),
    ['GROUP_MEMBERS_CHANGED sales', 'GROUP_UPDATED sales'],
  ],
  ['PATCH /Groups, unknown member', () => scim('PATCH', `/Groups/${sales}`, ofMembers('add', 'nobody')), []],
  ['DELETE /Users', async () => scim('DELETE', `/Users/${bob}`), ['GROUP_MEMBERS_CHANGED sales', 'USER_DELETED bob']],
  ['DELETE /Groups', async () => scim('DELETE', `/Groups/${north}`), ['GROUP_DELETED north', 'GROUP_MEMBERS_CHANGED sales']],
  [
    'POST /Bulk',
    () =>
      scim(
        'POST',
        '/Bulk',
        bulk(
          { method: 'POST', path: '/Users', bulkId: 'one', data: userBody('bulk-1@x.com') },
          { method: 'POST', path: '/Users', bulkId: 'two', data: userBody('bulk-2@x.com') },
          { method: 'POST', path: '/Groups', bulkId: 'three', data: { ...groupBody('Bulk'), members: [{ value: 'bulkId:one' }] } },
          { method: 'PATCH', path: `/Users/${ann}`, data: patchOp({ op: 'replace', path: 'title', value: 'Bulk' }) },
          { method: 'POST', path: '/Users', bulkId: 'four', data: userBody('ann@x.com') },
        ),
      ),
    ['GROUP_CREATED another', 'GROUP_MEMBERS_CHANGED another', 'USER_CREATED another', 'USER_CREATED another', 'USER_UPDATED ann'],
  ],

  ['createUser', () => mutate('createUser', 'CreateUserInput', { user: { userName: 'created@x.com' } }), ['USER_CREATED another']],
  ['replaceUser', () => mutate('replaceUser', 'ReplaceUserInput', { id: ann, user: user({ title: 'Replaced' }) }), ['USER_UPDATED ann']],
  [
    'changeUser',
    () => mutate('changeUser', 'ChangeUserInput', { id: ann, changes: [{ op: 'REPLACE', path: 'title', value: 'Changed' }] }),
    ['USER_UPDATED ann'],
  ],
  [
    'changeUser, rehearsed',
    () =>
      mutate('changeUser', 'ChangeUserInput', { id: ann, dryRun: true, changes: [{ op: 'REPLACE', path: 'title', value: 'Rehearsed' }] }),
    [],
  ],
  [
    'updateUser',
    () => mutate('updateUser', 'UpdateUserInput', { id: ann, user: { userName: 'ann@x.com', title: 'Updated' } }),
    ['USER_UPDATED ann'],
  ],
  ['deactivateUser', () => mutate('deactivateUser', 'DeactivateUserInput', { id: ann }), ['USER_UPDATED ann']],
  ['reactivateUser', () => mutate('reactivateUser', 'ReactivateUserInput', { id: ann }), ['USER_UPDATED ann']],
  [
    'createUsers',
    () => mutate('createUsers', 'CreateUsersInput', { users: [{ userName: 'many-1@x.com' }, { userName: 'many-2@x.com' }] }),
    ['USER_CREATED another', 'USER_CREATED another'],
  ],
  ['deleteUser', async () => mutate('deleteUser', 'DeleteUserInput', { id: await createdOnce('gone@x.com') }), ['USER_DELETED another']],
  ['createGroup', () => mutate('createGroup', 'CreateGroupInput', { group: { displayName: 'Created' } }), ['GROUP_CREATED another']],
  [
    'createGroup, once by its key',
    () => mutate('createGroup', 'CreateGroupInput', { group: { displayName: 'Once' }, idempotencyKey: 'once' }),
    ['GROUP_CREATED another'],
  ],
  [
    'replaceGroup',
    () => mutate('replaceGroup', 'ReplaceGroupInput', { id: sales, group: { displayName: 'Replaced' } }),
    ['GROUP_UPDATED sales'],
  ],
  [
    'updateGroup',
    () => mutate('updateGroup', 'UpdateGroupInput', { id: sales, group: { displayName: 'Updated' } }),
    ['GROUP_UPDATED sales'],
  ],
  [
    'changeGroup',
    () => mutate('changeGroup', 'ChangeGroupInput', { id: sales, changes: [{ op: 'REPLACE', path: 'displayName', value: 'Changed' }] }),
    ['GROUP_UPDATED sales'],
  ],
  [
    'removeGroupMembers',
    () => mutate('removeGroupMembers', 'GroupMembersInput', { groupId: sales, memberIds: [ann, bob] }),
    ['GROUP_MEMBERS_CHANGED sales'],
  ],
  [
    'addGroupMembers',
    () => mutate('addGroupMembers', 'GroupMembersInput', { groupId: sales, memberIds: [ann] }),
    ['GROUP_MEMBERS_CHANGED sales'],
  ],
  [
    'replaceGroupMembers',
    () => mutate('replaceGroupMembers', 'GroupMembersInput', { groupId: sales, memberIds: [] }),
    ['GROUP_MEMBERS_CHANGED sales'],
  ],
  ['deleteGroup', async () => mutate('deleteGroup', 'DeleteGroupInput', { id: sales }), ['GROUP_DELETED sales']],
  [
    'bulk',
    () =>
      mutate('bulk', 'BulkInput', {
        operations: [
          { method: 'CHANGE', type: 'USER', id: ann, changes: [{ op: 'REPLACE', path: 'title', value: 'Bulk' }] },
          { method: 'CREATE', type: 'USER', user: { userName: 'bulk-3@x.com' } },
        ],
      }),
    ['USER_CREATED another', 'USER_UPDATED ann'],
  ],
  ['updateTenantPolicies, to what they are', () => mutate('updateTenantPolicies', 'TenantPoliciesInput', { patchAnswer: 'BY_TYPE' }), []],
  [
    'updateTenantPolicies',
    () => mutate('updateTenantPolicies', 'TenantPoliciesInput', { patchAnswer: 'RESOURCE' }),
    ['TENANT_UPDATED tenant'],
  ],
  [
    'declareExtension',
    () => mutate('declareExtension', 'DeclareExtensionInput', badges('badge', 'locker')),
    ['TENANT_EXTENSIONS_CHANGED tenant'],
  ],
  [
    'declareExtension, with a loss',
    async () => {
      await mutate('changeUser', 'ChangeUserInput', { id: ann, changes: [{ op: 'ADD', path: `${BADGES}:locker`, value: '3' }] });
      return mutate('declareExtension', 'DeclareExtensionInput', { ...badges('badge'), acceptLoss: true });
    },
    ['TENANT_EXTENSIONS_CHANGED tenant', 'USER_UPDATED ann', 'USER_UPDATED ann'],
    [],
  ],
  ['removeExtension', () => mutate('removeExtension', 'RemoveExtensionInput', { urn: BADGES }), ['TENANT_EXTENSIONS_CHANGED tenant']],
  ['issueToken', () => issued(), ['TOKEN_ISSUED another'], ['TOKEN_ISSUED another']],
  [
    'issueToken, refused',
    () => mutate('issueToken', 'IssueTokenInput', { clientId: tenant.clientId, clientSecret: newClientSecret(), audience: 'GRAPHQL' }),
    [],
  ],
  [
    'createToken',
    () => tokenMade('createToken', 'CreateTokenInput', { audience: 'GRAPHQL', name: 'Made' }),
    ['TOKEN_ISSUED another'],
    ['TOKEN_ISSUED another'],
  ],
  ['revokeToken', () => mutate('revokeToken', 'RevokeTokenInput', { id: tokenId }), ['TOKEN_REVOKED another']],
];

async function tokenMade(name: string, inputType: string, input: object): Promise<void> {
  const { token } = await mutate(name, inputType, input, 'token { id } userErrors { code message }');
  tokenId = (token as { id: string }).id;
}

const made = new Map<string, string>();
/** Created when it is first asked for, which is of no interest. */
async function createdOnce(userName: string): Promise<string> {
  if (!made.has(userName)) made.set(userName, (await scim('POST', '/Users', userBody(userName))).id);
  return made.get(userName)!;
}

async function issued(): Promise<void> {
  const { token } = await mutate(
    'issueToken',
    'IssueTokenInput',
    { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL' },
    'token { id } userErrors { code }',
  );
  tokenId = (token as { id: string }).id;
}

/** A client of the tenant with a token, made when it is first asked for. */
let client: { readonly id: string; readonly clientId: string } | undefined;
async function clientOnce(): Promise<{ readonly id: string; readonly clientId: string }> {
  if (client) return client;
  const made = await mutate(
    'createClient',
    'CreateClientInput',
    { name: 'Of tokens' },
    'client { id clientId } clientSecret userErrors { message }',
  );
  client = made['client'] as { id: string; clientId: string };
  await mutate('issueToken', 'IssueTokenInput', { clientId: client.clientId, clientSecret: made['clientSecret'], audience: 'GRAPHQL' });
  return client;
}

/** In order, by the tools of the tenant. */
const ofClients: readonly Write[] = [
  [
    'createClient',
    () => mutate('createClient', 'CreateClientInput', { name: 'Made' }),
    ['CLIENT_CREATED another'],
    ['CLIENT_CREATED another'],
  ],
  [
    'updateClient',
    async () => mutate('updateClient', 'UpdateClientInput', { id: (await clientOnce()).id, name: 'Renamed' }),
    ['CLIENT_UPDATED another'],
  ],
  [
    'rotateClientSecret',
    async () => mutate('rotateClientSecret', 'RotateClientSecretInput', { id: (await clientOnce()).id }),
    ['CLIENT_SECRET_ROTATED another'],
    ['CLIENT_SECRET_ROTATED another'],
  ],
  [
    'revokeTokens',
    async () => mutate('revokeTokens', 'RevokeTokensInput', { clientId: (await clientOnce()).clientId }),
    ['TOKEN_REVOKED another'],
  ],
  ['revokeClient', async () => mutate('revokeClient', 'RevokeClientInput', { id: (await clientOnce()).id }), ['CLIENT_REVOKED another']],
  ['updateTokenPolicy', () => mutate('updateTokenPolicy', 'UpdateTokenPolicyInput', { inactivityDays: 365 }), ['TENANT_UPDATED tenant']],
];

/** In order, by an operator, to another tenant. */
let other: Tenant;
const operate = async (name: string, inputType: string, input: object) => {
  const { admin } = await world();
  const answer = await admin(`mutation ($input: ${inputType}!) { ${name}(input: $input) { userErrors { code message } } }`, {
    input: { tenantId: other.id, ...input },
  });
  expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
};
const ofOperators: readonly Write[] = [
  ['updateTenant', () => operate('updateTenant', 'UpdateTenantInput', { name: 'Renamed' }), ['TENANT_UPDATED']],
  ['updateTenantLimits', () => operate('updateTenantLimits', 'UpdateTenantLimitsInput', { requestsPerSecond: 77 }), ['TENANT_UPDATED']],
  ['suspendTenant', () => operate('suspendTenant', 'SuspendTenantInput', { reason: 'Test' }), ['TENANT_SUSPENDED']],
  ['resumeTenant', () => operate('resumeTenant', 'ResumeTenantInput', {}), ['TENANT_RESUMED']],
];

const seen: Change[] = [];

describe('what each write leaves', () => {
  test.each([...writes, ...ofClients])('%s', async (...[name, write, first, again = []]: Write) => {
    if (name === 'deleteUser') await createdOnce('gone@x.com');
    if (ofClients.some(([one]) => one === name)) await clientOnce();
    const records = await recordsOf(write);
    expect(brief(records)).toEqual(first);
    expect(brief(await recordsOf(write)), 'the second time').toEqual(again);
    seen.push(...records);
  });

  test.each([...ofOperators])('%s', async (...[, write, first, again = []]: Write) => {
    const { admin } = await world();
    other ??= await newTenant();
    const records = async () => (await recordsOf(write, admin)).filter(({ tenantId }) => tenantId === other.id).map(({ kind }) => kind);
    expect(await records()).toEqual(first);
    expect(await records(), 'the second time').toEqual(again);
  });

  test('createTenant leaves its records with the new tenant, for operators to read', async () => {
    const { admin } = await world();
    const records = await recordsOf(newTenant, admin, { kinds: ['TENANT_CREATED', 'CLIENT_CREATED', 'TOKEN_ISSUED', 'USER_CREATED'] });
    const own = records.filter(({ tenantId }) => tenantId !== tenant.id);
    expect(own.map(({ kind }) => kind).toSorted()).toEqual(['CLIENT_CREATED', 'TENANT_CREATED', 'TOKEN_ISSUED']);
    expect(new Set(own.map(({ tenantId }) => tenantId)).size).toBe(1);
  });

  test('no mutation is left out: whoever adds one adds a line here', () => {
    const mutation = buildIdentitySchema().getMutationType();
    const fields = isObjectType(mutation) ? Object.keys(mutation.getFields()) : [];
    // Tokens are rotated and found leaked in tests of their own, a tenant's end takes its time; what is refused, and who polls, changes
    // nothing.
    const elsewhere = [
      'createTenant',
      'reportRefusedRequests',
      'pruneChanges',
      'rotateToken',
      'revokeLeakedTokens',
      'deleteTenant',
      'pollEvents',
      'forgetEventReceiver',
    ];
    expect(
      fields.filter(
        (field) => !elsewhere.includes(field) && ![...writes, ...ofClients, ...ofOperators].some(([name]) => name.split(',')[0] === field),
      ),
    ).toEqual([]);
  });
});

test('a record says what was and what is, who changed it and in which request; what is repeated or refused leaves none', async () => {
  let [user, group] = ['', ''];
  const records = await recordsOf(async () => {
    user = (await scim('POST', '/Users', { ...userBody('told@x.com'), title: 'Engineer' })).id;
    group = (await scim('POST', '/Groups', groupBody('Told'))).id;
    const retitle = patchOp({ op: 'replace', path: 'title', value: 'Director' });
    const { body: patched } = await tenant.scim('PATCH', `/Users/${user}`, retitle, { 'x-request-id': 'request-of-the-test' });
    await scim('PATCH', `/Users/${user}`, retitle);
    await scim('PUT', `/Users/${user}`, patched);
    expect(
      (
        await tenant.scim(
          'PATCH',
          `/Users/${user}`,
          patchOp({ op: 'replace', path: 'title', value: 'CEO' }, { op: 'replace', path: 'active', value: 'perhaps' }),
        )
      ).status,
    ).toBe(400);
    expect((await tenant.scim('POST', '/Users', userBody('TOLD@x.com'))).status).toBe(409);
    const add = (value: string) => scim('PATCH', `/Groups/${group}`, patchOp({ op: 'add', path: 'members', value: [{ value }] }));
    for (const value of [user, user, 'no-such-user']) await add(value);
    for (const status of [204, 404]) expect((await tenant.scim('DELETE', `/Users/${user}`)).status).toBe(status);
  });
  expect(records).toMatchObject([
    { kind: 'USER_CREATED', subjectId: user, before: null, after: { userName: 'told@x.com', title: 'Engineer' }, actor: { door: 'scim' } },
    { kind: 'GROUP_CREATED', subjectId: group, before: null, after: { displayName: 'Told' } },
    {
      kind: 'USER_UPDATED',
      subjectId: user,
      before: { title: 'Engineer' },
      after: { title: 'Director' },
      requestId: 'request-of-the-test',
    },
    { kind: 'GROUP_MEMBERS_CHANGED', subjectId: group, before: { members: [] }, after: { members: [user] } },
    { kind: 'GROUP_MEMBERS_CHANGED', subjectId: group, before: { members: [user] }, after: { members: [] } }, // with the user's end
    { kind: 'USER_DELETED', subjectId: user, before: { userName: 'told@x.com', title: 'Director' }, after: null },
  ]);
});

test('whom a deletion concerns is told before it, so that all of it can be made again', async () => {
  const groupOf = async (name: string, ...members: string[]) => (await scim('POST', '/Groups', groupBody(name, members))).id;
  const { id: member } = await scim('POST', '/Users', userBody('member@x.com'));
  const inner = await groupOf('Inner', member);
  const outer = await groupOf('Outer', inner);
  const records = await recordsOf(() => scim('DELETE', `/Groups/${inner}`));
  expect(records.at(-1)).toMatchObject({ kind: 'GROUP_DELETED', subjectId: inner });
  expect(
    records
      .slice(0, -1)
      .map(({ kind, subjectId }) => `${kind} ${subjectId}`)
      .toSorted(),
  ).toEqual([inner, outer].map((id) => `GROUP_MEMBERS_CHANGED ${id}`).toSorted());
});

/** Only what differs is told: no attribute with the same value before and after. */
afterAll(() => {
  for (const { kind, before, after } of seen) {
    if (!before || !after || kind === 'GROUP_MEMBERS_CHANGED') continue;
    for (const name of Object.keys(before)) expect(after[name], `${kind} ${name}`).not.toEqual(before[name]);
  }
});
