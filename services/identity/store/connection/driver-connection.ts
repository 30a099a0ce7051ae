/** What pg's clients tell of their connections to those who read its source: its types leave it out. */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Client } from 'pg';

/** Tells each message of PostgreSQL as an event, a row with the length of its message. */
export type DriverConnection = EventEmitter & { readonly stream: Socket };

interface Inside {
  readonly connection: DriverConnection;
  readonly readyForQuery?: boolean;
}

const insideOf = (client: Client): Inside => client as unknown as Inside;

export const connectionOf = (client: Client): DriverConnection => insideOf(client).connection;

/** Whether nothing is under way on it. */
export const isIdle = (client: Client): boolean => insideOf(client).readyForQuery === true;

/** Whether its end has begun. */
export const isEnding = (client: Client): boolean => Reflect.get(client, '_ending') === true;
