/**
 * The era of the verdicts in Redis: a number in PostgreSQL. A verdict of another era than the present one counts for nothing. Whoever ends
 * tokens and cannot reach Redis begins a new era instead, and waits until no process can still take the old one for the present. An era is
 * of one history of the database: a standby that takes over, or a database that was restored, may know nothing of what verdicts were made
 * of.
 */
import { asLookUp, sql } from '../query/sql.js';
import { history, historyTag } from '../changes/history.js';
import { oneRow } from '../query/counts.js';
import type { Statements } from '../connection/database.js';

/** So long a process may go by what it last read of the era. */
const FRESH_MILLISECONDS = 500;
/** From then on it reads again while nobody waits. */
const READ_AGAIN_MILLISECONDS = 250;
/** Two clocks that count the same half second may differ by a little. */
const MARGIN_MILLISECONDS = 50;

export interface TokenEra {
  /** The present era; undefined where nobody can be asked. */
  present(): Promise<string | undefined>;
  /** Begins a new era; when this resolves, no process goes by an older one. Rejects with UNAVAILABLE. */
  advance(): Promise<void>;
}

export function tokenEra(database: Statements): TokenEra {
  let known = { era: '', asOf: -Infinity };
  let reading: Promise<void> | undefined;

  const ageOf = () => performance.now() - known.asOf;

  async function read(): Promise<void> {
    const asOf = performance.now(); // before the question: what is answered was true then or later
    try {
      const { era } = await oneRow(
        database,
        asLookUp(sql<{ era: string }>`select last_value || '/' || ${historyTag} as era from token_era, ${history}`),
      );
      known = { era, asOf };
    } catch {
      /* then it is not known */
    } finally {
      reading = undefined;
    }
  }

  return {
    present: async () => {
      if (ageOf() > READ_AGAIN_MILLISECONDS) reading ??= read();
      if (ageOf() > FRESH_MILLISECONDS) await reading;
      return ageOf() > FRESH_MILLISECONDS ? undefined : known.era;
    },
    advance: async () => {
      await database.run(sql`select nextval('token_era')`);
      await new Promise((resolve) => setTimeout(resolve, FRESH_MILLISECONDS + MARGIN_MILLISECONDS));
    },
  };
}
