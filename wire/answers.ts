/**
 * Answers that wait to be taken. Each is kept whole until then, and who asks for long ones and reads none would fill the memory: a page of
 * users may have 64 MB.
 */
import type { ServerResponse } from 'node:http';
import { UNCOUNTED } from './bodies.js';
import { shares } from './shares.js';

export interface AnswerRoom {
  /** Makes room for so many bytes until the answer is out. Answers what is too full for that, and takes nothing then. */
  hold(holder: string, bytes: number, response: ServerResponse): 'OWN' | 'ALL' | undefined;
}

/** So many bytes at once, half of them of one holder. */
export function answerRoom(most: number): AnswerRoom {
  const room = shares(most, most / 2);
  return {
    hold: (holder, bytes, response) => {
      if (bytes <= UNCOUNTED || response.closed) return undefined;
      const full = room.take(holder, bytes);
      if (full === undefined) response.once('close', () => room.giveBack(holder, bytes));
      return full;
    },
  };
}
