/**
 * The conversation between the facade and the core: one connection on which many operations are under way at once. What is ready in the
 * same turn of the event loop goes in one message, or in a few, which are read, parsed and written once for all in them; what is long goes
 * in pieces, between which others find their place.
 *
 * A text message is a list of entries:
 * - from the facade `[id, operation, variables, origin]`, or with `null` for variables that are long: they follow when the core says
 *   `[id]`;
 * - from the core `[id, answer]`, `[id, null]` for an operation that it has not begun, because it is about to end or has stood still, and
 *   `LEAVING`, after which no new operation should be sent on this connection.
 *
 * A binary message is a piece of what is long, variables or an answer, in JSON: four bytes id, one byte that is 1 in the last piece, the
 * bytes.
 */
import type { RawData, WebSocket } from 'ws';

/** Where the core takes conversations up, and by which name: another version of this is another name. */
export const CONVERSATION_PATH = '/conversation';
export const PROTOCOL = 'condeco-operations-2';

/** What has more characters goes in pieces of so many bytes. */
export const LONG = 64 * 1024;
/** The most bytes of variables that the core takes: twice the longest body, because the facade says some things more clearly. */
export const LONGEST_VARIABLES = 20 * 1024 * 1024;
/** The most characters of entries in one message, but for one entry. */
const FULL = 256 * 1024;
/** So many entries go without waiting for more: the other side can begin with them. */
const MANY = 8;
/** More bytes than the longest message has: a full one, an entry with long headers of its client, three bytes for each character. */
const LONGEST_MESSAGE = 2 * 1024 * 1024;

export const LEAVING = 'leaving';

/** Options of both ends: between two programs of ours there is nothing to compress or to mask, and JSON is parsed anyway. */
export const socketOptions = { perMessageDeflate: false, maxPayload: LONGEST_MESSAGE, skipUTF8Validation: true } as const;

/** One side's voice. */
export interface Voice {
  /** Sends an entry, which is JSON, together with what else is said in this turn. */
  say(entry: string): void;
  /** Sends JSON that is long in pieces, each when the one before has gone; `onEnd` hears when there are none left. */
  sayLong(id: number, json: string, onEnd?: () => void): void;
}

const HEAD = 5;

function pieceOf(id: number, bytes: Buffer, from: number): Buffer {
  const to = Math.min(from + LONG, bytes.length);
  const piece = Buffer.allocUnsafe(HEAD + to - from);
  piece.writeUInt32BE(id, 0);
  piece[4] = to === bytes.length ? 1 : 0;
  bytes.copy(piece, HEAD, from, to);
  return piece;
}

/** `onSent` hears of each message when it has gone, or cannot go any more. */
export function voiceOf(socket: WebSocket, onSent: () => void = () => undefined): Voice {
  let entries: string[] = [];
  let length = 0;
  const flush = () => {
    if (entries.length === 0) return;
    const message = `[${entries.join(',')}]`;
    entries = [];
    length = 0;
    socket.send(message, onSent);
  };
  return {
    say: (entry) => {
      if (entries.length === 0) setImmediate(flush);
      entries.push(entry);
      length += entry.length;
      if (length >= FULL || entries.length >= MANY) flush();
    },
    sayLong: (id, json, onEnd = () => undefined) => {
      const bytes = Buffer.from(json);
      const sendFrom = (from: number) =>
        socket.send(pieceOf(id, bytes, from), (error) => {
          onSent();
          if (!error && from + LONG < bytes.length) sendFrom(from + LONG);
          else onEnd();
        });
      sendFrom(0);
    },
  };
}

/** What one side hears. Throws what makes no sense; then there is nothing more to be said to the other side. */
export interface Hearing {
  parse(json: string): unknown;
  onEntry(entry: unknown): void;
  /** Whether pieces of this id are waited for. */
  takes(id: number): boolean;
  /** Whether so many bytes are too many. The rest of its pieces is dropped then: one caller's must not end what others wait for. */
  refuses(id: number, bytes: number): boolean;
  onLong(id: number, json: string): void;
}

/** Hears the other side; `onNonsense` is told what could not be understood. */
export function hear(socket: WebSocket, hearing: Hearing, onNonsense: (error: unknown) => void): void {
  const pieces = new Map<number, { readonly parts: Buffer[]; length: number }>();
  const dropped = new Set<number>();
  const takePiece = (piece: Buffer) => {
    const id = piece.readUInt32BE(0);
    const isLast = piece[4] !== 0;
    if (dropped.has(id)) return void (isLast && dropped.delete(id));
    if (!hearing.takes(id)) throw new Error('pieces of what nobody waits for');
    const kept = pieces.get(id) ?? { parts: [], length: 0 };
    kept.parts.push(piece.subarray(HEAD));
    kept.length += piece.length - HEAD;
    if (hearing.refuses(id, kept.length)) {
      if (!isLast) dropped.add(id);
      return void pieces.delete(id);
    }
    if (!isLast) return void pieces.set(id, kept);
    pieces.delete(id);
    hearing.onLong(id, Buffer.concat(kept.parts, kept.length).toString());
  };
  socket.on('message', (data: RawData, isBinary: boolean) => {
    try {
      if (isBinary) return takePiece(data as Buffer);
      for (const entry of hearing.parse((data as Buffer).toString()) as unknown[]) hearing.onEntry(entry);
    } catch (error) {
      onNonsense(error);
    }
  });
}
