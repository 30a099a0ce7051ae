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
