/** The door that the facade comes in by, asked by others: nobody may bring it down, fill its memory, or get in from a web page. */
import { request } from 'node:http';
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { WebSocket } from 'ws';
import { CONVERSATION_PATH, PROTOCOL } from '../../wire/conversation.js';
import { groupBody, userBody } from '../support/scim.js';
import { newTenant, startSystem, type Tenant, world } from '../support/world.js';
import { createOwnEmbedded } from '../support/own-store.js';

let tenant: Tenant;
let url: string;
const opened: Visitor[] = [];

/** Somebody at the door: what is heard, and what the end of it was. */
interface Visitor {
  readonly socket: WebSocket;
  readonly heard: unknown[];
  readonly ended: Promise<number>;
  say(...entries: unknown[]): void;
  /** Waits for the answer to an operation. */
  answer(id: number): Promise<unknown>;
}

async function visit(at = url, headers: Record<string, string> = {}): Promise<Visitor> {
  const socket = new WebSocket(at.replace('http', 'ws') + CONVERSATION_PATH, PROTOCOL, { headers });
  const heard: unknown[] = [];
  const long = new Map<number, Buffer[]>();
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return void heard.push(...(JSON.parse(data.toString()) as unknown[]));
    const id = data.readUInt32BE(0);
    const parts = long.get(id) ?? [];
    long.set(id, [...parts, data.subarray(5)]);
    if (data[4] === 1) heard.push([id, JSON.parse(Buffer.concat(long.get(id)!).toString())]);
  });
  const ended = new Promise<number>((resolve) => socket.on('close', resolve).on('error', () => undefined));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve).once('error', reject);
  });
  const find = (id: number) => heard.find((entry) => Array.isArray(entry) && entry[0] === id) as unknown[] | undefined;
  const visitor = {
    socket,
    heard,
    ended,
    say: (...entries: unknown[]) => socket.send(JSON.stringify(entries)),
    answer: async (id: number) => {
      await expect.poll(() => find(id), { timeout: 5000 }).toBeDefined();
      return find(id)![1];
    },
  };
  opened.push(visitor);
  return visitor;
}

const from = () => ({ token: tenant.token, requestId: 'visit', address: '203.0.113.9' });
const code = (value: string) => ({ errors: [{ extensions: { code: value } }] });

beforeAll(async () => {
  tenant = await newTenant();
  url = (await world()).identityUrl;
});
afterEach(() => {
  for (const { socket } of opened.splice(0)) socket.terminate();
});

describe('the door of the facade', () => {
  test('answers each operation of a message, in the order in which they end', async () => {
    const visitor = await visit();
    visitor.say(
      [1, 'Authenticate', {}, from()],
      [2, 'Authenticate', {}, { ...from(), token: 'condeco_made-up' }],
      [3, 'ReadUser', { id: 'x', relation: false }, from()],
    );
    expect(await visitor.answer(1)).toMatchObject({ data: { caller: { tenant: { id: tenant.id } } } });
    expect(await visitor.answer(2)).toMatchObject(code('UNAUTHENTICATED'));
    expect(await visitor.answer(3)).toMatchObject({ data: { resource: null } });
  });

  test('keeps a long body for callers only', async () => {
    const visitor = await visit();
    for (const [id, token] of [
      [1, undefined],
      [2, 'condeco_made-up'],
      [3, tenant.token],
    ] as const) {
      visitor.say([id, 'CreateUser', null, { ...from(), token }]);
    }
    expect(await visitor.answer(2)).toMatchObject(code('UNAUTHENTICATED'));
    expect(await visitor.answer(1)).toMatchObject({ errors: expect.any(Array) as unknown[] });
    await expect.poll(() => visitor.heard).toContainEqual([3]);
    visitor.socket.send(Buffer.from([0, 0, 0, 1, 0, 123])); // for what was refused
    expect(await visitor.ended).toBe(1008);
  });

  test('takes no more than the longest variables, whoever sends them, and goes on with the others', async () => {
    const visitor = await visit();
    visitor.say([1, 'CreateUser', null, from()]);
    await expect.poll(() => visitor.heard).toContainEqual([1]);
    const piece = Buffer.concat([Buffer.from([0, 0, 0, 1, 0]), Buffer.alloc(1_000_000, 'x')]);
    for (let count = 0; count < 25; count += 1) visitor.socket.send(piece);
    await expect.poll(() => visitor.heard[1], { timeout: 5000 }).toMatchObject([1, code('BODY_TOO_LARGE')]);
    visitor.socket.send(Buffer.from([0, 0, 0, 1, 1, 1]));
    visitor.say([2, 'Authenticate', {}, from()]);
    expect(await visitor.answer(2)).toMatchObject({ data: { caller: { tenant: { id: tenant.id } } } });
    visitor.socket.send(Buffer.from([0, 0, 0, 1, 1, 1])); // after its last piece
    expect(await visitor.ended).toBe(1008);
    expect((await tenant.scim('GET', '/Users?count=0')).status).toBe(200);
  });

  test.each<[string, string | Buffer, number]>([
    ['no JSON', '<html>', 1008],
    ['no list', '{}', 1008],
    ['no origin', '[[1,"ListUsers",{}]]', 1008],
    ['no id', '[["1","ListUsers",{},{}]]', 1008],
    ['no operation', '[7]', 1008],
    ['an id that is no count', '[[-1,"ListUsers",{},{}]]', 1008],
    ['an id of more than four bytes', '[[4294967296,"ListUsers",{},{}]]', 1008],
    ['half an id', '[[1.5,"ListUsers",{},{}]]', 1008],
    ['pieces of nothing', Buffer.from([0, 0, 0, 9, 1, 1]), 1008],
    ['pieces that are none', Buffer.from([1]), 1008],
    ['too much at once', `["${'x'.repeat(2 * 1024 * 1024)}"]`, 1009],
  ])('shows the way out to who says %s', async (_, said, end) => {
    const visitor = await visit();
    visitor.socket.send(said);
    expect(await visitor.ended).toBe(end);
    expect((await tenant.scim('GET', '/Users?count=0')).status).toBe(200);
  });

  test.each(['DropEverything', '__proto__', 'x'.repeat(1000)])(
    "a facade of a later release asks for what is not there (%#), and spoils nobody else's conversation",
    async (operation) => {
      const visitor = await visit();
      visitor.say(
        [1, operation, {}, from()],
        [2, operation, null, from()],
        [3, operation, {}, { ...from(), token: undefined }],
        [4, 'Authenticate', {}, from()],
      );
      expect(await visitor.answer(1)).toMatchObject({ errors: [{ extensions: { code: 'UNAVAILABLE', retryAfter: 5 } }] });
      await expect.poll(() => visitor.heard).toContainEqual([2]); // what is long is taken, and refused like the rest
      visitor.socket.send(Buffer.concat([Buffer.from([0, 0, 0, 2, 1]), Buffer.from('{}')]));
      await expect
        .poll(() => visitor.heard)
        .toContainEqual([
          2,
          expect.objectContaining({ errors: [expect.objectContaining({ extensions: { code: 'UNAVAILABLE', retryAfter: 5 } })] }),
        ]);
      expect(await visitor.answer(3)).toMatchObject(code('UNAUTHENTICATED'));
      expect(await visitor.answer(4)).toMatchObject({ data: { caller: {} } });
    },
  );

  test('answers at length and lives on', async () => {
    const visitor = await visit();
    for (let at = 0; at < 40; at += 1) {
      expect((await tenant.scim('POST', '/Users', userBody(`long-${at}@x.com`, { title: 'x'.repeat(2000) }))).status).toBe(201);
    }
    visitor.say([4_294_967_295, 'ListUsers', { first: 100, cursors: false, relation: false }, from()]);
    expect(JSON.stringify(await visitor.answer(4_294_967_295)).length).toBeGreaterThan(80_000);
    expect((await tenant.scim('GET', '/Users?count=0')).status).toBe(200);
  });

  test('tells a stranger a little of what is wrong with variables, at once', async () => {
    const visitor = await visit();
    const started = performance.now();
    visitor.say(
      [1, 'IssueToken', { input: '"'.repeat(80_000) }, {}],
      [2, 'IssueToken', { input: Object.fromEntries(Array.from({ length: 80_000 }, (_, at) => [`n${at}`, 0])) }, {}],
    );
    const sentences = [await visitor.answer(1), await visitor.answer(2)].map(
      (answer) => (answer as { readonly errors: readonly { readonly message: string; readonly extensions: object }[] }).errors,
    );
    expect(performance.now() - started).toBeLessThan(4000); // five times as long on any machine, where the whole object is written into fifty sentences
    expect(sentences.map(({ length }) => length)).toEqual([1, 20]);
    for (const { message, extensions } of sentences.flat()) {
      expect(message.length).toBeLessThan(300);
      expect(extensions).toEqual({ code: 'INVALID_SYNTAX' });
    }
  });

  test("takes nothing of an operation for JavaScript's own", async () => {
    const visitor = await visit();
    visitor.socket.send(
      `[[1,"CreateUser",{"input":{"user":{"userName":"proto@x.com","__proto__":{"active":false}}},"relation":false},${JSON.stringify(from())}]]`,
    );
    expect(await visitor.answer(1)).toMatchObject({
      data: { result: { resource: { document: { attributes: { userName: 'proto@x.com', active: true } } } } },
    });
  });

  test.each<[string, string, Record<string, string>, number]>([
    ['a page in a browser', CONVERSATION_PATH, { origin: 'https://evil.example' }, 403],
    ['another address', '/graphql', {}, 404],
  ])('is closed to %s', async (_, path, headers, status) => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      request(url + path, {
        headers: {
          ...headers,
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'x'.repeat(22) + '==',
        },
      })
        .on('response', ({ statusCode }) => resolve(statusCode))
        .on('upgrade', () => resolve(101))
        .on('error', reject)
        .end();
    });
    expect(answer).toBe(status);
  });
});

describe.runIf(inject('world') === 'embedded')('a core with a secret for facades', () => {
  test('opens the door to who shows it, and to nobody else', { timeout: 90_000 }, async () => {
    const facadeSecret = 'x'.repeat(40);
    const own = await createOwnEmbedded();
    const system = await startSystem({ database: own.location }, true, { facadeSecret });
    const other = await system.newTenant();
    expect((await other.scim('GET', '/Users?count=0')).status).toBe(200);
    for (const authorization of [undefined, `Bearer ${other.token}`, 'Bearer ', facadeSecret]) {
      await expect(visit(system.identityUrl, authorization === undefined ? {} : { authorization }), authorization).rejects.toThrow('401');
    }
    await visit(system.identityUrl, { authorization: `Bearer ${facadeSecret}` });
    await system.close();
    await own.drop();
  });
});

describe.runIf(inject('world') === 'embedded')('a core that ends', () => {
  test('answers what is under way, a long answer too, and begins nothing more', { timeout: 90_000 }, async () => {
    const own = await createOwnEmbedded();
    const system = await startSystem({ database: own.location }, true);
    tenant = await system.newTenant();
    const ids: string[] = [];
    for (let at = 0; at < 60; at += 1) {
      ids.push((await tenant.scim('POST', '/Users', userBody(`ends-${at}@x.com`, { title: 'x'.repeat(2000) }))).body.id);
    }
    expect((await tenant.scim('POST', '/Groups', groupBody('Ending', ids))).status).toBe(201);
    const visitor = await visit(system.identityUrl);
    visitor.say(
      [1, 'ListUsers', { first: 100, cursors: false, relation: true }, from()],
      ...ids.map((id, at) => [at + 2, 'ReadUser', { id, relation: true }, from()]),
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    const stopped = system.stopCore();
    await expect.poll(() => visitor.heard).toContain('leaving');
    visitor.say([1000, 'Authenticate', {}, from()]);
    await stopped;
    expect(await visitor.ended).toBe(1001);
    const answers = visitor.heard.filter((entry) => Array.isArray(entry)) as [number, { data?: object } | null][];
    expect(
      answers
        .filter(([id]) => id < 1000)
        .map(([id, answer]) => [id, Boolean(answer?.data)])
        .toSorted(([one], [other]) => Number(one) - Number(other)),
    ).toEqual(Array.from({ length: 61 }, (_, at) => [at + 1, true]));
    expect(answers.filter(([id]) => id === 1000).every(([, answer]) => answer === null)).toBe(true);
    expect((await tenant.scim('GET', '/Users')).status).toBe(503);
    await system.close();
    await own.drop();
  });
});
