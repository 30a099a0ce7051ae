/**
 * Connections that look-ups by a key share: each is sent without waiting for the one before, and what is asked in the same turn of the event loop
 * in one write. For what takes PostgreSQL microseconds, half of its work and a good part of ours is reading and writing sockets. Nothing
 * that may take long, or writes, has a place here: it would hold up those behind it, and its commit would wait for theirs.
 */
import type { Writable } from 'node:stream';
import type { Client, QueryResult } from 'pg';

/** Connections; each turn uses one of them. With two, requests waited for each other; with four hardly, and PostgreSQL is spared as much. */
const CONNECTIONS = 4;

export interface LookUps {
  query(text: string, values: unknown[]): Promise<QueryResult>;
  close(): Promise<void>;
}

interface Place {
  query(text: string, values: unknown[]): Promise<QueryResult>;
  close(): Promise<void>;
}

/** What is written until the end of the turn goes at once; then the end is told. */
function gather(client: Client, onEnd: () => void): void {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Writable } }).connection;
  stream.cork();
  setImmediate(() => {
    stream.uncork();
    onEnd();
  });
}

/** Whether it is the connection that failed, and not the question: pg gives no code, or the network's, and PostgreSQL says that it ends (57P01 to 57P03, class 08). */
const isOfConnection = ({ code }: { readonly code?: string }): boolean => code === undefined || /^(57P0[123]|08|E[A-Z]{3})/.test(code);

/** A connection that is made when it is needed, and anew when it has ended. Look-ups only read: one whose connection breaks is asked once more on another. */
function makePlace(newClient: () => Client): Place {
  let current: Promise<Client> | undefined;
  let isGathering = false;

  function open(): Promise<Client> {
    const client = newClient();
    const leave = () => { if (current === opening) current = undefined; };
    client.on('error', leave).on('end', leave);
    const opening = client.connect().then(() => client);
    opening.catch(leave);
    return opening;
  }

  async function ask(text: string, values: unknown[], opened: Promise<Client>): Promise<QueryResult> {
    const client = await opened;
    if (!isGathering) {
      isGathering = true;
      gather(client, () => { isGathering = false; });
    }
    return client.query(text, values);
  }

  return {
    query: async (text, values) => {
      const used = (current ??= open());
      return ask(text, values, used).catch((error: { readonly code?: string }) => {
        if (!isOfConnection(error)) throw error;
        if (current === used) current = undefined; // its end may be yet to be told
        return ask(text, values, (current ??= open()));
      });
    },
    close: async () => (await current?.catch(() => undefined))?.end(),
  };
}

/** `newClient` makes one that takes a query while others are under way. */
export function lookUpConnections(newClient: () => Client): LookUps {
  const places = Array.from({ length: CONNECTIONS }, () => makePlace(newClient));
  let turn = 0;
  let isTurnUnderWay = false;
  return {
    query: (text, values) => {
      if (!isTurnUnderWay) {
        isTurnUnderWay = true;
        turn = (turn + 1) % CONNECTIONS;
        setImmediate(() => { isTurnUnderWay = false; });
      }
      return places[turn]!.query(text, values);
    },
    close: async () => void await Promise.all(places.map((place) => place.close())),
  };
}
