/**
 * How many bytes of bodies are kept at once. A body is kept from its first byte until its request is answered, and who sends many long ones and ends none would fill the memory: a thousand
 * requests of 10 MiB each may be under way.
 */
import type { ServerResponse } from 'node:http';
import { fullFailure } from '../schema/failure.js';
import { shares } from '../wire/shares.js';

/** Told how many bytes of the body have come so far. Throws TOO_MANY_REQUESTS where the token holds too many, OVERLOADED where all together do. */
export type KeepBytes = (length: number) => void;

export interface BodyRoom {
  /** For the body of one request, which gives back what it took when the answer is out. */
  forOne(token: string, response: ServerResponse): KeepBytes;
}

const MEBIBYTE = 1024 * 1024;
/** The usual body is shorter than this, and as many as there may be requests are no trouble. */
const UNCOUNTED = 64 * 1024;

/** Half of all for one token: six of the longest bodies at once. */
export function bodyRoom(most = 128 * MEBIBYTE): BodyRoom {
  const room = shares(most, most / 2);
  return {
    forOne: (token, response) => {
      let kept = 0;
      return (length) => {
        if (length <= UNCOUNTED) return;
        const full = room.take(token, length - kept);
        if (full) throw fullFailure(full, 'Too many long requests with this token are under way at the same time; send fewer at once.');
        if (kept === 0) response.once('close', () => room.giveBack(token, kept));
        kept = length;
      };
    },
  };
}
