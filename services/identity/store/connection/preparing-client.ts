/**
 * A PostgreSQL client that has the server prepare what it is asked often: parsing and planning cost more than most of our statements do.
 */
import { LRUCache } from 'lru-cache';
import pg from 'pg';
import { limitAnswers } from './answer-size.js';
import type { SilenceWatch } from './silent-connections.js';

/** Filters make endless texts: only so many are prepared, for a server keeps them, and only those that come often within so many others. */
const MOST = 300;
const OFTEN = 3;
const MOST_SEEN = 1000;

/**
 * Begins a text whose plan depends on its values: what few people match is looked up in an index, what most people match is read in
 * order until the page is full. A plan made once for any values is a hundred times slower for some.
 */
export const PLANNED_ANEW = '/* planned for its values */';

/** Names every text that comes again; undefined for the others. */
function statementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  const seen = new LRUCache<string, number>({ max: MOST_SEEN });
  return (text) => {
    if (text.startsWith(PLANNED_ANEW)) return undefined;
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= MOST) return undefined;
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    if (times < OFTEN) return undefined;
    const name = `identity_${names.size + 1}`;
    names.set(text, name);
    seen.delete(text);
    return name;
  };
}

type Query = (text: unknown, values?: unknown, ...rest: unknown[]) => unknown;

/** PostgreSQL is told how long a statement may take, and whoever watches, too. */
export type ServingConfig = pg.ClientConfig & { readonly statement_timeout: number };
export type ServingClient = new (config: ServingConfig) => pg.Client;

/** The client class for a pool; all its clients use the same names, are watched, and take answers of a bounded size. */
export function preparingClient(silence: SilenceWatch): ServingClient {
  const nameOf = statementNames();
  class PreparingClient extends pg.Client {
    constructor(config: ServingConfig) {
      super(config);
      silence.watch(this, config.statement_timeout);
      limitAnswers(this);
    }
  }
  const query = Reflect.get(pg.Client.prototype, 'query') as unknown as Query;
  PreparingClient.prototype.query = function prepared(this: pg.Client, text: unknown, values?: unknown, ...rest: unknown[]) {
    const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
    return name ? query.call(this, { name, text, values }, ...rest) : query.call(this, text, values, ...rest);
  } as unknown as pg.Client['query'];
  return PreparingClient;
}
