import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { connectCore, type CoreClient } from '../../gateway/core-client.js';

type Call = readonly [id: number, operation: string, variables: Record<string, unknown> | null, origin: Record<string, unknown>];

const GOOD = '{"data":{}}';
const origin = { token: 'good', requestId: 'r1', address: '203.0.113.9' };
const LONG_TEXT = 'x'.repeat(1_000_000);

let server: Server;
let conversations: WebSocketServer;
let core: CoreClient;
let url = '';
let messages: Call[][] = [];
let pieces: Buffer[] = [];
let opened = 0;
/** What the core of this test does with an operation. */
let react: (call: Call, socket: WebSocket) => void;

const say = (socket: WebSocket, entry: string) => socket.send(`[${entry}]`);
const answerGood = ([id]: Call, socket: WebSocket) => say(socket, `[${id},${GOOD}]`);

function pieceOf(id: number, isLast: boolean, text: string): Buffer {
  const head = Buffer.alloc(5, isLast ? 1 : 0);
  head.writeUInt32BE(id, 0);
  return Buffer.concat([head, Buffer.from(text)]);
}

beforeAll(async () => {
  react = answerGood;
  server = createServer((request, response) => response.writeHead(request.url === '/base/readyz' ? 200 : 503).end());
  conversations = new WebSocketServer({ server, path: '/base/conversation' });
  conversations.on('connection', (socket) => {
    opened += 1;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return void pieces.push(data);
      const calls = JSON.parse(data.toString()) as Call[];
      messages.push(calls);
      for (const call of calls) react(call, socket);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  core = connectCore(`${url}/base/`);
});
afterEach(() => {
  [messages, pieces] = [[], []];
  react = answerGood;
  vi.useRealTimers();
});
afterAll(async () => {
  await core.close();
  conversations.close();
  server.close();
});

const ask = (variables: Record<string, unknown> = {}) => core.execute('ReadUser', variables, origin);
const unavailable = { code: 'UNAVAILABLE', cause: expect.any(Error) as Error };

describe('a core over the network', () => {
  test("is sent the operation, the caller's token and where it comes from", async () => {
    const answer = '{"data":{"x":1},"errors":[{"message":"m","extensions":{"code":"NOT_FOUND"}}]}';
    react = ([id], socket) => say(socket, `[${id},${answer}]`);
    expect(await ask({ id: '7', none: undefined })).toEqual(JSON.parse(answer));
    expect(messages).toEqual([[[expect.any(Number), 'ReadUser', { id: '7' }, origin]]]);
    await core.execute('Authenticate', {}, { ...origin, token: undefined });
    expect(messages[1]![0]![3]).not.toHaveProperty('token');
  });

  test('is sent in few messages what is asked in one turn, over connections that are kept', async () => {
    const before = opened;
    for (let round = 0; round < 5; round += 1) {
      messages = [];
      await Promise.all(Array.from({ length: 20 }, (_, at) => ask({ at })));
      expect(messages.map((calls) => calls.length)).toEqual([8, 8, 4]); // the core begins with eight while the others are written
      expect(messages.flatMap((calls) => calls.map(([, , variables]) => variables!['at']))).toEqual(
        Array.from({ length: 20 }, (_, at) => at),
      );
    }
    expect(opened - before).toBeLessThanOrEqual(2);
  });

  test('is asked over a new connection now and then, and what is under way on the old one has its answer', async () => {
    const renewed = connectCore(`${url}/base`, undefined, 50);
    const before = opened;
    let answerHeld: (() => void) | undefined;
    const sockets = new Set<WebSocket>();
    react = (call, socket) => {
      sockets.add(socket);
      if (answerHeld) answerGood(call, socket);
      else answerHeld = () => answerGood(call, socket);
    };
    const askOne = () => renewed.execute('ReadUser', {}, origin);
    const held = askOne();
    await vi.waitFor(() => expect(answerHeld).toBeDefined());
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      await Promise.all([askOne(), askOne()]);
      await vi.waitFor(() => expect(opened - before).toBe(round + 2));
    }
    const [first] = sockets;
    expect(first!.readyState).toBe(first!.OPEN);
    answerHeld!();
    expect(await held).toEqual({ data: {} });
    await vi.waitFor(() => expect(first!.readyState).toBe(first!.CLOSED));
    await renewed.close();
  });

  test('has one connection used while few operations are under way, and another when it is busy', async () => {
    const busy = connectCore(`${url}/base`);
    const held: (() => void)[] = [];
    const sockets: WebSocket[] = [];
    react = (call, socket) => {
      sockets.push(socket);
      held.push(() => answerGood(call, socket));
    };
    const askFor = (count: number) => Array.from({ length: count }, () => busy.execute('ReadUser', {}, origin));
    const asked = [...askFor(64)];
    await vi.waitFor(() => expect(held).toHaveLength(64));
    asked.push(...askFor(20));
    await vi.waitFor(() => expect(held).toHaveLength(84));
    expect(new Set(sockets.slice(0, 64)).size).toBe(1);
    expect(new Set(sockets.slice(64))).toEqual(new Set([sockets.find((socket) => socket !== sockets[0])]));
    for (const answer of held) answer();
    await Promise.all(asked);
    react = (call, socket) => (sockets.push(socket), answerGood(call, socket));
    await Promise.all(askFor(10));
    expect(new Set(sockets.slice(84))).toEqual(new Set([sockets[0]]));
    await busy.close();
  });

  test.each(['[]', 'null', '{"errors":"x"}', '"data"', '7'])('that answers %s is UNAVAILABLE', async (answer) => {
    react = ([id], socket) => say(socket, `[${id},${answer}]`);
    await expect(ask()).rejects.toMatchObject(unavailable);
  });

  test.each<[string, (socket: WebSocket) => void]>([
    ['no JSON', (socket) => socket.send('<html>')],
    ['no list', (socket) => socket.send('{}')],
    ['entries that are none', (socket) => socket.send('[7]')],
    ['pieces of no length', (socket) => socket.send(Buffer.alloc(2))],
    ['the end', (socket) => socket.close()],
    ['nothing, and hangs up', (socket) => socket.terminate()],
  ])('that says %s is UNAVAILABLE, is not sent the operation again, and is asked the next one at once', async (_, reply) => {
    react = (_call, socket) => reply(socket);
    await expect(ask()).rejects.toMatchObject(unavailable);
    react = answerGood;
    expect(messages).toHaveLength(1);
    expect(await ask()).toEqual({ data: {} });
  });

  test('that is not there is UNAVAILABLE at once, and not ready', async () => {
    const gone = connectCore('http://127.0.0.1:1');
    const started = performance.now();
    await expect(gone.execute('ReadUser', {}, origin)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 5 });
    expect(await gone.ready()).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
    await gone.close();
  });

  test('that takes up no conversation is UNAVAILABLE', async () => {
    const other = connectCore(`${url}/elsewhere`);
    await expect(other.execute('ReadUser', {}, origin)).rejects.toMatchObject(unavailable);
    await other.close();
  });

  test('that is late is UNAVAILABLE, and its connection, on which nothing came, is used no more', async () => {
    await ask();
    react = () => undefined;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [late, alsoLate] = [ask(), ask()].map((asked) => expect(asked).rejects.toMatchObject(unavailable));
    await vi.waitFor(() => expect(messages.at(-1)).toHaveLength(2));
    const before = opened;
    vi.advanceTimersByTime(9_999);
    react = answerGood;
    vi.advanceTimersByTime(1);
    await Promise.all([late, alsoLate]);
    await Promise.all([ask(), new Promise(setImmediate).then(() => ask())]);
    expect(opened - before).toBe(1);
  });

  test('has the time for much work that it takes by itself', async () => {
    await ask();
    react = () => undefined;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const bulk = core.execute('Bulk', {}, origin);
    await vi.waitFor(() => expect(messages.at(-1)![0]![1]).toBe('Bulk'));
    vi.advanceTimersByTime(50_000); // ten to wait, forty for a statement
    for (const client of conversations.clients) answerGood(messages.at(-1)![0]!, client);
    expect(await bulk).toEqual({ data: {} });
  });

  test('is ready when it says so', async () => {
    expect(await core.ready()).toBe(true);
    const other = connectCore(`${url}/elsewhere`);
    expect(await other.ready()).toBe(false);
  });

  test('is not when it takes up no conversation', async () => {
    const deaf = createServer((_, response) => response.end()).on('upgrade', (_, socket) =>
      socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'),
    );
    await new Promise<void>((resolve) => {
      deaf.listen(0, '127.0.0.1', resolve);
    });
    const other = connectCore(`http://127.0.0.1:${(deaf.address() as AddressInfo).port}`);
    expect(await other.ready()).toBe(false);
    deaf.close();
  });
});

describe('what is long', () => {
  test('is announced, and sent in pieces when the core says so; what is short passes by', async () => {
    let announced: Call | undefined;
    react = (call, socket) => {
      if (call[2] !== null) return answerGood(call, socket);
      announced = call;
      say(socket, `[${call[0]}]`);
    };
    const long = ask({ text: LONG_TEXT });
    await vi.waitFor(() => expect(pieces.length).toBeGreaterThan(0));
    expect(announced).toEqual([expect.any(Number), 'ReadUser', null, origin]);
    expect(await ask()).toEqual({ data: {} });
    await vi.waitFor(() => expect(pieces.at(-1)![4]).toBe(1));
    expect(pieces.map((piece) => piece[4])).toEqual([...Array.from({ length: pieces.length - 1 }, () => 0), 1]);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
    expect(JSON.parse(Buffer.concat(pieces.map((piece) => piece.subarray(5))).toString())).toEqual({ text: LONG_TEXT });
    for (const client of conversations.clients) say(client, `[${announced![0]},${GOOD}]`);
    expect(await long).toEqual({ data: {} });
  });

  test('may be refused before it is sent', async () => {
    react = ([id], socket) => say(socket, `[${id},{"errors":[{"message":"no"}]}]`);
    expect(await ask({ text: LONG_TEXT })).toEqual({ errors: [{ message: 'no' }] });
    expect(pieces).toEqual([]);
  });

  test.each([
    ['characters', 'x'.repeat(20 * 1024 * 1024)],
    ['bytes', 'é'.repeat(10 * 1024 * 1024)],
  ])('is refused in too many %s, alone: nothing of it is sent, and what others have under way is answered', async (_, text) => {
    let answerNeighbour: (() => void) | undefined;
    react = (call, socket) => {
      answerNeighbour = () => answerGood(call, socket);
    };
    const neighbour = ask();
    await vi.waitFor(() => expect(answerNeighbour).toBeDefined());
    await expect(ask({ text })).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' });
    answerNeighbour!();
    expect(await neighbour).toEqual({ data: {} });
    expect([messages.length, pieces]).toEqual([1, []]);
  });

  test('is put together again, whatever comes between', async () => {
    const calls: [Call, WebSocket][] = [];
    react = (...call) => void calls.push(call);
    const asked = [ask(), ask()];
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    const [[first, socket], [second]] = calls as [[Call, WebSocket], [Call, WebSocket]];
    const text = JSON.stringify({ data: { text: 'é'.repeat(10) } });
    socket.send(pieceOf(first[0], false, text.slice(0, 20)));
    socket.send(pieceOf(second[0], false, '{"da'));
    say(socket, `[${second[0] + 1},${GOOD}]`); // of nobody
    socket.send(pieceOf(second[0], true, 'ta":2}'));
    expect(await asked[1]).toEqual({ data: 2 });
    socket.send(pieceOf(first[0], true, text.slice(20)));
    expect(await asked[0]).toEqual(JSON.parse(text));
  });
});

test('a core that is leaving answers what is under way, and is asked nothing more on that connection', async () => {
  const calls: [Call, WebSocket][] = [];
  react = (...call) => void calls.push(call);
  const underWay = ask();
  await vi.waitFor(() => expect(calls).toHaveLength(1));
  const [[call, socket]] = calls as [[Call, WebSocket]];
  say(socket, '"leaving"');
  await new Promise((resolve) => setTimeout(resolve, 20));
  react = (next, other) => (other === socket ? say(other, `[${next[0]},null]`) : answerGood(next, other));
  for (let turn = 0; turn < 4; turn += 1) expect(await ask()).toEqual({ data: {} });
  answerGood(call, socket);
  expect(await underWay).toEqual({ data: {} });
});

test('what a core that ends has not begun is asked once more; the conversation is ended by who asks, when all is answered', async () => {
  let left: WebSocket | undefined;
  const held: Call[] = [];
  react = (call, socket) => {
    left ??= socket;
    if (socket !== left) return answerGood(call, socket);
    if (held.push(call) === 2) say(socket, `"leaving",[${call[0]},null]`);
  };
  const [underWay, refused] = [ask(), ask()];
  expect(await refused).toEqual({ data: {} });
  expect(left!.readyState).toBe(left!.OPEN); // one is still waited for
  answerGood(held[0]!, left!);
  expect(await underWay).toEqual({ data: {} });
  await vi.waitFor(() => expect(left!.readyState).toBe(left!.CLOSED));
});
