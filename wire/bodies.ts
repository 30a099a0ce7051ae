/**
 * How both programs read the body of a request: no longer than it may be, in few pieces, and within the bytes that all bodies together may
 * take.
 */
import type { Readable } from 'node:stream';
import { shares } from './shares.js';

/** Why a body was not read to its end; what else was thrown is told as it is. */
export class Unread extends Error {
  constructor(
    readonly why: 'TOO_LONG' | 'LATE' | 'CUT_OFF',
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/** Told how many bytes of the body have come so far. What it throws ends the reading. */
export type KeepBytes = (length: number) => void;

export interface BodyRules {
  /** Bytes. */
  readonly longest: number;
  readonly keep?: KeepBytes | undefined;
  /** Within how many milliseconds all of it has to come. */
  readonly within?: number | undefined;
}

/**
 * A piece takes a hundred bytes and more beside what it holds: of a body that comes byte by byte, in chunks of one, so many are put
 * together at a time.
 */
const PIECES = 256;

/**
 * Reads all of it. Rejects with Unread, or with what `keep` throws, as soon as that is known. What comes afterwards is thrown away by Node
 * while the answer goes out: a client that is cut off in the middle would see a reset connection and never the answer.
 */
export function readAll(stream: Readable, { longest, keep, within }: BodyRules): Promise<Buffer> {
  if (stream.destroyed) return Promise.reject(new Unread('CUT_OFF'));
  return new Promise((resolve, reject) => {
    const whole: Buffer[] = [];
    let pieces: Buffer[] = [];
    let length = 0;
    const timer = within === undefined ? undefined : setTimeout(() => fail(new Unread('LATE')), within);
    const leave = () => {
      clearTimeout(timer);
      stream.off('data', take).off('end', end).off('error', breakOff).off('close', breakOff);
    };
    const fail = (error: Error) => {
      leave();
      reject(error);
    };
    const end = () => {
      leave();
      resolve(Buffer.concat([...whole, ...pieces], length));
    };
    const breakOff = (cause?: unknown) => fail(new Unread('CUT_OFF', cause));
    const take = (piece: Buffer) => {
      length += piece.length;
      try {
        keep?.(length);
      } catch (error) {
        return fail(error as Error);
      }
      if (length > longest) return fail(new Unread('TOO_LONG'));
      pieces.push(piece);
      if (pieces.length < PIECES) return;
      whole.push(Buffer.concat(pieces));
      pieces = [];
    };
    stream.on('data', take).on('end', end).on('error', breakOff).on('close', breakOff);
  });
}

/** The room of one body. */
interface Kept {
  readonly keep: KeepBytes;
  /** Gives back what was taken; nothing is taken afterwards. */
  readonly giveBack: () => void;
}

export interface BodyRoom {
  /** For a body of this holder. */
  forOne(holder: string): Kept;
}

/** The usual body is shorter than this, and as many as there may be requests are no trouble. */
export const UNCOUNTED = 64 * 1024;

/**
 * How many bytes of bodies are kept at once, counted as they come; half of them of one holder. A body is kept from its first byte until its
 * request is answered, and who sends many long ones and ends none would fill the memory. `refuse` makes what a holder hears who finds no
 * room.
 */
export function bodyRoom(most: number, refuse: (full: 'OWN' | 'ALL', holder: string) => Error): BodyRoom {
  const room = shares(most, most / 2);
  return {
    forOne: (holder) => {
      let kept = 0;
      let isOver = false;
      return {
        keep: (length) => {
          if (length <= UNCOUNTED || isOver) return;
          const full = room.take(holder, length - kept);
          if (full) throw refuse(full, holder);
          kept = length;
        },
        giveBack: () => {
          if (!isOver) room.giveBack(holder, kept);
          isOver = true;
        },
      };
    },
  };
}
