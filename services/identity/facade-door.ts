/** The facade's door over the network: conversations (wire/conversation.ts) about the operations of `schema/operations`. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { parse as parseSafely } from '@hapi/bourne';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Standstill } from '../../process/standstill.js';
import { Failure, toFailure } from '../../schema/failure.js';
import { hear, LEAVING, LONG, LONGEST_VARIABLES, PROTOCOL, socketOptions, type Voice, voiceOf } from '../../wire/conversation.js';
import { requestIdFrom } from '../../wire/request-id.js';
import { presentFailure } from './api/answer-errors.js';
import type { OperationOrigin } from './api/callers.js';
import type { Operations } from './api/operations.js';

export interface FacadeDoor {
  /** Takes up a conversation. */
  open(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Has facades go elsewhere, where there is another core behind our address; who comes again is let in. */
  sendAway(): void;
  /** Begins no operation any more, answers those under way, and ends the conversations; in ten seconds at most. */
  close(): Promise<void>;
}

/** Whose token it is; undefined where nobody's. */
export type Verify = (token: string) => Promise<unknown>;

/** Bytes: a facade that does not take its answers is not listened to meanwhile. */
const MOST_UNSENT = 1024 * 1024;
const DRAIN_MILLISECONDS = 10_000;
/** So long the facade has to end a conversation that is left: longer than a message is on its way. */
const FAREWELL_MILLISECONDS = 500;
const KEEP_ALIVE_MILLISECONDS = 30_000;

type Variables = Record<string, unknown>;

/** Keys that would reach into JavaScript's own objects are left out: one caller's must not cost others the conversation. */
const parse = (json: string): unknown => parseSafely(json, { protoAction: 'remove' });

const isObject = (value: unknown): value is Variables => typeof value === 'object' && value !== null && !Array.isArray(value);
/** What fits into the four bytes that name a piece of a long answer. */
const isId = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffff_ffff;
const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Whoever reaches the port may say anything: only what fits is taken. */
function toOrigin(
  { token, requestId, address, userAgent, client, habits, schemaVersion, traceparent, tracestate }: Variables,
  remoteAddress: string | undefined,
): OperationOrigin {
  return {
    token: typeof token === 'string' ? token : undefined,
    requestId: requestIdFrom(requestId),
    address: textIn(address) ?? remoteAddress ?? '',
    userAgent: textIn(userAgent),
    client: textIn(client),
    habits: Array.isArray(habits) ? habits.filter((habit) => typeof habit === 'string') : undefined,
    schemaVersion: Number(schemaVersion) || 0,
    traceparent: textIn(traceparent),
    tracestate: textIn(tracestate),
  };
}

/** An operation whose variables, being long, are yet to come. */
interface Announced {
  readonly operation: string;
  readonly origin: OperationOrigin;
}

class FacadeConversation {
  readonly #voice: Voice;
  readonly #announced = new Map<number, Announced>();
  #underWay = 0;
  #isLeaving = false;
  #ending: NodeJS.Timeout | undefined;

  constructor(
    readonly socket: WebSocket,
    readonly operations: Operations,
    readonly verify: Verify,
    readonly standstill: Standstill,
    readonly remoteAddress: string | undefined,
  ) {
    this.#voice = voiceOf(socket, () => {
      if (socket.isPaused && socket.bufferedAmount < MOST_UNSENT) socket.resume();
    });
    hear(
      socket,
      {
        parse,
        onEntry: (entry) => this.#take(entry),
        takes: (id) => this.#announced.has(id),
        refuses: (id, bytes) => bytes > LONGEST_VARIABLES && this.#refuseTooLong(id),
        onLong: (id, json) => this.#takeLong(id, json),
      },
      () => socket.close(1008),
    );
    socket.on('error', () => undefined); // what is under way is done all the same, and nobody hears of it
  }

  leave(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    this.socket.once('close', () => clearTimeout(this.#ending));
    this.#voice.say(JSON.stringify(LEAVING));
    this.#endIfIdle();
  }

  #take(entry: unknown): void {
    const [id, operation, variables, given] = entry as unknown[];
    if (!isId(id) || typeof operation !== 'string' || !isObject(given)) throw new Error('this is no operation');
    if (this.#isLeaving || this.standstill.isJustOver()) return this.#refuse(id);
    const origin = toOrigin(given, this.remoteAddress);
    void (isObject(variables) ? this.#begin(id, operation, variables, origin) : this.#announce(id, { operation, origin }));
  }

  /**
   * A stranger may make us keep a small body only. Nothing is begun without its variables: where it cannot be told for the moment whose the
   * token is, that would look like the caller's mistake.
   */
  async #announce(id: number, announced: Announced): Promise<void> {
    const { token } = announced.origin;
    try {
      if (token === undefined || !(await this.verify(token))) throw new Failure('UNAUTHENTICATED');
      this.#announced.set(id, announced);
      this.#voice.say(`[${id}]`);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  #fail(id: number, error: unknown): void {
    this.#voice.say(`[${id},${JSON.stringify({ errors: [presentFailure(toFailure(error))] })}]`);
  }

  /** Facades measure it themselves, but for those of earlier releases. */
  #refuseTooLong(id: number): true {
    this.#announced.delete(id);
    this.#fail(id, new Failure('BODY_TOO_LARGE'));
    return true;
  }

  #takeLong(id: number, json: string): void {
    const { operation, origin } = this.#announced.get(id)!;
    this.#announced.delete(id);
    if (this.standstill.isJustOver()) return this.#refuse(id);
    const variables = parse(json);
    if (!isObject(variables)) throw new Error('these are no variables');
    void this.#begin(id, operation, variables, origin);
  }

  /** The facade, if it still waits, asks again. */
  #refuse(id: number): void {
    this.#voice.say(`[${id},null]`);
  }

  async #begin(id: number, operation: string, variables: Variables, origin: OperationOrigin): Promise<void> {
    this.#underWay += 1;
    if (this.socket.bufferedAmount > MOST_UNSENT) this.socket.pause();
    const answer = JSON.stringify(await this.operations.execute(operation, variables, origin));
    if (answer.length > LONG) return this.#voice.sayLong(id, answer, () => this.#end());
    this.#voice.say(`[${id},${answer}]`);
    this.#end();
  }

  #end(): void {
    this.#underWay -= 1;
    if (this.#isLeaving) this.#endIfIdle();
  }

  /**
   * The facade ends it, once it has all its answers: what it sends before it hears that we leave is answered still. We end it where it does
   * not.
   */
  #endIfIdle(): void {
    if (this.#underWay === 0) this.#ending ??= setTimeout(() => this.socket.close(1001), FAREWELL_MILLISECONDS);
  }
}

const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

export interface DoorRules {
  /** Who shows one of them comes in, and nobody else; everybody where there are none. */
  readonly secrets: readonly string[];
  /** Hears of who was turned away for showing none of them. */
  readonly onStranger: (address: string | undefined) => void;
}

/** Makes the door. */
export function facadeDoor(operations: Operations, verify: Verify, standstill: Standstill, { secrets, onStranger }: DoorRules): FacadeDoor {
  const keys = secrets.map((secret) => digestOf(`Bearer ${secret}`));
  const server = new WebSocketServer({ ...socketOptions, noServer: true, handleProtocols: (offered) => offered.has(PROTOCOL) && PROTOCOL });
  const conversations = new Set<FacadeConversation>();
  let isClosing = false;

  server.on('connection', (socket, request) => {
    request.socket.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS);
    const conversation = new FacadeConversation(socket, operations, verify, standstill, request.socket.remoteAddress);
    conversations.add(conversation);
    socket.once('close', () => conversations.delete(conversation));
  });

  /** A page in a browser is no facade, and the one thing it cannot leave out is its origin. */
  const refusalOf = ({ headers, socket }: IncomingMessage): string | undefined => {
    if (isClosing) return '503 Service Unavailable';
    if (headers.origin !== undefined) return '403 Forbidden';
    const shown = digestOf(headers.authorization ?? '');
    if (keys.length === 0 || keys.some((key) => timingSafeEqual(key, shown))) return undefined;
    onStranger(socket.remoteAddress);
    return '401 Unauthorized';
  };

  return {
    open: (request, socket, head) => {
      const refusal = refusalOf(request);
      if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      server.handleUpgrade(request, socket, head, (opened) => server.emit('connection', opened, request));
    },
    sendAway: () => {
      for (const conversation of conversations) conversation.leave();
    },
    close: async () => {
      isClosing = true;
      const ended = [...conversations].map(
        ({ socket }) =>
          new Promise((resolve) => {
            socket.once('close', resolve);
          }),
      );
      for (const conversation of conversations) conversation.leave();
      const late = setTimeout(() => {
        for (const { socket } of conversations) socket.terminate();
      }, DRAIN_MILLISECONDS);
      await Promise.all(ended);
      clearTimeout(late);
    },
  };
}
