/**
 * Operations whose variables are announced and follow: the core asks for them where it knows whose they are, and begins none without them.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Failure } from '../../schema/failure.js';
import { facadeDoor, type Verify } from '../../services/identity/facade-door.js';
import { CONVERSATION_PATH, PROTOCOL } from '../../wire/conversation.js';

const server = createServer();
const begun: object[] = [];
let verify: Verify;
const door = facadeDoor(
  {
    has: () => true,
    execute: async (_, variables) => {
      begun.push(variables);
      return { data: {} };
    },
  },
  (token) => verify(token),
  { isJustOver: () => false, close: () => {} },
  { secrets: [], onStranger: () => {} },
);
let socket: WebSocket;

beforeAll(async () => {
  server.on('upgrade', (...request) => door.open(...request)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${CONVERSATION_PATH}`, PROTOCOL);
  await once(socket, 'open');
});
beforeEach(() => {
  begun.length = 0;
});
afterAll(async () => {
  await door.close();
  server.close();
});

async function announce(): Promise<unknown> {
  const heard = once(socket, 'message');
  socket.send('[[1,"CreateGroup",null,{"token":"t","requestId":"r","address":"203.0.113.9"}]]');
  const [data] = (await heard) as [Buffer];
  return (JSON.parse(data.toString()) as unknown[])[0];
}

test.each<[string, Verify, string]>([
  ['nobody can be asked', () => Promise.reject(new Failure('UNAVAILABLE')), 'UNAVAILABLE'],
  ['its tenant is suspended', () => Promise.reject(new Failure('TENANT_SUSPENDED')), 'TENANT_SUSPENDED'],
  ["the token is nobody's", async () => undefined, 'UNAUTHENTICATED'],
  ['we are at fault', () => Promise.reject(new Error('inside')), 'INTERNAL'],
])('where %s that is the answer, and nothing is begun', async (_, how, code) => {
  verify = how;
  const answer = await announce();
  expect(answer).toMatchObject([1, { errors: [{ extensions: { code } }] }]);
  expect(JSON.stringify(answer)).not.toContain('inside');
  expect(begun).toEqual([]);
});

test('of a caller they are asked for, and then it is begun', async () => {
  verify = async () => ({});
  expect(await announce()).toEqual([1]);
  const heard = once(socket, 'message');
  socket.send(Buffer.concat([Buffer.from([0, 0, 0, 1, 1]), Buffer.from('{"input":1}')]));
  await heard;
  expect(begun).toEqual([{ input: 1 }]);
});

test('variables that are too long are refused alone: another operation that was announced is begun', async () => {
  verify = async () => ({});
  const heard: unknown[] = [];
  const listen = (data: Buffer) => heard.push(...(JSON.parse(data.toString()) as unknown[]));
  socket.on('message', listen);
  for (const id of [2, 3]) socket.send(`[[${id},"CreateGroup",null,{"token":"t","requestId":"r","address":"203.0.113.9"}]]`);
  await expect.poll(() => heard).toEqual([[2], [3]]);
  const piece = Buffer.concat([Buffer.from([0, 0, 0, 2, 0]), Buffer.alloc(1024 * 1024, 'x')]);
  for (let count = 0; count < 22; count += 1) socket.send(piece);
  socket.send(Buffer.from([0, 0, 0, 2, 1]));
  socket.send(Buffer.concat([Buffer.from([0, 0, 0, 3, 1]), Buffer.from('{"input":3}')]));
  await expect
    .poll(() => heard.slice(2))
    .toMatchObject([
      [2, { errors: [{ extensions: { code: 'BODY_TOO_LARGE' } }] }],
      [3, { data: {} }],
    ]);
  expect(begun).toEqual([{ input: 3 }]);
  socket.off('message', listen);
});

test('facades that are sent away hear so, and are let in where they come again', async () => {
  const open = async () => {
    const visitor = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${CONVERSATION_PATH}`, PROTOCOL);
    await once(visitor, 'open');
    return visitor;
  };
  const ask = async (visitor: WebSocket) => {
    const heard = once(visitor, 'message');
    visitor.send('[[7,"ReadUser",{},{"token":"t","requestId":"r","address":"203.0.113.9"}]]');
    return String(((await heard) as [Buffer])[0]);
  };
  const first = await open();
  const farewell = once(first, 'message');
  door.sendAway();
  door.sendAway();
  expect(String(((await farewell) as [Buffer])[0])).toBe('["leaving"]');
  expect(await ask(first)).toBe('[[7,null]]'); // not begun: to be asked elsewhere
  const again = await open();
  expect(await ask(again)).toBe('[[7,{"data":{}}]]');
  await once(first, 'close');
  again.close();
});
