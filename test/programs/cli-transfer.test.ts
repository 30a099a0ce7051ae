/** Export and import of a tenant: what comes out goes in, once, whatever is killed on the way. */
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, isInputObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { ExportUsers } from '../../client/index.js';
import { folder, inEnvironment, type Run, tokenOf } from '../support/cli.js';
import { newTenant, type Tenant, world } from '../support/world.js';

/** The files that this process has open, where the system tells (Linux). */
const openFiles = (): string[] =>
  (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd') : []).flatMap((number) => {
    try {
      return [readlinkSync(`/proc/self/fd/${number}`)];
    } catch {
      return []; // closed meanwhile, as that of the folder itself
    }
  });

const EXTENSION = {
  resource: 'USER',
  schema: {
    id: 'urn:acme:params:scim:schemas:extension:badges:2.0:User',
    name: 'Badges',
    attributes: [
      { name: 'level', type: 'integer' },
      { name: 'doors', multiValued: true },
    ],
  },
};
const BADGES = EXTENSION.schema.id;
const USERS = 620;

let url: string;
let source: Tenant;
let from: Run;

interface Place {
  readonly tenant: Tenant;
  readonly run: Run;
}
const newPlace = async (): Promise<Place> => {
  const tenant = await newTenant();
  await shareNames(tenant);
  return { tenant, run: inEnvironment(url, await tokenOf(url, tenant)) };
};

/** A user of many attributes, with a manager who comes earlier, or later. */
const person = (index: number) => ({
  userName: `user${index}@x.com`,
  externalId: `hr-${index}`,
  displayName: `User "${index}" Ü`,
  active: index % 7 !== 0,
  title: index % 2 ? 'Engineer' : undefined,
  name: { givenName: `G${index}`, familyName: 'Family' },
  emails: [
    { value: `user${index}@x.com`, type: 'work', primary: true },
    { value: `u${index}@home.example`, type: 'home' },
  ],
  phoneNumbers: [{ value: `+44 20 ${index}`, type: 'work' }],
  addresses: [{ type: 'work', country: 'GB', locality: 'London' }],
  enterprise: { department: 'Sales' },
  condeco: { floor: String(index % 9) },
  ...(index % 10 === 0 && { extensions: { [BADGES]: { level: index, doors: ['north', 'south'] } } }),
});

const data = async <Data>(tenant: Tenant, query: string, variables: object): Promise<Data> => {
  const result = await tenant.graphql(query, variables);
  expect(result.errors, JSON.stringify(result.errors)).toBeUndefined();
  return result.data as Data;
};

const shareNames = (tenant: Tenant) =>
  data(tenant, 'mutation { updateTenantPolicies(input: { groupNames: SHARED }) { userErrors { message } } }', {});

interface Results {
  readonly results: readonly { readonly id: string; readonly userErrors: readonly object[] }[];
}

async function fill(tenant: Tenant): Promise<void> {
  await shareNames(tenant);
  await data(tenant, 'mutation ($input: DeclareExtensionInput!) { declareExtension(input: $input) { userErrors { message } } }', {
    input: EXTENSION,
  });
  const users = Array.from({ length: USERS }, (_, index) => person(index));
  const { createUsers } = await data<{ createUsers: Results }>(
    tenant,
    'mutation ($input: CreateUsersInput!) { createUsers(input: $input) { results { id userErrors { message } } } }',
    { input: { users } },
  );
  const ids = createUsers.results.map(({ id }) => id);
  const group = (
    displayName: string,
    members: readonly (string | undefined)[],
    { bulkId, ...more }: { bulkId?: string; externalId?: string } = {},
  ) => ({
    method: 'CREATE',
    type: 'GROUP',
    bulkId: bulkId ?? displayName,
    group: { displayName, members: members.map((value) => ({ value })), ...more },
  });
  const managed = (place: number, manager: number) => ({
    method: 'REPLACE',
    type: 'USER',
    id: ids[place],
    user: { ...person(place), enterprise: { department: 'Sales', manager: { value: ids[manager] } } },
  });
  const operations = [
    group('Everybody', ids),
    group('Inner', ids.slice(0, 3)),
    group('Middle', ['bulkId:Inner', ids[9]], { externalId: 'mid-1' }),
    group('Outer', ['bulkId:Middle']),
    group('Empty', []),
    // Groups may share a name: which of them is which must not be mixed up.
    group('Twins', ids.slice(10, 12)),
    group('Twins', ids.slice(20, 21), { bulkId: 'other' }),
    ...Array.from({ length: 60 }, (_, index) => group(`Team ${index}`, ids.slice(index, index + 4))),
    managed(1, 0),
    managed(2, USERS - 1),
    managed(USERS - 1, 1),
    managed(5, 5),
  ];
  const { bulk } = await data<{ bulk: Results }>(
    tenant,
    'mutation ($input: BulkInput!) { bulk(input: $input) { results { id userErrors { message } } } }',
    { input: { operations } },
  );
  for (const { results } of [createUsers, bulk]) expect(results.flatMap(({ userErrors }) => userErrors)).toEqual([]);
}

interface AnyLine {
  readonly type: string;
  readonly id?: string;
  readonly group?: never;
  readonly ids?: readonly string[];
  readonly user?: { readonly userName: string };
}
const linesOf = (text: string): AnyLine[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AnyLine);

/** An export with names instead of ids, in an order of its own. */
function withoutIds(text: string): string[] {
  const lines = linesOf(text).filter(({ type }) => type !== 'export');
  const names = new Map(
    lines.flatMap((line) => {
      if (line.type === 'user') return [[line.id!, line.user!.userName] as const];
      return line.type === 'group' ? [[line.id!, (line.group as unknown as { displayName: string }).displayName] as const] : [];
    }),
  );
  const members = new Map<string, string[]>();
  for (const { ids, group } of lines.filter(({ type }) => type === 'members')) {
    members.set(group!, [...(members.get(group!) ?? []), ...ids!]);
  }
  const told = [
    ...lines.filter(({ type }) => type !== 'members'),
    ...[...members].map(([group, ids]) => ({ type: 'members', group, ids: ids.map((id) => names.get(id)!).toSorted() })),
  ];
  return told
    .map((line) => JSON.stringify(line).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => names.get(id) ?? '?'))
    .toSorted();
}

const exported = async (run: Run): Promise<string> => {
  const { code, out, err } = await run(['export', '-q']);
  expect(code, err).toBe(0);
  return out;
};

/** Everybody's versions: what is written anew shows in them. */
const versionsOf = (tenant: Tenant) =>
  data(tenant, '{ users(first: 1000) { nodes { id version } } groups(first: 1000) { nodes { id version } } }', {});

let original: string;
let path: string;

beforeAll(async () => {
  ({ identityUrl: url } = await world());
  source = await (await world()).newTenant('Source');
  from = inEnvironment(url, await tokenOf(url, source));
  await fill(source);
  original = await exported(from);
});

const kept = (text = original): string => {
  path = join(folder(), 'export.ndjson');
  writeFileSync(path, text);
  return path;
};

describe('an export', () => {
  test('is lines of one kind after the other, and ends with the counts', () => {
    const lines = linesOf(original);
    expect([...new Set(lines.map(({ type }) => type))]).toEqual(['export', 'extension', 'user', 'group', 'members', 'end']);
    expect(lines[0]).toMatchObject({ format: 1, tenant: { id: source.id, name: 'Source' }, changesCursor: expect.any(String) });
    expect(lines.at(-1)).toEqual({ type: 'end', users: USERS, groups: 67, members: USERS + 3 + 2 + 1 + 2 + 1 + 240 });
    expect(lines.find(({ user }) => user?.userName === 'user10@x.com')).toMatchObject({
      user: { extensions: { [BADGES]: { level: 10, doors: ['north', 'south'] } }, active: true },
    });
  });

  test('asks for every attribute that a user can be created with', () => {
    const schema = buildSchema(readFileSync(new URL('../../schema/identity.graphql', import.meta.url), 'utf8'));
    const type = schema.getType('UserInput');
    const names = isInputObjectType(type) ? Object.keys(type.getFields()).filter((name) => name !== 'extensions') : [];
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(ExportUsers.body).toMatch(new RegExp(`\\b${name}\\b`));
  });

  test('into a file that was killed goes on where it was, without loss or repetition', async () => {
    const output = join(folder(), 'copy.ndjson');
    for (let attempts = 0; ; attempts += 1) {
      const stop = new AbortController();
      let requests = 0;
      const realFetch = globalThis.fetch;
      // Dies at its third request, as a process that is killed there: half a step has been read, none of it is kept.
      globalThis.fetch = (...args) => {
        requests += 1;
        if (requests > 3 && attempts < 10) throw Object.assign(new Error('killed'), { code: 'EPIPE' });
        return realFetch(...args);
      };
      try {
        await from(['export', '--output', output, '-q', '--retries', '0'], { interrupted: stop.signal });
      } finally {
        globalThis.fetch = realFetch;
      }
      if (existsSync(output)) {
        expect(attempts).toBeGreaterThan(0);
        break;
      }
    }
    expect(withoutIds(readFileSync(output, 'utf8'))).toEqual(withoutIds(original));
    expect(statSync(output).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(output, '..'))).toEqual(['copy.ndjson']);
    expect(await from(['export', '--output', output])).toMatchObject({ code: 2, err: expect.stringContaining('--force') });
  });

  test.each([
    ['in a folder that is not there', ['missing', 'x'], 'ENOENT'],
    ['below a file', ['export.ndjson', 'x'], 'ENOTDIR'],
  ])('%s is told as what it is', async (_, below, code) => {
    const place = folder();
    writeFileSync(join(place, 'export.ndjson'), '');
    const output = join(place, ...below);
    expect(await from(['export', '--output', output])).toMatchObject({
      code: 2,
      err: expect.stringMatching(new RegExp(`^error: .*x(?:\\.partial)? cannot be opened or written: .* \\(${code}\\)\\. \\[FILE\\]\n$`)),
    });
  });

  test('that is interrupted says how to go on', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await from(['export', '--output', join(folder(), 'x')], { interrupted: stop.signal })).toMatchObject({
      code: 7,
      err: expect.stringContaining('repeat the command'),
    });
  });
});

describe('an import', () => {
  let there: Place;

  test('into another tenant makes a tenant that exports the same', async () => {
    there = await newPlace();
    expect(await there.run(['import', kept()])).toMatchObject({ code: 2, err: expect.stringContaining('--declare-extensions') });
    const { code, err, documents } = await there.run(['import', kept(), '--declare-extensions', '--json']);
    expect(code, err).toBe(0);
    expect(documents).toMatchObject([{ usersCreated: USERS, managersSet: 3, groupsCreated: 67, groupsFilled: 66, failed: 0 }]);
    expect(withoutIds(await exported(there.run))).toEqual(withoutIds(original));
    expect(existsSync(`${path}.import-state`)).toBe(false);
  });

  test('repeated changes nothing, from stdin neither', async () => {
    const before = await versionsOf(there.tenant);
    const { code, err, documents } = await there.run(['import', '-', '--json'], { stdin: original });
    expect(code, err).toBe(0);
    expect(documents).toMatchObject([
      {
        usersCreated: 0,
        usersChanged: 0,
        usersUnchanged: USERS,
        managersSet: 0,
        groupsCreated: 0,
        groupsChanged: 0,
        groupsUnchanged: 67,
        failed: 0,
      },
    ]);
    expect(await versionsOf(there.tenant)).toEqual(before);
  });

  test('brings back what has been changed and deleted since, and leaves who came since', async () => {
    for (const args of [
      ['users', 'update', 'user3@x.com', '--title', 'Changed', '--external-id', 'other'],
      ['users', 'delete', 'user4@x.com'],
      ['users', 'reactivate', 'user7@x.com'],
      ['groups', 'rename', 'Middle', 'Centre'],
      ['members', 'replace', 'Inner', 'user8@x.com'],
      ['members', 'add', 'Empty', 'user1@x.com'],
    ]) {
      expect((await there.run(args)).code, args.join(' ')).toBe(0);
    }
    await there.run(['users', 'create', '--user-name', 'new@x.com']);
    const { documents } = await there.run(['import', kept(), '--json']);
    expect(documents).toMatchObject([{ usersCreated: 1, usersChanged: 2, groupsChanged: 1, failed: 0 }]);
    await there.run(['users', 'delete', 'new@x.com']);
    expect(withoutIds(await exported(there.run))).toEqual(withoutIds(original));
  });

  test('that is killed again and again goes on, without loss or repetition', async () => {
    const { run, tenant } = await newPlace();
    const file = kept();
    const realFetch = globalThis.fetch;
    let attempts = 0;
    let code = -1;
    for (; code !== 0 && attempts < 60; attempts += 1) {
      let requests = 0;
      // Each time it dies a few requests later than before, and of the last one the answer is lost: the core has done it.
      globalThis.fetch = async (...args) => {
        requests += 1;
        if (requests <= 2 + (attempts % 7)) return realFetch(...args);
        if (requests === 3 + (attempts % 7)) await realFetch(...args);
        throw new Error('killed');
      };
      try {
        ({ code } = await run(['import', file, '--declare-extensions', '-q', '--retries', '0']));
      } finally {
        globalThis.fetch = realFetch;
      }
      // Node ends a process that leaves a file to the garbage collector.
      expect(openFiles().filter((path) => path.startsWith(file))).toEqual([]);
    }
    expect(attempts).toBeGreaterThan(2);
    expect(code).toBe(0);
    expect(withoutIds(await exported(run))).toEqual(withoutIds(original));
    const created = async () =>
      (
        await data<{ changes: { nodes: object[] } }>(
          tenant,
          '{ changes(first: 1000, kinds: ["USER_CREATED", "GROUP_CREATED"]) { nodes { kind } } }',
          {},
        )
      ).changes.nodes.length;
    // The feed may be a moment behind: it waits for older transactions of the server.
    await expect.poll(created, { timeout: 20_000 }).toBeGreaterThanOrEqual(USERS + 67);
    expect(await created()).toBe(USERS + 67);
  });

  test('tells what it could not take, does the rest, and says so with its exit code', async () => {
    const { run } = await newPlace();
    const text = [
      { type: 'export', format: 1, tenant: { id: 'x', name: 'By hand' }, exportedAt: '', changesCursor: null },
      { type: 'user', id: 'u1', user: { userName: 'one@x.com', enterprise: { manager: { value: 'u2' } } } },
      { type: 'user', id: 'u2', user: { userName: 'two@x.com', emails: [{ value: 5 }] } },
      { type: 'user', id: 'u3', user: { userName: 'three@x.com', extensions: { 'urn:x': {} } } },
      { type: 'group', id: 'g1', group: { displayName: 'G' } },
      { type: 'members', group: 'g1', ids: ['u1', 'nobody'] },
      { type: 'end', users: 2, groups: 1, members: 2 },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n');
    const { code, err } = await run(['import', kept(text), '-q']);
    expect({ code, err }).toMatchInlineSnapshot(`
      {
        "code": 7,
        "err": "line 3, user "two@x.com": Variable "$input" got invalid value 5 at "input.users[0].emails[0].value"; String cannot represent a non string value: 5 [BAD_USER_INPUT]
      line 6, members of the group "G": 1 of 2 were not imported, the first of them "nobody". [NOT_FOUND]
      ",
      }
    `);
  });

  test('takes what it could not take once that is mended and the command repeated, with whatever depends on it', async () => {
    const { run, tenant } = await newPlace();
    await run(['users', 'create', '--user-name', 'there@x.com']);
    const late = { 'urn:late:User': { level: 1 } };
    const file = kept(
      [
        { type: 'export', format: 1, tenant: { id: 'x', name: 'By hand' }, exportedAt: '', changesCursor: null },
        { type: 'user', id: 'u1', user: { userName: 'one@x.com' } },
        { type: 'user', id: 'u2', user: { userName: 'two@x.com', extensions: late } },
        { type: 'user', id: 'u3', user: { userName: 'there@x.com', extensions: late } },
        { type: 'group', id: 'g1', group: { displayName: 'G' } },
        { type: 'members', group: 'g1', ids: ['u1', 'u2'] },
        { type: 'end', users: 3, groups: 1, members: 2 },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    const membersOf = async () => (await run(['members', 'list', 'G', '--json'])).documents.map(({ display }) => display);
    expect(await run(['import', file, '--json'])).toMatchObject({
      code: 7,
      documents: [{ failed: 3 }],
      err: expect.stringMatching(/line 3, .*\n.*line 4, .*\n.*line 6, .*\n.*repeat the command/),
    });
    expect(await membersOf()).toEqual(['one@x.com']);
    expect(await run(['import', file, '--json'])).toMatchObject({ code: 7, documents: [{ failed: 3 }] });
    await data(tenant, 'mutation ($input: DeclareExtensionInput!) { declareExtension(input: $input) { userErrors { message } } }', {
      input: { resource: 'USER', schema: { id: 'urn:late:User', name: 'Late', attributes: [{ name: 'level', type: 'integer' }] } },
    });
    expect(await run(['import', file, '--json'])).toMatchObject({ code: 0, documents: [{ usersCreated: 1, usersChanged: 1, failed: 0 }] });
    expect(await membersOf()).toEqual(['one@x.com', 'two@x.com']);
  });

  test('into a tenant whose groups may not share names takes the first of two, and tells of the other', async () => {
    const run = inEnvironment(url, await tokenOf(url, await newTenant()));
    const { code, err } = await run(['import', kept(), '--declare-extensions', '-q']);
    expect(code).toBe(7);
    expect(err).toMatch(/^line \d+, group "Twins": This displayName is already taken.* \[UNIQUENESS\]\n$/);
    expect(await run(['import', path, '-q', '--json'])).toMatchObject({
      code: 7,
      documents: [{ usersCreated: 0, groupsCreated: 0, failed: 1 }],
    });
  });

  test.each([
    ['has no end', () => original.slice(0, original.lastIndexOf('{"type":"end"')), 'not whole'],
    ['is cut within a line', () => original.slice(0, 5000), 'no JSON'],
    ['is none', () => '{"hello": 1}\n', 'Line 1'],
    ['is of a later format', () => '{"type":"export","format":2,"tenant":{}}\n', 'newer'],
    ['is in another order', () => original.split('\n').toReversed().join('\n').trim(), 'begin'],
  ])('of a file that %s does nothing', async (_, text, sentence) => {
    const { run } = await newPlace();
    expect(await run(['import', kept(text())])).toMatchObject({ code: 2, out: '', err: expect.stringContaining(sentence) });
    expect((await run(['users', 'list', '--json'])).documents).toEqual([]);
  });
});
