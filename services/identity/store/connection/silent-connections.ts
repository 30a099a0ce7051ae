/**
 * Connections that have died without a word: the server hangs, or something between has forgotten the connection, and no packet says so.
 * PostgreSQL itself ends each statement after its time and says so; a connection on which it is longer silent is ended, and whoever waits
 * on it is told. One timer looks at all connections: what is asked on them costs nothing more.
 */
import type { Client } from 'pg';
import { connectionOf, isEnding, isIdle } from './driver-connection.js';

const LOOK_MILLISECONDS = 500;
/** What PostgreSQL and the network may take beside the statement. */
const MARGIN_MILLISECONDS = 1500;
const GOODBYE_MILLISECONDS = 1000;

interface Watched {
  readonly client: Client;
  statementMilliseconds: number;
  bytes: number;
  /** Looks since anything was heard. */
  quiet: number;
  /**
   * Looks at which an answer was owed, one after the other, since anything was heard. Looks are counted, and not the time: a process that
   * stood still has not listened.
   */
  owed: number;
}

export interface SilenceWatch {
  /** Watches a client, on which a statement may take so long, from when it is connected until it ends. */
  watch(client: Client, statementMilliseconds: number): void;
  /** How long a statement on the client may take from now on. */
  allow(client: Client, statementMilliseconds: number): void;
}

/** In the driver's words for a connection that has ended, which say that PostgreSQL is not there (driver-errors.ts). */
const silent = () => new Error('Connection terminated: PostgreSQL owes an answer for longer than a statement may take');

/** How many milliseconds an answer may be owed. */
function limitOf({ client, statementMilliseconds }: Watched): number {
  if (!isIdle(client)) return statementMilliseconds + MARGIN_MILLISECONDS;
  return isEnding(client) ? GOODBYE_MILLISECONDS : Infinity; // an end that nobody confirms
}

function look(watched: Watched): void {
  const bytes = connectionOf(watched.client).stream.bytesRead;
  const isHeard = bytes !== watched.bytes;
  watched.bytes = bytes;
  watched.quiet = isHeard ? 0 : watched.quiet + 1;
  watched.owed = isHeard || limitOf(watched) === Infinity ? 0 : watched.owed + 1;
}

/** What was owed at the first of so many looks may have been asked just before it. */
const isSilent = (watched: Watched): boolean => (watched.owed - 1) * LOOK_MILLISECONDS >= limitOf(watched);

export function silenceWatch(): SilenceWatch {
  const all = new Map<Client, Watched>();
  let timer: NodeJS.Timeout | undefined;

  function leave(client: Client): void {
    all.delete(client);
    if (all.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  /** Those on which nothing is under way have most likely died with the one on which it is: who comes next must not have to find out. */
  function lookAtAll(): void {
    const everyone = [...all.values()];
    for (const watched of everyone) look(watched);
    const found = everyone.filter(isSilent);
    if (found.length === 0) return;
    const longest = Math.max(...found.map(({ owed }) => owed));
    const suspects = everyone.filter(({ client, quiet }) => isIdle(client) && quiet >= longest);
    for (const { client } of new Set([...found, ...suspects])) connectionOf(client).stream.destroy(isEnding(client) ? undefined : silent());
  }

  return {
    watch: (client, statementMilliseconds) => {
      client
        .once('connect', () => {
          all.set(client, { client, statementMilliseconds, bytes: 0, quiet: 0, owed: 0 });
          timer ??= setInterval(lookAtAll, LOOK_MILLISECONDS).unref();
        })
        .once('end', () => leave(client));
    },
    allow: (client, statementMilliseconds) => {
      const watched = all.get(client);
      if (watched) watched.statementMilliseconds = statementMilliseconds;
    },
  };
}
