/**
 * What is refused, for support (docs/decisions/0024-refused-requests.md): gathered in this process once the answer is sent, and told to the
 * core in the background, at most once a second. No request waits for it. What cannot be told is let go, and counted in the log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Json } from '../schema/change.js';
import type { Failure } from '../schema/failure.js';
import { later } from '../schema/later.js';
import type { Core, Origin, VariablesOf } from './core.js';
import type { Exchange } from './exchange.js';
import { maskedText, shownBody, shownTarget } from './scim/shown-request.js';

/** What of a request was refused where that is not all of it: an operation of a Bulk request. */
export interface RefusedPart {
  readonly method: string;
  readonly path: string;
  /** Undefined where it has none. */
  readonly body: Json | undefined;
}

export interface RefusedRequests {
  /** Gathers a refused request, or a part of one; those of callers whom the core was not asked about are nobody's. Never throws. */
  note(exchange: Exchange, failure: Failure, part?: RefusedPart): void;
  /** Tells what is left; nothing is told afterwards. Never rejects. */
  close(): Promise<void>;
}

type Refusal = VariablesOf<'ReportRefusedRequests'>['input']['requests'][number] & { times: number };

/** What was refused to the bearer of one token. */
interface Gathered {
  origin: Origin;
  looked: number;
  readonly refusals: Map<string, Refusal>;
}

const INTERVAL_MILLISECONDS = 1000;
// Of each interval:
const MOST_TOKENS = 100;
const MOST_DIFFERENT = 20;
const MOST_LOOKED_AT = 200;

/** At the end so long is waited for the core. */
const FAREWELL_MILLISECONDS = 2000;

/** With a token that is nobody's, or of a tenant that is suspended, the core would not hear us either. */
const isOfNoInterest = ({ origin: { token }, isAnswered }: Exchange, { code, kind: { status } }: Failure): boolean =>
  token === undefined || !isAnswered || status === 401 || code === 'TENANT_SUSPENDED';

const isAway = (code: unknown): boolean => code === 'UNAVAILABLE' || code === 'OVERLOADED';

/** All of a request. */
const wholeOf = ({ http: { method }, path, body, reading }: Exchange): RefusedPart => ({
  method,
  path,
  body: reading !== undefined && Object.keys(body).length > 0 ? body : undefined,
});

function refusalOf(exchange: Exchange, { kind: { status, scimType }, message }: Failure, { method, path, body }: RefusedPart): Refusal {
  const {
    query,
    origin: { requestId, userAgent },
  } = exchange;
  return {
    method,
    path: shownTarget(path, query),
    status,
    scimType,
    detail: maskedText(message),
    body: body === undefined ? undefined : shownBody(body),
    requestId,
    userAgent,
    times: 1,
  };
}

const keyOf = ({ method, path, status, detail, body }: Refusal): string => `${method} ${path} ${status} ${detail} ${body}`;

/** Gathers and tells. */
export function refusedRequests(core: Core, log: Logger, interval = INTERVAL_MILLISECONDS): RefusedRequests {
  let gathered = new Map<string, Gathered>();
  let dropped = 0;

  function ofToken({ token, requestId, address, userAgent }: Origin): Gathered | undefined {
    const found = gathered.get(token!);
    if (found) return found;
    if (gathered.size >= MOST_TOKENS) return undefined;
    const made: Gathered = { origin: { token, requestId, address, userAgent }, looked: 0, refusals: new Map() };
    gathered.set(token!, made);
    return made;
  }

  function gather(exchange: Exchange, failure: Failure, part: RefusedPart): boolean {
    const { origin } = exchange;
    const own = ofToken(origin);
    if (!own || own.looked >= MOST_LOOKED_AT) return false;
    own.looked += 1;
    own.origin = { ...own.origin, requestId: origin.requestId, address: origin.address };
    const refusal = refusalOf(exchange, failure, part);
    const key = keyOf(refusal);
    const known = own.refusals.get(key);
    if (!known && own.refusals.size >= MOST_DIFFERENT) return false;
    own.refusals.set(key, known ? Object.assign(known, { times: known.times + 1, requestId: refusal.requestId }) : refusal);
    return true;
  }

  /** Whether the core has heard it, be it that it refuses the token. */
  async function tell({ origin, refusals }: Gathered): Promise<boolean> {
    try {
      const { errors } = await core.execute('ReportRefusedRequests', { input: { requests: [...refusals.values()] } }, origin);
      return !isAway(errors?.[0]?.extensions?.['code']);
    } catch {
      return false;
    }
  }

  async function tellEach(all: Iterable<Gathered>): Promise<void> {
    let isHeard = true;
    for (const one of all) {
      // one after the other, and none after one that was not heard: whom all others wait for is not to be asked more
      isHeard &&= await tell(one);
      if (!isHeard) for (const { times } of one.refusals.values()) dropped += times;
    }
  }

  async function tellAll(): Promise<void> {
    const all = gathered;
    gathered = new Map();
    await tellEach(all.values());
    if (dropped > 0) log.warn({ dropped }, 'refused requests were not recorded for support');
    dropped = 0;
  }

  const telling = later(tellAll, interval);
  return {
    note: (exchange, failure, part = wholeOf(exchange)) => {
      if (isOfNoInterest(exchange, failure)) return;
      if (!gather(exchange, failure, part)) dropped += 1;
      telling.want();
    },
    close: () => Promise.race([telling.close(), sleep(FAREWELL_MILLISECONDS, undefined, { ref: false })]),
  };
}
