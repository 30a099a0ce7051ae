/**
 * Connections that look-ups by a key share: what is asked in the same turn of the event loop goes in one write or a few, and what is asked
 * of the same kind in one statement. For what takes PostgreSQL microseconds, most of its work and of ours is reading and writing sockets,
 * and beginning and ending statements. Nothing that may take long, or writes, has a place here: it would hold up those behind it, and its
 * commit would wait for theirs.
 */
import type { Client, QueryResult } from 'pg';
import { answersOfMany, textForMany, type Values, valuesForMany } from './batched-look-ups.js';
import { connectionOf } from './driver-connection.js';
import { isOfConnection, isTimeout } from './driver-errors.js';

/** Connections; each turn uses one of them. One would make all wait where it breaks; more part what could be one write. */
const CONNECTIONS = 2;
/** So many go without waiting for more: PostgreSQL can begin with them while we go on. */
const MANY = 8;

type Rows = readonly unknown[];

export interface LookUps {
  /** The rows that the statement answers a tenant. */
  query(tenantId: string, text: string, values: Values): Promise<Rows>;
  /** Rejects where PostgreSQL does not answer on one of the connections. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Sends a statement of a tenant's. */
export type QueryAs = (client: Client, tenantId: string, text: string, values: Values) => Promise<QueryResult>;

interface Asked {
  readonly values: Values;
  readonly resolve: (rows: Rows) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What is asked in a turn: by tenant and statement, those who ask alike. A long text is looked up by itself: put together with anything, it
 * would be read anew each time.
 */
type Turn = Map<string, Map<string, Asked[]>>;

/** Those who ask the same of the same tenant. */
function alikeIn(turn: Turn, tenantId: string, text: string): Asked[] {
  const ofTenant = turn.get(tenantId) ?? new Map<string, Asked[]>();
  if (ofTenant.size === 0) turn.set(tenantId, ofTenant);
  const alike = ofTenant.get(text) ?? [];
  if (alike.length === 0) ofTenant.set(text, alike);
  return alike;
}

type Query = (text: string, values: Values) => Promise<QueryResult>;

interface Place {
  ask(turn: Turn): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const askEach = (query: Query, text: string, all: readonly Asked[]): void => {
  for (const { values, resolve, reject } of all) query(text, values).then(({ rows }) => resolve(rows), reject);
};

/** One that fails must be nobody else's failure: then each is asked for itself. */
function askTogether(query: Query, text: string, all: readonly Asked[]): void {
  const forMany = all.length > 1 ? textForMany(text) : undefined;
  if (forMany === undefined) return askEach(query, text, all);
  const answer = (result: QueryResult) => {
    for (const [at, rows] of answersOfMany(result, all.length).entries()) all[at]!.resolve(rows);
  };
  query(forMany, valuesForMany(all.map(({ values }) => values))).then(answer, (error: unknown) => {
    if (!isOfConnection(error) && !isTimeout(error)) return askEach(query, text, all);
    for (const { reject } of all) reject(error);
  });
}

/**
 * A connection that is made when it is needed, and anew when it has ended. Look-ups only read: one whose connection breaks is asked once
 * more on another.
 */
function makePlace(newClient: () => Client, queryAs: QueryAs): Place {
  let current: Promise<Client> | undefined;

  function open(): Promise<Client> {
    const client = newClient();
    const leave = () => {
      if (current === opening) current = undefined;
    };
    client.on('error', leave).on('end', leave);
    const opening = client.connect().then(() => client);
    opening.catch(leave);
    return opening;
  }

  const again =
    (tenantId: string): Query =>
    async (text, values) =>
      queryAs(await (current ??= open()), tenantId, text, values);

  const queryOn =
    (used: Promise<Client>, client: Client, tenantId: string): Query =>
    async (text, values) => {
      try {
        return await queryAs(client, tenantId, text, values);
      } catch (error) {
        if (!isOfConnection(error)) throw error;
        if (current === used) current = undefined; // its end may be yet to be told
        return again(tenantId)(text, values);
      }
    };

  return {
    ask: async (turn) => {
      const used = (current ??= open());
      const client = await used.catch(() => undefined);
      const stream = client && connectionOf(client).stream;
      stream?.cork();
      for (const [tenantId, byText] of turn) {
        for (const [text, all] of byText) askTogether(client ? queryOn(used, client, tenantId) : again(tenantId), text, all);
      }
      stream?.uncork();
    },
    ping: async () => void (await (await (current ??= open())).query('select 1')),
    close: async () => (await current?.catch(() => undefined))?.end(),
  };
}

/** `newClient` makes one that takes a query while others are under way. */
export function lookUpConnections(newClient: () => Client, queryAs: QueryAs): LookUps {
  const places = Array.from({ length: CONNECTIONS }, () => makePlace(newClient, queryAs));
  let turn: Turn | undefined;
  let asked = 0;
  let turns = 0;

  /** Unless it has been ended for being full. */
  function end(begun: Turn): void {
    if (turn !== begun) return;
    turn = undefined;
    asked = 0;
    turns += 1;
    void places[turns % CONNECTIONS]!.ask(begun);
  }

  function inTurn(): Turn {
    if (turn) return turn;
    const begun: Turn = new Map();
    setImmediate(end, begun);
    return (turn = begun);
  }

  return {
    query: (tenantId, text, values) =>
      new Promise((resolve, reject) => {
        const current = inTurn();
        alikeIn(current, tenantId, text).push({ values, resolve, reject });
        asked += 1;
        if (asked >= MANY) end(current);
      }),
    ping: async () => void (await Promise.all(places.map((place) => place.ping()))),
    close: async () => void (await Promise.all(places.map((place) => place.close()))),
  };
}
