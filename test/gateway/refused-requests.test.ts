/** What the facade tells the core of refused requests: in the background, in bounds, and without anybody waiting for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { quickestOf } from './quickest.js';
import { shownBody, shownTarget } from '../../gateway/scim/shown-request.js';
import { Failure } from '../../schema/failure.js';
import { startFacade } from './fake-core.js';

const BASE = '/scim/api/V1';
let facade: Awaited<ReturnType<typeof startFacade>>;
beforeEach(async () => {
  facade = await startFacade();
});
afterEach(() => facade.gateway.close());

interface Told {
  readonly path: string;
  readonly times: number;
}
const toldIn = ({ reports }: typeof facade): Told[] =>
  reports.flatMap(({ variables }) => (variables['input'] as { requests: Told[] }).requests);
const refuse = (path: string, headers = {}) => facade.send('GET', `${BASE}/Nothing/${path}`, undefined, headers);

test('what is answered well, and what comes with no good token, is not told', async () => {
  expect((await facade.send('GET', `${BASE}/Users/7`)).status).toBe(200);
  for (const authorization of [undefined, 'Bearer bad']) expect((await refuse('x', { authorization })).status).toBe(401);
  await sleep(1300);
  expect(facade.reports).toEqual([]);
});

test('one report a second of each token, twenty different ones in it; the end tells what is left', async () => {
  facade.tell(() => ({ data: { caller: { tenant: { id: 't' } } } }));
  for (let at = 0; at < 30; at += 1) await refuse(String(at % 25));
  await refuse('other', { authorization: 'Bearer another' });
  await expect.poll(() => facade.reports.length, { timeout: 3000 }).toBe(2);
  expect(facade.reports.map(({ origin }) => origin.token)).toEqual(['good', 'another']);
  const told = toldIn(facade).filter(({ path }) => !path.endsWith('other'));
  expect(told.map(({ times }) => times)).toEqual([...Array.from({ length: 5 }, () => 2), ...Array.from({ length: 15 }, () => 1)]);
  expect(facade.lines.some((line) => line.includes('"dropped":5'))).toBe(true);
  await refuse('last');
  await facade.gateway.close();
  expect(toldIn(facade).at(-1)!.path).toBe(`${BASE}/Nothing/last`);
});

test('while the core is away they are let go, and counted in the log', async () => {
  facade.tellReports(() => {
    throw new Failure('UNAVAILABLE');
  });
  for (const at of ['a', 'b', 'b']) expect((await refuse(at)).status).toBe(404);
  await expect.poll(() => facade.lines.some((line) => line.includes('"dropped":3')), { timeout: 3000 }).toBe(true);
  facade.tellReports(() => ({ data: {} }));
  await refuse('c');
  await expect.poll(() => toldIn(facade).at(-1)?.path, { timeout: 3000 }).toBe(`${BASE}/Nothing/c`);
});

test('a core that does not answer keeps nobody waiting, at the end neither', async () => {
  facade.tellReports(() => new Promise(() => undefined));
  await refuse('first');
  await expect.poll(() => facade.reports.length, { timeout: 3000 }).toBe(1);
  const started = performance.now();
  for (let at = 0; at < 20; at += 1) expect((await refuse(String(at))).status).toBe(404);
  expect(performance.now() - started).toBeLessThan(2000);
  expect(facade.reports).toHaveLength(1);
  await facade.gateway.close();
  expect(performance.now() - started).toBeLessThan(5000);
});

const TOKEN = `condeco_${'aB3'.repeat(16)}z`;

test.each([
  [{ userName: TOKEN, title: `my condecosecret_${'aB3'.repeat(16)}z!` }, '{"userName":"***","title":"my ***!"}'],
  [{ userName: 'ann', password: 'x' }, '{"userName":"ann","password":"***"}'],
  [
    {
      Operations: [
        { op: 'add', path: 'password', value: 'x' },
        { op: 'add', path: 'title', value: 'x' },
      ],
    },
    '{"Operations":[{"op":"add","path":"password","value":"***"},{"op":"add","path":"title","value":"x"}]}',
  ],
  [{ filter: 'password eq "a\\"b" and title eq "c"' }, '{"filter":"password eq \\"***\\" and title eq \\"c\\""}'],
  [
    { client_secret: ['x'], 'api-token': { x: 1 }, list: [null, true, 1, {}] },
    '{"client_secret":"***","api-token":"***","list":[null,true,1,{}]}',
  ],
  [{ long: 'x'.repeat(100) }, `{"long":"${'x'.repeat(71)}…`],
])('shows %j without secrets', (body, shown) => expect(shownBody(body, 80)).toBe(shown.length > 81 ? `${shown.slice(0, 80)}…` : shown));

test('a body is written as far as there is room, however large or deep', () => {
  const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as [];
  expect(shownBody({ deep })).toContain('…');
  const members = Array.from({ length: 500_000 }, () => ({ value: 'x' }));
  expect(shownBody({ members })).toHaveLength(8193);
  expect(quickestOf(3, () => shownBody({ members }))).toBeLessThan(200);
});

test.each(['secret', '?secret', '?', 'token '])('many of %j do not take long', (piece) => {
  expect(quickestOf(3, () => [shownBody({ text: piece.repeat(10_000) }), shownTarget('/Users', piece.repeat(10_000))])).toBeLessThan(200);
});

test.each([
  ['filter=userName%20eq%20%22ann%2B1%22', '/Users?filter=userName eq "ann+1"'],
  ['filter=password+eq+%22se%26cret%22&count=1', '/Users?filter=password eq "***"&count=1'],
  ['x=1&access_token=abc&y=2', '/Users?x=1&access_token=***&y=2'],
  ['filter=%zz%20password%20eq%20%22secret%22', '/Users?filter=%zz password eq "***"'],
  ['filter=password%20eq%20%22%ffsecret', '/Users?filter=password eq "***"'],
  ['', '/Users'],
  [`filter=userName%20eq%20%22${TOKEN}%22`, '/Users?filter=userName eq "***"'],
])('shows the query %s', (query, shown) => expect(shownTarget('/Users', query)).toBe(shown));
