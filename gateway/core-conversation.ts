/** One conversation with the core, from the facade's side: who waits for what, and for how long. */
import { connect as connectTcp, type NetConnectOpts, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { WebSocket } from 'ws';
import { Failure } from '../schema/failure.js';
import { CONVERSATION_PATH, hear, LEAVING, LONG, LONGEST_VARIABLES, PROTOCOL, socketOptions, voiceOf } from '../wire/conversation.js';
import type { GraphQLAnswer, OperationName, Origin } from './core.js';

/** The core lets nobody in who shows this secret. */
export class NotLetIn extends Error {}

/** The core has not begun the operation, and will not: it may be asked elsewhere. */
export class NotBegun extends Error {}

export interface Conversation {
  /**
   * Rejects where the core is late, leaves, or makes no sense, with NotBegun where nothing was done, and with a Failure what is too long to
   * be sent. An operation is sent once: else it may have been done.
   */
  ask(operation: OperationName, variables: object, origin: Origin): Promise<GraphQLAnswer>;
  /** Whether it goes on; the other side may just have ended it. */
  isOpen(): boolean;
  /** Nothing is asked any more; it ends when what is under way has its answers. */
  retire(): void;
  /** Ends it; nobody may be waiting. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: GraphQLAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  /** Variables that are too long to be sent unasked. */
  readonly long?: string | undefined;
}

const CONNECT_MILLISECONDS = 250;
const GREET_MILLISECONDS = 5000;
const USUAL_MILLISECONDS = 10_000;
/**
 * What may be much work, however short it is said: the core lets it wait for ten seconds, and a statement take forty. Who is told "send it
 * again" before that has it done twice, and out of order. Okta waits 60 s.
 */
const LONG_MILLISECONDS = 55_000;
const TAKES_TIME: ReadonlySet<OperationName> = new Set(['Bulk', 'CreateGroup', 'ReplaceGroup', 'ChangeGroup', 'DeleteGroup'] as const);
const CLOSE_MILLISECONDS = 1000;
const KEEP_ALIVE_MILLISECONDS = 30_000;

const isAnswer = (value: unknown): value is GraphQLAnswer =>
  typeof value === 'object' && value !== null && ('data' in value || ('errors' in value && Array.isArray(value.errors)));

/** A character has three bytes at most: what is far from the limit is not measured. */
const isTooLong = (json: string): boolean => json.length * 3 > LONGEST_VARIABLES && Buffer.byteLength(json) > LONGEST_VARIABLES;

const tooLong = (): Failure =>
  new Failure('BODY_TOO_LARGE', {
    detail: `What this request asks for is more than ${LONGEST_VARIABLES} bytes when it is written out; send several requests.`,
  });

/** A core that is not there must be told within a moment; one that is busy may take its time to greet. */
function connect(options: NetConnectOpts & ConnectionOptions, isSecure: boolean): Socket {
  const socket = isSecure ? connectTls(options) : connectTcp(options);
  const timer = setTimeout(() => socket.destroy(new Error('the core cannot be reached')), CONNECT_MILLISECONDS);
  socket.once('connect', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
  return socket.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS).setNoDelay(true);
}

/** Connects; `onLeave` is called once no new operation may be asked any more. The secret is shown to a core that asks for one. */
export function openConversation(url: string, onLeave: () => void, secret?: string): Promise<Conversation> {
  const socket = new WebSocket(url.replace(/^http/, 'ws') + CONVERSATION_PATH, PROTOCOL, {
    ...socketOptions,
    ...(secret !== undefined && { headers: { authorization: `Bearer ${secret}` } }),
    handshakeTimeout: GREET_MILLISECONDS,
    generateMask: () => undefined,
    createConnection: ((options: NetConnectOpts & ConnectionOptions) =>
      connect(options, url.startsWith('https'))) as unknown as typeof connectTcp,
  });
  socket.on('close', onLeave);
  return new Promise((resolve, reject) => {
    socket.on('error', reject).once('open', () => resolve(converse(socket, onLeave)));
    socket.once('unexpected-response', (request, { statusCode }) => {
      const [what, why] = [`the core answered ${statusCode}`, 'FACADE_SECRET of this facade is not that of the core'];
      reject(statusCode === 401 ? new NotLetIn(`${what}: ${why}`) : new Error(what));
      request.destroy();
    });
  });
}

function converse(socket: WebSocket, onLeave: () => void): Conversation {
  const voice = voiceOf(socket);
  const all = new Map<number, Waiting>();
  let lastId = 0;
  let lastHeard = 0;
  let isLeaving = false;

  /** It is for us to end what the core leaves: where the core did, what crossed its farewell would be lost. */
  function endIfLeft(): void {
    if (isLeaving && all.size === 0) socket.close();
  }

  function leave(): void {
    isLeaving = true;
    onLeave();
    endIfLeft();
  }

  function settle(id: number, end: (one: Waiting) => void): void {
    const one = all.get(id);
    if (!one) return; // it came too late
    all.delete(id);
    clearTimeout(one.timer);
    end(one);
    endIfLeft();
  }

  const answer = (id: number, value: unknown) =>
    settle(id, ({ resolve, reject }) =>
      isAnswer(value)
        ? resolve(value)
        : reject(
            value === null
              ? new NotBegun('the core has not begun it: it is about to end, or has stood still')
              : new Error('the core answered with something that is no GraphQL result'),
          ),
    );

  function takeEntry(entry: unknown): void {
    if (entry === LEAVING) return leave();
    const [id, value] = entry as [number, unknown];
    if (value !== undefined) return answer(id, value);
    const { long } = all.get(id) ?? {};
    if (long !== undefined) voice.sayLong(id, long);
  }

  /** Where nothing at all has come since the operation was sent, nothing will: others must not wait for this connection, too. */
  function giveUp(id: number, sent: number): void {
    settle(id, ({ reject }) => reject(new Error('the core is late')));
    if (lastHeard < sent) socket.terminate();
  }

  const onLong = (id: number, json: string) => answer(id, JSON.parse(json));
  hear(socket, { parse: JSON.parse, onEntry: takeEntry, takes: () => true, refuses: () => false, onLong }, () => socket.terminate());
  socket.on('message', () => {
    lastHeard = performance.now();
  });
  socket.on('close', () => {
    for (const id of all.keys()) settle(id, ({ reject }) => reject(new Error('the core closed the conversation')));
  });

  return {
    ask: (operation, variables, origin) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) return reject(new NotBegun('the conversation has ended'));
        const json = JSON.stringify(variables);
        if (isTooLong(json)) return reject(tooLong());
        const isLong = json.length > LONG && origin.token !== undefined; // the core asks for what is long of callers alone; what strangers send is read up to 256 KiB (token-scanning.ts)
        const id = (lastId = (lastId + 1) % 2 ** 32);
        const sent = performance.now();
        const timer = setTimeout(giveUp, isLong || TAKES_TIME.has(operation) ? LONG_MILLISECONDS : USUAL_MILLISECONDS, id, sent);
        all.set(id, { resolve, reject, timer, long: isLong ? json : undefined });
        voice.say(`[${id},"${operation}",${isLong ? 'null' : json},${JSON.stringify(origin)}]`);
      }),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    retire: leave,
    close: () =>
      new Promise((resolve) => {
        setTimeout(() => socket.terminate(), CLOSE_MILLISECONDS).unref();
        socket.once('close', () => resolve()).close();
        if (socket.readyState === WebSocket.CLOSED) resolve();
      }),
  };
}
