/**
 * One tenant knows nothing of another: what belongs to somebody else answers byte for byte as what never was, and is not touched. The
 * matrix is made from the facade's routes and from the SDL; a route or a root field that is added is in it, or fails here.
 */
import { getNamedType, isAbstractType, isObjectType, isRequiredArgument, isScalarType, isEnumType, type GraphQLNamedType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { buildToolsSchema } from '../../services/identity/api/subgraph.js';
import type { Answer } from '../support/http.js';
import { cursorPaths, idRequests, type ScimRequest, type Setting } from '../support/isolation-requests.js';
import { ENTERPRISE, expectList, expectScimError, filtered, groupBody, memberIds, patchOp, USER, userBody } from '../support/scim.js';
import { carriesId, objectTypes, type Operation, rootOperations } from '../support/sdl.js';
import { type GraphQLResult, newTenant, type Tenant, world } from '../support/world.js';

const NEVER_WAS = '01890a5d-ac96-774b-bcce-b302099a8057';
/** In every text of theirs, and in none of ours. */
const THEIRS = 'qzx-theirs';
const schema = buildToolsSchema(buildIdentitySchema(), true);

let ours: Tenant;
let theirs: Tenant;
let [ourUser, ourGroup, theirUser, theirGroup] = ['', '', '', ''];
let setting: Setting;
/** Ids of everything that they have. */
let foreign: readonly string[];

const asOurUser = userBody('same.name@x.com', { externalId: 'same' });
const asOurGroup = () => groupBody('Same group', [ourUser], { externalId: 'same' });

async function create(tenant: Tenant, path: string, body: object): Promise<string> {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

beforeAll(async () => {
  [ours, theirs] = [await newTenant(), await newTenant()];
  ourUser = await create(ours, '/Users', asOurUser);
  ourGroup = await create(ours, '/Groups', asOurGroup());
  theirUser = await create(
    theirs,
    '/Users',
    userBody('same.name@x.com', { externalId: 'same', title: THEIRS, displayName: THEIRS, nickName: THEIRS }),
  );
  const subgroup = await create(theirs, '/Groups', groupBody(THEIRS, [theirUser]));
  theirGroup = await create(theirs, '/Groups', groupBody('Same group', [theirUser, subgroup], { externalId: 'same' }));
  for (let at = 0; at < 3; at += 1) await create(theirs, '/Users', userBody(`${THEIRS}-${at}@x.com`));
  const { data } = await theirs.graphql('{ tokens { nodes { id } } clients { nodes { id } } }');
  const managed = Object.values(data!).map(({ nodes }) => (nodes as readonly { id: string }[])[0]!.id);
  foreign = [theirUser, theirGroup, theirs.id, subgroup, ...managed];
  const { headers } = await theirs.scim('GET', `/Users/${theirUser}`);
  setting = { ourUser, ourGroup, theirEtag: String(headers.etag) };
}, 60_000);

/** Makes ours what it was: what one request has written must not be what the next one finds. */
async function tidyUp(): Promise<void> {
  for (const path of ['/Groups', '/Users']) {
    const { body } = await ours.scim('GET', `${path}?count=1000&attributes=members`);
    for (const resource of body.Resources) if (resource.id === ourGroup) expect(memberIds(resource)).toEqual([ourUser]); // nobody of theirs has joined it
    for (const { id } of body.Resources) if (id !== ourUser && id !== ourGroup) await ours.scim('DELETE', `${path}/${id}`);
  }
  expect((await ours.scim('PUT', `/Users/${ourUser}`, asOurUser)).status).toBe(200);
  expect((await ours.scim('PUT', `/Groups/${ourGroup}`, asOurGroup())).status).toBe(200);
}

async function scim(request: ScimRequest): Promise<Answer> {
  const answer = await ours.scim(...request);
  if (!['GET', 'HEAD', 'OPTIONS'].includes(request[0]) && answer.status < 300) await tidyUp();
  return answer;
}

/** An answer without what is the request's own. */
const textOf = ({ status, data, errors }: GraphQLResult): string =>
  JSON.stringify({ status, data, errors }).replaceAll(/"requestId":"[^"]*"/g, '');

async function graphql(document: string, variables: object = {}): Promise<string> {
  const text = textOf(await ours.graphql(document, variables));
  if (text.includes('"userErrors":[]')) await tidyUp();
  return text;
}

/**
 * Everything the other tenant has: as its rows are, where a server has them; or as it sees it. Not when its tokens were used, which we do
 * for them.
 */
async function theirState(): Promise<string> {
  const { query } = await world();
  if (!query) {
    const paths = ['/Users', '/Groups', `/Users/${theirUser}`, `/Groups/${theirGroup}`];
    return JSON.stringify(await Promise.all(paths.map(async (path) => (await theirs.scim('GET', path)).text)));
  }
  const tables = await query(
    `select table_name::text as name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id' and table_name <> 'dialect_sighting' order by 1`,
  );
  const rows = await Promise.all(
    [...tables.map(({ name }) => [name, 'tenant_id']), ['tenant', 'id']].map(([table, column]) =>
      query(`select to_jsonb(t) as row from ${String(table)} t where ${String(column)} = '${theirs.id}' order by t::text`),
    ),
  );
  return JSON.stringify(rows).replaceAll(/"last_used[a-z_]*":("[^"]*"|null)/g, '');
}

/**
 * A text as far as it may be compared: the id, what is made for each request, and versions that move, by a word; nor whether there are
 * events, of which older transactions, of anybody's, hold some back.
 */
const comparableText = (text: string, id: string): string =>
  text
    .replaceAll(new RegExp(id, 'gi'), '<id>')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<uuid>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/condeco(secret)?_\w+/g, '<secret>')
    .replaceAll(/W\/\\*"\d+\\*"/g, '<version>')
    .replaceAll(/"version":\d+/g, '"version":0')
    .replaceAll(/"moreAvailable":(?:true|false)/g, '"moreAvailable":0');

const PER_REQUEST = /^(date|.*request-id|content-length|ratelimit.*|x-ratelimit.*|server-timing)$/;

function comparable({ status, headers, text }: Answer, id: string): object {
  const same = Object.entries(headers).filter(([name]) => !PER_REQUEST.test(name));
  return { status, text: comparableText(text, id), headers: comparableText(JSON.stringify(same), id) };
}

/** Nothing of theirs; not even an id, but the one that we sent. */
function expectNothingOfTheirs(text: string, sent: string): void {
  expect([THEIRS, ...foreign].filter((one) => one !== sent && text.includes(one))).toEqual([]);
}

async function touchingNothing(work: () => Promise<void>, isWrite = true): Promise<void> {
  if (!isWrite) return work();
  const before = await theirState();
  await work();
  expect(await theirState()).toBe(before);
}

describe('each SCIM route answers an id of another tenant as one that never was', () => {
  const requests = idRequests.flatMap(([route, all]) => all.map(({ name, send }) => ({ name: `${route} ${name}`, send })));

  test('the routes are all there', () => expect(requests.length).toBeGreaterThan(150));

  test.each(requests)('$name', async ({ send }) => {
    await touchingNothing(
      async () => {
        const expected = comparable(await scim(send(NEVER_WAS, setting)), NEVER_WAS);
        for (const id of foreign.slice(0, 3)) {
          const answer = await scim(send(id, setting));
          expect(comparable(answer, id)).toEqual(expected);
          expectNothingOfTheirs(answer.text, id);
          if (answer.status !== 501) expect(answer.status).toBeLessThan(500);
        }
      },
      !['GET', 'HEAD'].includes(send(NEVER_WAS, setting)[0]),
    );
  });

  test.each(cursorPaths)('%s by a cursor of theirs shows none of them', async (path) => {
    const { body } = await theirs.scim('GET', `${path}?cursor&count=1`);
    expect(body.nextCursor).toEqual(expect.any(String));
    for (const sort of ['', '&sortBy=externalId', '&sortBy=meta.created&sortOrder=descending']) {
      const answer = await ours.scim('GET', `${path}?cursor=${encodeURIComponent(body.nextCursor!)}&count=100${sort}`);
      expect([200, 400]).toContain(answer.status);
      expectNothingOfTheirs(answer.text, '');
    }
  });
});

/** What to ask of a type so that nothing could hide: who is who, whole documents, and on through everything that leads further. */
function selectionOf(type: GraphQLNamedType, depth: number): string {
  if (isAbstractType(type)) {
    return `__typename ${schema
      .getPossibleTypes(type)
      .map((one) => `... on ${one.name} { ${selectionOf(one, depth)} }`)
      .join(' ')}`;
  }
  if (!isObjectType(type)) return '__typename';
  const fields = Object.values(type.getFields());
  const isDocument = 'attributes' in type.getFields();
  return [
    '__typename',
    ...fields.flatMap(({ name, type: of }) => {
      const named = getNamedType(of);
      if (isScalarType(named) || isEnumType(named)) return isDocument && !['id', 'attributes'].includes(name) ? [] : [name];
      const leadsOn = !isDocument || named.name.endsWith('Connection');
      return depth > 0 && leadsOn ? [`${name} { ${selectionOf(named, depth - 1)} }`] : [];
    }),
  ].join(' ');
}

const DEPTH = 4;
/**
 * Root fields that take no id, no filter and no cursor: there is nothing of another tenant to name. A receiver of events is its tenant's
 * own under its name (security-events.test.ts).
 */
const NAMES_NOBODY = [
  'Query.caller',
  'Query.rateLimit',
  'Query._service',
  'Query.changesCursor',
  'Mutation.createTenant',
  'Mutation.declareExtension',
  'Mutation.removeExtension',
  'Mutation.pruneChanges',
  'Mutation.reportRefusedRequests',
  'Mutation.pollEvents',
  'Mutation.forgetEventReceiver',
];
/** For whoever holds a secret or a token: wrong ones are slowed down, and answered alike (tokens.test.ts). */
const BY_SECRET = ['Mutation.issueToken', 'Mutation.revokeLeakedTokens'];

const operations = rootOperations(schema);
const has = ({ field }: Operation, ...names: string[]) => field.args.some(({ name }) => names.includes(name));
const namesIds = (operation: Operation) => operation.field.args.some((arg) => carriesId(arg)) || operation.name === 'Mutation.bulk';
const withIds = operations.filter((operation) => namesIds(operation) && !BY_SECRET.includes(operation.name));
const filterable = operations.filter(({ field }) =>
  field.args.some(({ name, type }) => name === 'filter' && getNamedType(type).name === 'String'),
);
const pageable = operations.filter((operation) => has(operation, 'after'));

/** Inputs in which ids stand where the SDL does not show it. */
const more: readonly { readonly name: string; readonly document: string; readonly variables: (id: string) => object }[] = [
  ...['ADD', 'REPLACE', 'REMOVE'].map((op) => ({
    name: `changeGroup ${op} members`,
    document:
      'mutation ($input: ChangeGroupInput!) { changeGroup(input: $input) { group { id version members { nodes { id display } } } userErrors { code field message } } }',
    variables: (id: string) => ({ input: { id: ourGroup, dryRun: true, changes: [{ op, path: 'members', value: [{ value: id }] }] } }),
  })),
  {
    name: 'add a member',
    document:
      'mutation ($input: GroupMembersInput!) { addGroupMembers(input: $input) { group { id version } userErrors { code field message } } }',
    variables: (id) => ({ input: { groupId: ourGroup, memberIds: [ourUser, id] } }),
  },
  {
    name: 'remove a member',
    document:
      'mutation ($input: GroupMembersInput!) { removeGroupMembers(input: $input) { group { id version } userErrors { code field message } } }',
    variables: (id) => ({ input: { groupId: ourGroup, memberIds: [id] } }),
  },
  {
    name: 'our user in their group',
    document: 'query ($pairs: [MembershipPairInput!]!) { memberships(pairs: $pairs) { isDirect isEffective } }',
    variables: (id) => ({
      pairs: [
        { userId: ourUser, groupId: id },
        { userId: id, groupId: ourGroup },
        { userId: theirUser, groupId: id },
      ],
    }),
  },
  {
    name: 'nodes among ours',
    document: 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
    variables: (id) => ({ ids: [ourUser, id, ourGroup] }),
  },
  {
    name: 'bulk',
    document:
      'mutation ($input: BulkInput!) { bulk(input: $input) { results { place id version userErrors { code field message } } userErrors { code } } }',
    variables: (id) => ({
      input: {
        operations: ['USER', 'GROUP'].flatMap((type) => [
          { method: 'DELETE', type, id },
          { method: 'CHANGE', type, id, changes: [{ op: 'REPLACE', path: 'displayName', value: 'Taken over' }] },
          {
            method: 'REPLACE',
            type,
            id,
            ...(type === 'USER' ? { user: { userName: `bulk-${id}` } } : { group: { displayName: `bulk-${id}`, members: [] } }),
          },
        ]),
      },
    }),
  },
];

describe('each root field answers an id of another tenant as one that never was', () => {
  test('the root fields are all there', () => {
    const covered = [...withIds, ...filterable, ...pageable].map(({ name }) => name);
    const others = operations.map(({ name }) => name).filter((name) => !covered.includes(name));
    expect(others.toSorted()).toEqual([...NAMES_NOBODY, ...BY_SECRET].toSorted());
  });

  const generated = withIds.map((operation) => ({
    name: operation.name,
    document: operation.document(selectionOf(getNamedType(operation.field.type), DEPTH)),
    variables: operation.variables,
  }));

  test.each([...generated, ...more])('$name', async ({ document, variables }) => {
    await touchingNothing(async () => {
      const ask = (id: string) => graphql(document, variables(id));
      const expected = comparableText(await ask(NEVER_WAS), NEVER_WAS);
      expect(expected).not.toMatch(/GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT|GRAPHQL_PARSE_FAILED/);
      for (const id of foreign) {
        const text = await ask(id);
        expect(comparableText(text, id)).toBe(expected);
        expectNothingOfTheirs(text, id);
      }
    }, document.startsWith('mutation'));
  });

  const FILTERS = [
    'id eq "ID"',
    'not (id ne "ID")',
    'externalId eq "never-ID"',
    'groups eq "ID"',
    'groups[value eq "ID" and type eq "direct"]',
    'members eq "ID"',
    'members.value sw "ID"',
  ];

  test.each(filterable.flatMap((operation) => FILTERS.map((filter) => [operation.name, filter, operation] as const)))(
    '%s filtered by %s',
    async (_, filter, { field }) => {
      const document = `query ($filter: String) { result: ${field.name}(filter: $filter) { ${selectionOf(getNamedType(field.type), DEPTH)} } }`;
      const ask = (id: string) => graphql(document, { filter: filter.replace('ID', id) });
      const expected = comparableText(await ask(NEVER_WAS), NEVER_WAS);
      for (const id of foreign) {
        const text = await ask(id);
        expect(comparableText(text, id)).toBe(expected);
        expectNothingOfTheirs(text, id);
      }
    },
  );

  test.each(pageable)('$name by cursors of theirs shows nothing of theirs', async (operation) => {
    const { name, args, type } = operation.field;
    expect(args.filter(isRequiredArgument), `${name} needs more than a cursor: say here what`).toEqual([]);
    const page = await theirs.graphql(`{ result: ${name}(first: 1) { pageInfo { startCursor } } }`);
    const fresh = await newTenant(); // with nothing in it, nor in its history, that we have sent
    await create(fresh, '/Groups', groupBody('Same group', [await create(fresh, '/Users', asOurUser)]));
    const selection = selectionOf(getNamedType(type), DEPTH);
    const { startCursor } = (page.data?.['result']?.['pageInfo'] ?? {}) as { startCursor?: string };
    if (startCursor === undefined) expect(page.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]); // for operators
    for (const place of ['after: $cursor', ...(has(operation, 'before') ? ['before: $cursor'] : [])]) {
      const result = await fresh.graphql(`query ($cursor: String) { result: ${name}(${place}) { ${selection} } }`, {
        cursor: startCursor ?? theirUser,
      });
      expect(textOf(result)).not.toContain('GRAPHQL_VALIDATION_FAILED');
      expectNothingOfTheirs(textOf(result), theirUser);
    }
  });
});

/** How one comes to an object of ours whose fields take cursors or filters. */
const ways: Readonly<Record<string, (selection: string) => string>> = {
  User: (selection) => `{ user(by: { id: "${ourUser}" }) { ${selection} } }`,
  Group: (selection) => `{ group(by: { id: "${ourGroup}" }) { ${selection} } }`,
};
const lists = objectTypes(schema).flatMap((type) =>
  Object.values(type.getFields())
    .filter(({ args }) => args.some(({ name }) => ['after', 'before', 'filter'].includes(name)))
    .map((field) => ({ name: `${type.name}.${field.name}`, type, field })),
);
/** Holds what we have sent, ids of theirs with it: refused-requests.test.ts has cursors of others. */
const OF_REQUESTS = 'Tenant.refusedRequests';
const nested = lists.filter(({ name }) => name !== OF_REQUESTS);

describe('each nested list', () => {
  test.each(nested)('$name answers ids and cursors of another tenant as those that never were', async ({ name, type, field }) => {
    const way = ways[type.name];
    expect(way, `Say in "ways" how one comes to ${name}.`).toBeDefined();
    const selection = selectionOf(getNamedType(field.type), 3);
    const questions = (id: string) => [
      `after: "${id}"`,
      `before: "${id}", last: 5`,
      ...['id eq', 'externalId eq'].map((filter) => `filter: ${JSON.stringify(`${filter} "${id}"`)}`),
    ];
    for (const at of questions('').keys()) {
      const ask = (id: string) => graphql(way!(`${field.name}(${questions(id)[at]!}) { ${selection} }`));
      expect(await ask(NEVER_WAS)).not.toContain('GRAPHQL_VALIDATION_FAILED');
      for (const id of foreign) {
        const text = await ask(id);
        expectNothingOfTheirs(text, id);
        // A cursor is a place in the order of ids, somebody's or nobody's: before or after ours.
        if (at > 1) expect(comparableText(text, id)).toBe(comparableText(await ask(NEVER_WAS), NEVER_WAS));
      }
    }
  });
});

describe('an id of another tenant', () => {
  test('is a 404', async () => {
    expectScimError(await ours.scim('GET', `/Users/${theirUser}`), 404);
    expectScimError(await ours.scim('DELETE', `/Groups/${theirGroup}`), 404);
  });

  test('is unknown as a member, by name', async () => {
    const answer = await ours.scim('PATCH', `/Groups/${ourGroup}`, patchOp({ op: 'add', path: 'members', value: [{ value: theirUser }] }));
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(theirUser);
  });
});

describe('each tenant for itself', () => {
  test('the same names and external ids are free in each, and what is taken tells of our own', async () => {
    const fresh = await newTenant();
    const id = await create(fresh, '/Users', userBody('same.name@x.com', { externalId: 'same' }));
    await create(fresh, '/Groups', groupBody('Same group', [], { externalId: 'same' }));
    expect(expectList(await fresh.scim('GET', '/Users'))).toHaveLength(1);
    const taken = await fresh.scim('POST', '/Users', userBody('SAME.NAME@x.com'));
    expectScimError(taken, 409, 'uniqueness');
    expectNothingOfTheirs(taken.text, '');
    expect((taken.text.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? []).filter((one) => one !== id)).toEqual([]);
  });

  test.each([
    '/Users',
    '/Users?filter=userName%20eq%20"same.name@x.com"',
    '/Users?filter=externalId%20eq%20"same"',
    `/Users?filter=title%20eq%20"${THEIRS}"%20or%20id%20pr`,
    '/Users?sortBy=userName&count=1000',
  ])('%s lists our users only', async (path) => {
    expect(expectList(await ours.scim('GET', path)).map(({ id }) => id)).toEqual([ourUser]);
  });

  test('a reference in what we write points nowhere in theirs', async () => {
    await touchingNothing(async () => {
      const body = {
        schemas: [USER],
        userName: 'referrer@x.com',
        id: theirUser,
        [ENTERPRISE]: { manager: { value: theirUser } },
        groups: [{ value: theirGroup }],
      };
      const id = await create(ours, '/Users', body);
      expect(id).not.toBe(theirUser);
      const { text } = await ours.scim('GET', `/Users/${id}`);
      await ours.scim('DELETE', `/Users/${id}`);
      expectNothingOfTheirs(text, theirUser); // the manager's name is not looked up across the border
      expect(expectList(await theirs.scim('GET', filtered('/Users', `${ENTERPRISE}:manager.value eq "${theirUser}"`)))).toEqual([]);
    });
  });
});
