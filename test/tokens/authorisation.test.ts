/**
 * Who may do what: every root field and every field that leads to somebody or something with an id, walked from the SDL. What is added to
 * the SDL fails here until its rule is written down.
 */
import { execute, getNamedType, type GraphQLField, isAbstractType, isObjectType, parse, validate } from 'graphql';
import { sql } from '../../services/identity/store/query/sql.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInTypes } from '../../schema/tenant-types.js';
import type { Context } from '../../services/identity/api/context.js';
import { makeLoaders } from '../../services/identity/api/loaders.js';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { buildToolsSchema } from '../../services/identity/api/subgraph.js';
import { type Scope, scopesOf } from '../../services/identity/domain/caller.js';
import type { Services } from '../../services/identity/domain/services.js';
import { createTenant } from '../../services/identity/domain/tenants/tenants.js';
import { connectServices } from '../../services/identity/connect-services.js';
import { callerOf } from '../support/callers.js';
import { exchange } from '../support/http.js';
import { groupBody, userBody } from '../support/scim.js';
import { objectTypes, type Operation, rootOperations } from '../support/sdl.js';
import { type GraphQLResult, newTenant, type Tenant, world } from '../support/world.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

const schema = buildToolsSchema(buildIdentitySchema(), true);
const everyScope: readonly Scope[] = [...new Set(Object.values(scopesOf).flat())];

/** All of these scopes are needed, or any one of them. */
interface Rule {
  readonly scopes: readonly Scope[];
  readonly any?: boolean;
  readonly input?: object;
}
const all = (...scopes: Scope[]): Rule => ({ scopes });
const any = (...scopes: Scope[]): Rule => ({ scopes, any: true });
/** For whoever has a token, whatever it permits. */
const anybody = all();
const withInput = (rule: Rule, input: object): Rule => ({ ...rule, input });

/** Root fields for which no token is needed. */
const STRANGERS = ['Mutation.issueToken', 'Mutation.revokeLeakedTokens', 'Query._service'];

const rules: Readonly<Record<string, Rule>> = {
  'Query._service': anybody, // to whoever may ask for the schema
  'Query._entities': all('users:read'), // of a reference to a user
  'Query.caller': anybody,
  'Query.rateLimit': anybody,
  'Query.node': any('users:read', 'groups:read'),
  'Query.nodes': any('users:read', 'groups:read'),
  'Query.user': all('users:read'),
  'Query.users': all('users:read'),
  'Query.group': all('groups:read'),
  'Query.groups': all('groups:read'),
  'Query.search': all('users:read', 'groups:read'),
  'Query.memberships': all('groups:read'),
  'Query.token': all('tokens:manage'),
  'Query.tokens': all('tokens:manage'),
  'Query.tokenPolicy': any('settings:manage', 'tokens:manage'),
  'Query.clients': any('tokens:manage', 'tenants:manage'),
  'Query.tenant': all('tenants:manage'),
  'Query.tenants': all('tenants:manage'),
  'Query.changes': all('changes:read'),
  'Query.changesCursor': all('changes:read'),
  'Mutation.createUser': all('users:write'),
  'Mutation.createUsers': all('users:write'),
  'Mutation.replaceUser': all('users:write'),
  'Mutation.updateUser': all('users:write'),
  'Mutation.changeUser': all('users:write'),
  'Mutation.deactivateUser': all('users:write'),
  'Mutation.reactivateUser': all('users:write'),
  'Mutation.deleteUser': all('users:write'),
  'Mutation.createGroup': all('groups:write'),
  'Mutation.replaceGroup': all('groups:write'),
  'Mutation.updateGroup': all('groups:write'),
  'Mutation.changeGroup': all('groups:write'),
  'Mutation.deleteGroup': all('groups:write'),
  'Mutation.addGroupMembers': all('groups:write'),
  'Mutation.removeGroupMembers': all('groups:write'),
  'Mutation.replaceGroupMembers': all('groups:write'),
  'Mutation.bulk': withInput(all('users:write', 'groups:write'), {
    operations: [
      { method: 'DELETE', type: 'USER', id: 'x' },
      { method: 'DELETE', type: 'GROUP', id: 'x' },
    ],
  }),
  'Mutation.issueToken': anybody,
  'Mutation.createToken': all('tokens:manage'),
  'Mutation.rotateToken': all('tokens:manage'),
  'Mutation.revokeToken': all('tokens:manage'),
  'Mutation.revokeTokens': all('tokens:manage'),
  'Mutation.revokeLeakedTokens': anybody,
  'Mutation.reportRefusedRequests': anybody, // keeps nothing but of SCIM tokens
  'Mutation.updateTokenPolicy': all('settings:manage'),
  'Mutation.createClient': any('tokens:manage', 'tenants:manage'),
  'Mutation.updateClient': any('tokens:manage', 'tenants:manage'),
  'Mutation.rotateClientSecret': any('tokens:manage', 'tenants:manage'),
  'Mutation.revokeClient': any('tokens:manage', 'tenants:manage'),
  'Mutation.createTenant': all('tenants:manage'),
  'Mutation.updateTenant': all('tenants:manage'),
  'Mutation.updateTenantLimits': all('tenants:manage'),
  'Mutation.suspendTenant': all('tenants:manage'),
  'Mutation.resumeTenant': all('tenants:manage'),
  'Mutation.deleteTenant': all('tenants:manage'),
  'Mutation.updateTenantPolicies': any('settings:manage', 'tenants:manage'),
  'Mutation.pruneChanges': all('tenants:manage'),
  'Mutation.pollEvents': all('users:read', 'groups:read'),
  'Mutation.forgetEventReceiver': all('users:read', 'groups:read'),
  'Mutation.declareExtension': all('settings:manage'),
  'Mutation.removeExtension': all('settings:manage'),
};

/** Fields of objects that lead to what has an id: by the scope they ask for, or because they belong to what they are a field of. */
const OWN = 'own';
const fieldRules: Readonly<Record<string, Scope | typeof OWN>> = {
  'Caller.tenant': OWN, // its own tenant, which the token names anyway
  'User.groups': 'groups:read',
  'Group.members': 'groups:read',
  'GroupMember.user': 'users:read',
  'GroupMember.group': 'groups:read',
  'CreateUserPayload.user': 'users:read',
  'ReplaceUserPayload.user': 'users:read',
  'UpdateUserPayload.user': 'users:read',
  'ChangeUserPayload.user': 'users:read',
  'DeactivateUserPayload.user': 'users:read',
  'ReactivateUserPayload.user': 'users:read',
  'CreateUsersPayload.results': OWN,
  'CreateUsersResult.user': 'users:read',
  'CreateGroupPayload.group': 'groups:read',
  'ReplaceGroupPayload.group': 'groups:read',
  'UpdateGroupPayload.group': 'groups:read',
  'ChangeGroupPayload.group': 'groups:read',
  'GroupMembersPayload.group': 'groups:read',
  'BulkPayload.results': OWN,
  'IssueTokenPayload.token': OWN,
  'CreateTenantPayload.tenant': OWN,
  'UpdateTenantPayload.tenant': OWN,
  'UpdateTenantLimitsPayload.tenant': OWN,
  'TenantStatePayload.tenant': OWN,
  'ClientSecretPayload.client': OWN,
  'UpdateClientPayload.client': OWN,
  'RevokeClientPayload.client': OWN,
  'CreateTokenPayload.token': OWN,
  'RotateTokenPayload.token': OWN,
  'RotateTokenPayload.previous': OWN,
  'PollEventsPayload.events': OWN,
};

/** How one comes to an object of a type that is no payload, and what one needs for that. */
const ways: Readonly<Record<string, readonly [before: string, after: string, scopes: readonly Scope[]]>> = {
  User: ['{ user(by: { id: "USER" }) {', '} }', ['users:read']],
  Group: ['{ group(by: { id: "GROUP" }) {', '} }', ['groups:read']],
  GroupMember: ['{ group(by: { id: "GROUP" }) { members { nodes {', '} } } }', ['groups:read']],
  CreateUsersResult: ['mutation { createUsers(input: { users: [{ userName: "new" }] }) { results {', '} } }', ['users:write']],
};

const hasId = (type: unknown): boolean => isObjectType(type) && 'id' in type.getFields();
/** Somebody or something with an id of its own, or a page of such. */
const isEntity = (type: unknown): boolean =>
  isAbstractType(type) ||
  hasId(type) ||
  (isObjectType(type) &&
    type.name.endsWith('Connection') &&
    Object.values(type.getFields()).some((field) => isAbstractType(getNamedType(field.type)) || hasId(getNamedType(field.type))));
const isInside = (name: string) => /(Connection|Edge)$/.test(name);

const leading = objectTypes(schema)
  .filter(({ name }) => !isInside(name))
  .flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => isEntity(getNamedType(field.type)))
      .map((field): [string, GraphQLField<unknown, unknown>] => [`${type.name}.${field.name}`, field]),
  );
const roots = rootOperations(schema);

let services: Services;
let own: OwnStore;
let disconnect: () => Promise<void>;
let tenantId = '';
const ids = { USER: '', GROUP: '' };

async function run(document: string, variableValues: Record<string, unknown>, scopes: readonly Scope[] | undefined) {
  const parsed = parse(document);
  expect(validate(schema, parsed), document).toEqual([]);
  const caller = scopes && callerOf('graphql', tenantId, { scopes, requestsPerSecond: 100_000 });
  const contextValue: Context = {
    caller,
    origin: { requestId: 'test', address: '' },
    services,
    types: builtInTypes,
    loaders: makeLoaders(services, tenantId),
    enterFurther: (who, units) => services.admission.enterFurther(who, units),
  };
  const { data, errors = [] } = await execute({ schema, document: parsed, variableValues, contextValue });
  const refusals = errors.map(({ originalError, message, path }) => ({
    code: (originalError as { code?: string } | undefined)?.code ?? message,
    message,
    at: path?.join('.'),
  }));
  return { data: data as Record<string, Record<string, unknown>> | null | undefined, refusals };
}

const codesOf = ({ refusals }: Awaited<ReturnType<typeof run>>) => refusals.map(({ code }) => code);
const changes = async () => (await services.database.run(sql<{ n: string }>`select count(*) as n from change`))[0]!.n;

beforeAll(async () => {
  own = await createOwnEmbedded();
  ({ services, disconnect } = await connectServices(
    { database: own.location } as Parameters<typeof connectServices>[0],
    pino({ level: 'silent' }),
  ));
  ({ tenantId } = await createTenant(
    services.database,
    { tokenId: null, door: 'start', requestId: 'test', address: '' },
    { name: 'Authorised' },
  ));
  const create = async (name: string, input: object) => {
    const field = name.toLowerCase();
    const { data, refusals } = await run(
      `mutation ($input: Create${name}Input!) { result: create${name}(input: $input) { ${field} { id } } }`,
      { input: { [field]: input } },
      everyScope,
    );
    expect(refusals).toEqual([]);
    return (data!['result']![field] as { id: string }).id;
  };
  ids.USER = await create('User', { userName: 'somebody' });
  const inner = await create('Group', { displayName: 'Inner' });
  ids.GROUP = await create('Group', { displayName: 'Outer', members: [{ value: ids.USER }, { value: inner }] });
});
afterAll(async () => {
  await disconnect();
  await own.drop();
});

describe('the rules are complete', () => {
  test('each root field has one', () => expect(Object.keys(rules).toSorted()).toEqual(roots.map(({ name }) => name).toSorted()));
  test('each field that leads to somebody or something has one', () =>
    expect(Object.keys(fieldRules).toSorted()).toEqual(leading.map(([name]) => name).toSorted()));
});

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
const ask = ({ name, document, variables }: Operation, scopes: readonly Scope[] | undefined) =>
  run(document(), rules[name]?.input ? { ...variables(NOBODY), input: rules[name].input } : variables(NOBODY), scopes);
const refused = (code: string) => expect.arrayContaining([expect.stringMatching(code)]);

describe.each(roots)('$name', (operation) => {
  const { scopes, any: isAny } = rules[operation.name] ?? anybody;

  test('wants a token', async () => {
    const answer = await ask(operation, undefined);
    if (STRANGERS.includes(operation.name)) expect(codesOf(answer)).not.toEqual(refused('UNAUTHENTICATED'));
    else expect(codesOf(answer)).toEqual(refused('^UNAUTHENTICATED$'));
  });

  test('wants its scopes, whatever else the token permits', async () => {
    const before = await changes();
    const lacking = isAny ? [[...scopes]] : scopes.map((scope) => [scope]);
    for (const lacks of lacking) {
      const answer = await ask(
        operation,
        everyScope.filter((scope) => !lacks.includes(scope)),
      );
      expect(codesOf(answer), lacks.join()).toEqual(['FORBIDDEN']);
      expect(answer.refusals[0]!.message).toContain(lacks[0]);
    }
    if (scopes.length > 0) expect(codesOf(await ask(operation, []))).toEqual(['FORBIDDEN']);
    expect(await changes()).toBe(before);
  });

  test('wants no others', async () => {
    for (const enough of isAny ? scopes.map((scope) => [scope]) : [scopes]) {
      expect(codesOf(await ask(operation, enough))).not.toEqual(refused('FORBIDDEN|UNAUTHENTICATED'));
    }
  });
});

/** The mutation that answers the payload, and one that works. */
const inputs: Readonly<Record<string, () => object>> = {
  CreateUserPayload: () => ({ user: { userName: 'new' } }),
  ReplaceUserPayload: () => ({ id: ids.USER, user: { userName: 'new' } }),
  UpdateUserPayload: () => ({ id: ids.USER, user: { title: 'new' } }),
  ChangeUserPayload: () => ({ id: ids.USER, changes: [{ op: 'REPLACE', path: 'title', value: 'new' }] }),
  DeactivateUserPayload: () => ({ id: ids.USER }),
  ReactivateUserPayload: () => ({ id: ids.USER }),
  CreateGroupPayload: () => ({ group: { displayName: 'new' } }),
  ReplaceGroupPayload: () => ({ id: ids.GROUP, group: { displayName: 'new' } }),
  UpdateGroupPayload: () => ({ id: ids.GROUP, group: { displayName: 'new' } }),
  ChangeGroupPayload: () => ({ id: ids.GROUP, changes: [{ op: 'REPLACE', path: 'displayName', value: 'new' }] }),
  GroupMembersPayload: () => ({ groupId: ids.GROUP, memberIds: [] }),
};

const selectionOf = (field: GraphQLField<unknown, unknown>) => `${field.name} { __typename }`;
const guarded = leading.filter(([name]) => fieldRules[name] !== OWN);

describe.each(guarded)('%s', (name, field) => {
  const [type = ''] = name.split('.');
  const scope = fieldRules[name] as Scope;

  test('is refused without its scope, and nothing is done', async () => {
    const before = await changes();
    const way = ways[type];
    if (way) {
      const [start, end, scopes] = way;
      if (scopes.includes(scope)) return; // who has come here has it
      const document = (start + selectionOf(field) + end).replace('USER', ids.USER).replace('GROUP', ids.GROUP);
      expect(codesOf(await run(document, {}, scopes))).toEqual(refused('^FORBIDDEN$'));
      expect(codesOf(await run(document, {}, [...scopes, scope])).filter((code) => code === 'FORBIDDEN')).toEqual([]);
    } else {
      const input = inputs[type]?.();
      expect(input, `${type} is no payload known here: say in "ways" how one comes to it`).toBeDefined();
      for (const operation of roots.filter((one) => getNamedType(one.field.type).name === type)) {
        expect(await run(operation.document(selectionOf(field)), { input }, rules[operation.name]!.scopes), operation.name).toMatchObject({
          refusals: [{ code: 'FORBIDDEN' }],
        });
      }
      expect(await changes()).toBe(before);
    }
  });
});

describe('what belongs to what', () => {
  const groupsOnly: readonly Scope[] = ['groups:read'];

  test('the id, type and name of a member belong to the group; the user behind is a user', async () => {
    const query = (more: string) =>
      `{ group(by: { id: "${ids.GROUP}" }) { displayName members { totalCount nodes { id type display ${more} } } } }`;
    const { data, refusals } = await run(query(''), {}, groupsOnly);
    expect(refusals).toEqual([]);
    expect(data).toMatchObject({
      group: { members: { totalCount: 2, nodes: expect.arrayContaining([{ id: ids.USER, type: 'User', display: 'somebody' }]) } },
    });
    expect(codesOf(await run(query('user { userName }'), {}, groupsOnly))).toEqual(refused('FORBIDDEN'));
  });

  test('who may read users alone finds no group as a node, and the other way round', async () => {
    const nodes = `{ nodes(ids: ["${ids.USER}", "${ids.GROUP}"]) { __typename } node(id: "${ids.GROUP}") { id } }`;
    expect((await run(nodes, {}, ['users:read'])).data).toMatchObject({ nodes: [{ __typename: 'User' }, null], node: null });
    expect((await run(nodes, {}, groupsOnly)).data).toMatchObject({ nodes: [null, { __typename: 'Group' }], node: { id: ids.GROUP } });
  });

  test('a document has groups for who may read them, and the same as the fields', async () => {
    const documents = (relation: boolean) =>
      `{ user(by: { id: "${ids.USER}" }) { id version createdAt updatedAt attributes(only: ["userName"]) document(only: ["userName"], relation: ${relation}) } }`;
    expect(codesOf(await run(documents(true), {}, ['users:read']))).toEqual(['FORBIDDEN']);
    const alone = (await run(documents(false), {}, ['users:read'])).data!['user'] as { document: object };
    expect({ ...alone.document, document: alone.document }).toEqual({ type: 'User', ...alone });
    const both = (await run(documents(true), {}, ['users:read', 'groups:read'])).data!['user'] as { document: { relation: object } };
    expect(both.document.relation).toEqual({
      nodes: [{ value: ids.GROUP, display: expect.any(String), type: 'direct' }],
      pageInfo: { hasNextPage: false, endCursor: expect.any(String) },
    });
    const group = (await run(`{ group(by: { id: "${ids.GROUP}" }) { document(only: [], relation: true) } }`, {}, groupsOnly)).data![
      'group'
    ] as { document: { relation: object } };
    expect(group.document).toMatchObject({
      type: 'Group',
      id: ids.GROUP,
      attributes: {},
      relation: {
        nodes: expect.arrayContaining([{ value: ids.USER, display: 'somebody', type: 'User' }]),
        pageInfo: { hasNextPage: false },
      },
    });
  });

  test('who may only write is told what became of it, and no more', async () => {
    const { data, refusals } = await run(
      `mutation { updateUser(input: { id: "${ids.USER}", user: { title: "Written" } }) { userErrors { code } replayed } }`,
      {},
      ['users:write'],
    );
    expect(refusals).toEqual([]);
    expect(data).toEqual({ updateUser: { userErrors: [], replayed: false } });
  });

  test('what a rehearsal tells is of what is there, and for who may read it', async () => {
    const plan = (name: string, input: string) =>
      `mutation { ${name}(input: { ${input}, dryRun: true }) { changes { kind before } userErrors { code } } }`;
    const deletion = plan('deleteUser', `id: "${ids.USER}"`);
    const changesIn = ({ data, refusals }: Awaited<ReturnType<typeof run>>, name: string) => {
      expect(refusals).toEqual([]);
      return ((data![name] as { changes: { kind: string }[] | null }).changes ?? []).map(({ kind }) => kind).toSorted();
    };
    for (const document of [
      deletion,
      plan('updateUser', `id: "${ids.USER}", user: { title: "New" }`),
      plan('deleteGroup', `id: "${ids.GROUP}"`),
      plan('replaceGroupMembers', `groupId: "${ids.GROUP}", memberIds: []`),
      ...['USER', 'GROUP'].map((type) => plan('bulk', `operations: [{ method: DELETE, type: ${type}, id: "${ids[type as 'USER']}" }]`)),
      deletion.replace('changes { kind before }', '... on DeleteUserPayload { planned: changes { after } }'),
    ]) {
      expect(codesOf(await run(document, {}, ['users:write', 'groups:write'])), document).toEqual(['FORBIDDEN']);
    }
    expect(
      codesOf(
        await run(
          plan(
            'bulk',
            `operations: [{ method: DELETE, type: USER, id: "${ids.USER}" }, { method: DELETE, type: GROUP, id: "${ids.GROUP}" }]`,
          ),
          {},
          ['users:write', 'groups:write', 'users:read'],
        ),
      ),
    ).toEqual(['FORBIDDEN']);
    expect(changesIn(await run(deletion, {}, ['users:write', 'users:read']), 'deleteUser')).toEqual(['USER_DELETED']);
    expect(changesIn(await run(deletion, {}, ['users:write', 'users:read', 'groups:read']), 'deleteUser')).toEqual([
      'GROUP_MEMBERS_CHANGED',
      'USER_DELETED',
    ]);
    expect((await run(deletion.replace('changes { kind before }', ''), {}, ['users:write'])).data).toEqual({
      deleteUser: { userErrors: [] },
    });
    expect(changesIn(await run(deletion.replace('dryRun: true', 'ifVersion: 999'), {}, ['users:write']), 'deleteUser')).toEqual([]);
  });

  test('deep in what a mutation answers, too, and through fragments', async () => {
    const before = await changes();
    const deep = `mutation { updateUser(input: { id: "${ids.USER}", user: { title: "Deep" } }) { ...payload } } fragment payload on UpdateUserPayload { user { ... on User { groups { edges { node { id } } } } } }`;
    expect(codesOf(await run(deep, {}, ['users:write', 'users:read']))).toEqual(['FORBIDDEN']);
    expect(await changes()).toBe(before);
  });
});

describe('over HTTP', () => {
  let tenant: Tenant;
  const post = async (token: string, query: string) =>
    (
      await exchange(
        (await world()).identityUrl,
        'POST',
        '/graphql',
        { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        { query },
      )
    ).body as unknown as GraphQLResult;
  beforeAll(async () => {
    tenant = await newTenant();
  });

  test('a token that permits little permits no more', async () => {
    const { body: user } = await tenant.scim('POST', '/Users', userBody('reader@x.com'));
    const { body: group } = await tenant.scim('POST', '/Groups', groupBody('Readers', [user.id]));
    const { data } = await tenant.graphql(
      'mutation { createToken(input: { audience: GRAPHQL, scopes: ["groups:read", "users:write"], expiresIn: 3600 }) { accessToken userErrors { message } } }',
    );
    const token = String(data!['createToken']!['accessToken']);
    const codes = async (query: string) => (await post(token, query)).errors?.map(({ extensions }) => extensions?.code);

    expect(
      await codes(`{ group(by: { id: "${group.id}" }) { members { nodes { display } } } node(id: "${group.id}") { id } }`),
    ).toBeUndefined();
    expect(await codes(`{ group(by: { id: "${group.id}" }) { members { nodes { user { userName } } } } }`)).toEqual(['FORBIDDEN']);
    expect(await codes('{ users { totalCount } }')).toEqual(['FORBIDDEN']);
    for (const page of ['filter: "userName sw \\"r\\""', 'effective: true, orderBy: { field: "title" }']) {
      expect(await codes(`{ group(by: { id: "${group.id}" }) { members(${page}) { totalCount } } }`)).toEqual(['FORBIDDEN']);
    }
    expect(await codes(`{ _entities(representations: [{ __typename: "User", id: "${user.id}" }]) { __typename } }`)).toEqual(['FORBIDDEN']);
    expect(
      await codes(`mutation { updateUser(input: { id: "${user.id}", user: { title: "No" } }) { user { title } userErrors { code } } }`),
    ).toEqual(['FORBIDDEN']);
    expect((await tenant.scim('GET', `/Users/${user.id}`)).body['title']).toBeUndefined();
    expect(
      await codes(`mutation { updateUser(input: { id: "${user.id}", user: { title: "Yes" } }) { userErrors { code } } }`),
    ).toBeUndefined();
    expect((await tenant.scim('GET', `/Users/${user.id}`)).body['title']).toBe('Yes');
  });

  test('a filter or an order tells no more than the token may read', async () => {
    const { body: user } = await tenant.scim('POST', '/Users', userBody('asked@x.com', { title: 'Auditor' }));
    await tenant.scim('POST', '/Groups', groupBody('Secret', [user.id]));
    const make = async (scope: string, audience = 'GRAPHQL') => {
      const { data } = await tenant.graphql(
        `mutation { createToken(input: { audience: ${audience}, scopes: ["${scope}"], expiresIn: 3600 }) { accessToken } }`,
      );
      return String(data!['createToken']!['accessToken']);
    };
    const codes = async (token: string, query: string) => (await post(token, query)).errors?.map(({ extensions }) => extensions?.code);
    const [users, groups] = [await make('users:read'), await make('groups:read')];
    for (const filter of ['groups.display eq \\"Secret\\"', 'groups pr', 'title pr and not (groups[type eq \\"direct\\"])']) {
      expect(await codes(users, `{ users(filter: "${filter}") { totalCount } }`), filter).toEqual(['FORBIDDEN']);
    }
    expect(await codes(users, '{ users(filter: "title eq \\"Auditor\\"") { totalCount } }')).toBeUndefined();
    for (const asked of ['filter: "title eq \\"Auditor\\""', 'orderBy: { field: "title" }']) {
      expect(await codes(groups, `{ groups { nodes { members(${asked}) { totalCount nodes { id } } } } }`), asked).toEqual(
        expect.arrayContaining(['FORBIDDEN']),
      );
    }
    expect(await codes(groups, '{ groups(filter: "members.display pr") { nodes { members(first: 2) { totalCount } } } }')).toBeUndefined();
    const reader = await make('users:read', 'SCIM');
    const { origin, pathname } = new URL(tenant.scimUrl);
    const listed = async (filter: string) =>
      (await exchange(origin, 'GET', `${pathname}Users?filter=${encodeURIComponent(filter)}`, { authorization: `Bearer ${reader}` }))
        .status;
    expect([await listed('groups.display eq "Secret"'), await listed('title eq "Auditor"')]).toEqual([403, 200]);
  });
});
