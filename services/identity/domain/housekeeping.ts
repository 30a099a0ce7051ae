/**
 * What a core does every minute beside its requests: it warns of the end of tokens, and lets go of what nobody will ask for any more. Any
 * number of processes may.
 */
import type { Database } from '../store/connection/database.js';
import { deleteExpiredKeys } from '../store/resources/idempotency-rows.js';
import { deleteOldRefusals } from '../store/tenants/refused-request-rows.js';
import { deleteEndedTokens } from '../store/tokens/token-rows.js';
import { refusalLimits } from './tenants/refused-requests.js';
import { warnOfExpiry } from './tokens/token-warnings.js';

const INTERVAL_MILLISECONDS = 60_000;
/** Rows of a kind that go in one round: what has gathered in years goes in hours, and keeps nobody waiting. */
const AT_ONCE = 1000;
/** A token is shown for so long after its end: whoever asks once a year what it was for still finds it. */
const DAYS_OF_ENDED_TOKENS = 400;

interface Chore {
  /** What is said where it could not be done. */
  readonly late: string;
  do(database: Database): Promise<unknown>;
}

const chores: readonly Chore[] = [
  { late: 'warnings of expiring tokens are late', do: warnOfExpiry },
  { late: 'tokens that ended long ago are not deleted yet', do: (database) => deleteEndedTokens(database, DAYS_OF_ENDED_TOKENS, AT_ONCE) },
  { late: 'answers kept for idempotency keys are not deleted yet', do: (database) => deleteExpiredKeys(database, AT_ONCE) },
  { late: 'old refused requests are not deleted yet', do: (database) => deleteOldRefusals(database, refusalLimits.days, AT_ONCE) },
];

export interface Housekeeping {
  /** Does all of it now, one after the other. Never rejects. */
  round(): Promise<void>;
  close(): Promise<void>;
}

/** Begins, now and every minute, until it is closed; `onFailure` hears what could not be done. */
export function housekeeping(database: Database, onFailure: (error: unknown, late: string) => void): Housekeeping {
  let isClosed = false;
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (const chore of chores) if (!isClosed) await chore.do(database).catch((error: unknown) => onFailure(error, chore.late));
  }
  const round = () =>
    (working ??= work().finally(() => {
      working = undefined;
    }));

  void round();
  const timer = setInterval(() => void round(), INTERVAL_MILLISECONDS).unref();
  return {
    round,
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await working;
    },
  };
}
