/** Users, groups and members by the CLI, against a core over HTTP. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { cli, folder, inEnvironment, type Run, tokenOf } from '../support/cli.js';
import { newTenant, type Tenant, world } from '../support/world.js';

let tenant: Tenant;
let run: Run;
let url: string;
const ids: Record<string, string> = {};

/** What the answer holds that is different each time, as a word for it. */
const comparable = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>'.padEnd(36, '.'))
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, '<time>'.padEnd(20, '.'));

const created = async (...args: string[]): Promise<string> => {
  const { code, out, err } = await run([...args, '-q']);
  expect(err).toBe('');
  expect(code).toBe(0);
  return out.trim();
};

beforeAll(async () => {
  ({ identityUrl: url } = await world());
  tenant = await newTenant();
  run = inEnvironment(url, await tokenOf(url, tenant));
  ids['ann'] = await created(
    'users',
    'create',
    '--user-name',
    'ann@x.com',
    '--email',
    'ann.lee@x.com',
    '--given-name',
    'Ann',
    '--family-name',
    'Lee',
    '--display-name',
    'Ann Lee',
  );
  ids['ben'] = await created('users', 'create', '--user-name', 'ben@x.com');
  ids['cy'] = await created('users', 'create', '--user-name', 'cy@x.com', '--display-name', 'Cy \u001b[31mRed\nLine');
  ids['sales'] = await created('groups', 'create', 'Sales', '--member', 'ann@x.com', '--member', ids['ben']);
});

describe('for people', () => {
  test('a list is an aligned table; control characters of others do not reach the terminal', async () => {
    const { code, out, err } = await run(['users', 'list', '--order-by', 'userName:desc']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(comparable(out)).toMatchInlineSnapshot(`
      "ID                                    USER NAME  ACTIVE  DISPLAY NAME      E-MAIL         UPDATED
      <id>................................  cy@x.com   yes     Cy �[31mRed�Line  -              <time>..............
      <id>................................  ben@x.com  yes     -                 -              <time>..............
      <id>................................  ann@x.com  yes     Ann Lee           ann.lee@x.com  <time>..............
      "
    `);
  });

  test('the groups of a user are a list, too', async () => {
    const all = await created('groups', 'create', 'Everybody', '--member', ids['sales']!);
    const { out } = await run(['users', 'groups', 'ann@x.com']);
    expect(comparable(out)).toMatchInlineSnapshot(`
      "ID                                    GROUP      MEMBER
      <id>................................  Sales      direct
      <id>................................  Everybody  indirect
      "
    `);
    expect((await run(['users', 'groups', 'ann@x.com', '--json'])).documents).toMatchObject([
      { type: 'direct', node: { id: ids['sales'] } },
      { type: 'indirect', node: { id: all } },
    ]);
    await run(['groups', 'delete', all]);
  });

  test('one is a list of names and values', async () => {
    const { out } = await run(['users', 'get', 'ann@x.com']);
    expect(comparable(out)).toMatchInlineSnapshot(`
      "id             <id>................................
      user name      ann@x.com
      active         yes
      display name   Ann Lee
      given name     Ann
      family name    Lee
      e-mail         ann.lee@x.com
      phone          -
      external id    -
      title          -
      department     -
      booking group  -
      floor          -
      version        1
      created        <time>..............
      updated        <time>..............
      "
    `);
  });

  test('is coloured on a terminal only, and there not with NO_COLOR', async () => {
    const bold = '\u001b[1m';
    expect((await run(['groups', 'list'])).out).not.toContain(bold);
    expect((await run(['groups', 'list'], { isTTY: true })).out).toContain(bold);
    expect((await run(['groups', 'list'], { isTTY: true, environment: { NO_COLOR: '1' } })).out).not.toContain(bold);
  });

  test('a list that is longer than its limit says so on stderr, and not with --quiet', async () => {
    const { out, err } = await run(['users', 'list', '--limit', '2']);
    expect(out.split('\n')).toHaveLength(4);
    expect(err).toBe('These are the first 2 of 3; --limit or --all shows more.\n');
    expect((await run(['users', 'list', '--limit', '2', '-q'])).err).toBe('');
    expect((await run(['users', 'list', '--all'])).err).toBe('');
  });
});

describe('for scripts', () => {
  test('a list is a document a line', async () => {
    const { documents, err } = await run(['users', 'list', '--json', '--filter', 'userName sw "a"']);
    expect(err).toBe('');
    expect(documents).toMatchObject([{ id: ids['ann'], userName: 'ann@x.com', active: true, emails: [{ value: 'ann.lee@x.com' }] }]);
  });

  test.each([
    ['the id', () => ids['ann']!],
    ['the user name in any case', () => 'ANN@x.com'],
    ['an e-mail address', () => 'ann.lee@x.com'],
  ])('a user is found by %s', async (_, wanted) => {
    expect((await run(['users', 'get', wanted(), '--json'])).documents).toMatchObject([{ id: ids['ann'] }]);
  });

  test('JSON on stdin creates and updates; null clears', async () => {
    const { code, documents } = await run(['users', 'create', '--file', '-', '--json'], {
      stdin: '{"userName": "di@x.com", "title": "Chief", "enterprise": {"department": "Sales"}}',
    });
    expect({ code, documents }).toMatchObject({ code: 0, documents: [{ userName: 'di@x.com', version: 1, active: true }] });
    const path = join(folder(), 'di.json');
    writeFileSync(path, '{"title": null}');
    expect(
      (await run(['users', 'update', 'di@x.com', '--file', path, '--display-name', 'Di', '--if-version', '1', '--json'])).documents,
    ).toMatchObject([{ version: 2 }]);
    expect((await run(['users', 'get', 'di@x.com', '--json'])).documents).toMatchObject([
      { title: null, displayName: 'Di', enterprise: { department: 'Sales' } },
    ]);
  });

  test('a user is deactivated, reactivated and deleted', async () => {
    const id = await created('users', 'create', '--user-name', 'leaver@x.com');
    expect((await run(['users', 'deactivate', 'leaver@x.com', '--json'])).documents).toMatchObject([{ id, active: false }]);
    expect((await run(['users', 'reactivate', id, '--json'])).documents).toMatchObject([{ active: true }]);
    expect((await run(['users', 'delete', id, '--json'])).documents).toEqual([{ deletedId: id }]);
    expect((await run(['users', 'get', id])).code).toBe(3);
  });

  test('a group is renamed and deleted', async () => {
    const id = await created('groups', 'create', 'Passing', '--external-id', 'p1');
    expect((await run(['groups', 'rename', 'Passing', 'Past', '--json'])).documents).toMatchObject([
      { id, displayName: 'Past', version: 2 },
    ]);
    expect((await run(['groups', 'get', 'p1', '--by', 'externalId', '--json'])).documents).toMatchObject([{ id }]);
    expect((await run(['groups', 'list', '--json', '--filter', 'displayName eq "past"'])).documents).toMatchObject([{ id }]);
    expect((await run(['groups', 'delete', 'past', '--json'])).documents).toEqual([{ deletedId: id }]);
  });

  test('members are listed, added, removed, and replaced from stdin', async () => {
    const members = async (...more: string[]) => (await run(['members', 'list', 'Sales', '--json', ...more])).documents.map(({ id }) => id);
    expect(await members()).toEqual([ids['ann'], ids['ben']]);
    expect((await run(['members', 'add', 'sales', 'cy@x.com', '--json'])).documents).toEqual([{ id: ids['sales'], version: 2 }]);
    expect((await run(['members', 'remove', ids['sales']!, ids['ann']!, 'CY@X.COM'])).code).toBe(0);
    expect(await members()).toEqual([ids['ben']]);
    const all = await created('groups', 'create', 'All', '--member', ids['sales']!);
    expect((await run(['members', 'list', 'All', '--json', '--effective'])).documents.map(({ id }) => id)).toEqual([ids['ben']]);
    const { code } = await run(['members', 'replace', 'Sales', '--file', '-'], { stdin: `${ids['ann']}\r\n\ncy@x.com\n` });
    expect(code).toBe(0);
    expect(await members()).toEqual([ids['ann'], ids['cy']]);
    // What a pipe brings whose first half failed.
    expect(await run(['members', 'replace', 'Sales', '--file', '-'], { stdin: '\n' })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/names nobody.*members remove.*\[USAGE\]\n$/),
    });
    const unknown = await run(['members', 'replace', 'Sales', 'nobody@x.com']);
    expect(unknown).toMatchObject({
      code: 3,
      err: 'error: There is no user with the user name "nobody@x.com". Nothing was changed. [NOT_FOUND]\n',
    });
    expect(await members()).toHaveLength(2);
    await run(['groups', 'delete', all]);
  });
});

describe('what goes wrong', () => {
  const wrong: [string, string[], number, RegExp][] = [
    [
      'refused as invalid',
      ['users', 'create', '--display-name', 'No Name'],
      1,
      /^error: .*userName.* \[INVALID_VALUE, field userName, request [\w-]+\]\n$/,
    ],
    ['a filter that cannot be read', ['users', 'list', '--filter', 'userName eqq "x"'], 1, /INVALID_FILTER/],
    ['an unknown command', ['users', 'lst'], 2, /unknown command 'lst'.*\n.*Did you mean list/s],
    ['an unknown option', ['users', 'list', '--frist', '3'], 2, /unknown option/],
    ['a limit that is none', ['users', 'list', '--limit', 'many'], 2, /whole number/],
    ['nothing to set', ['users', 'create'], 2, /Say what to set/],
    [
      'nobody',
      ['users', 'get', 'nobody@x.com'],
      3,
      /^error: There is no user with the userName or the email "nobody@x.com"\. \[NOT_FOUND\]\n$/,
    ],
    ['no such group', ['members', 'list', 'Nobodies'], 3, /no group/],
    ['what needs an operator', ['tenants', 'list'], 4, /FORBIDDEN, request/],
    ['a value that is taken', ['users', 'create', '--user-name', 'ANN@x.com'], 5, /UNIQUENESS, field userName/],
    ['another version', ['users', 'update', 'ben@x.com', '--title', 'x', '--if-version', '9'], 5, /VERSION_MISMATCH/],
  ];
  test.each(wrong)('%s', async (_, args, expected, sentence) => {
    const { code, out, err } = await run(args);
    expect(err).toMatch(sentence);
    expect({ code, out }).toEqual({ code: expected, out: '' });
  });

  test('with --json it is told as JSON, on stderr', async () => {
    const { code, out, err } = await run(['users', 'create', '--user-name', 'ann@x.com', '--json']);
    expect({ code, out }).toEqual({ code: 5, out: '' });
    expect(JSON.parse(err)).toEqual({
      error: {
        code: 'UNIQUENESS',
        field: 'userName',
        message: expect.stringMatching(/./),
        requestId: expect.stringMatching(/./),
        exitCode: 5,
      },
    });
  });

  test('a wrong token, no token, no URL, no core', async () => {
    expect(await inEnvironment(url, 'condeco_wrong')(['users', 'list'])).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringContaining('UNAUTHENTICATED'),
    });
    expect(await cli(['users', 'list', '--url', url])).toMatchObject({ code: 2, err: expect.stringContaining('IDENTITY_TOKEN') });
    expect(await cli(['users', 'list'])).toMatchObject({ code: 2, err: expect.stringContaining('IDENTITY_GRAPHQL_URL') });
    expect(await cli(['users', 'list', '--url', 'ftp://x'])).toMatchObject({ code: 2 });
  });

  test('input that is no JSON says so', async () => {
    expect(await run(['users', 'create', '--file', '-'], { stdin: '{"userName": ' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('no JSON'),
    });
    expect(await run(['users', 'create', '--file', '/no/such/file'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('/no/such/file'),
    });
  });

  test('a closed pipe is no error, and a token on the command line is refused', async () => {
    const onOut = () => {
      throw Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    };
    expect(await run(['users', 'list'], { onOut })).toMatchObject({ code: 0, err: '' });
    expect(await run(['users', 'list', '--token', 'condeco_x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining("unknown option '--token'"),
    });
  });
});
