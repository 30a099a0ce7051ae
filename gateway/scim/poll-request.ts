/** The body of a poll (RFC 8936, section 2.2). */
import type { Json, JsonObject } from '../../schema/change.js';
import { Failure } from '../../schema/failure.js';
import { pollLimits } from '../../schema/security-events.js';
import { isList, isObject, memberOf } from './dialects.js';

export interface Poll {
  /** Events to answer at the most; 0 where the poll is only to acknowledge. */
  readonly maxEvents: number;
  readonly returnImmediately: boolean;
  /** Ids of events that are not to be told again: what was taken, and what could not be. */
  readonly acknowledged: readonly string[];
  /** The codes of what could not be taken, by the ids of the events. */
  readonly errors: ReadonlyMap<string, string>;
}

const refused = (name: string, sentence: string): Failure =>
  new Failure('INVALID_VALUE', { field: name, detail: `"${name}" ${sentence}.` });
const given = (body: JsonObject, name: string): Json => memberOf(body, name) ?? null;

/** Members of other names are for other services, and are ignored. */
export function readPollRequest(body: JsonObject): Poll {
  const errors = errorsIn(given(body, 'setErrs'));
  const acknowledged = [...new Set([...acknowledgedIn(given(body, 'ack')), ...errors.keys()])];
  if (acknowledged.length > pollLimits.acknowledged) {
    throw new Failure('TOO_MANY', {
      detail: `"ack" and "setErrs" together name ${pollLimits.acknowledged} events at the most; send the rest with further polls.`,
    });
  }
  return {
    maxEvents: maxEventsIn(given(body, 'maxEvents')),
    returnImmediately: returnImmediatelyIn(given(body, 'returnImmediately')),
    acknowledged,
    errors,
  };
}

/** Who takes more than we answer at once takes that much. */
function maxEventsIn(value: Json): number {
  if (value === null) return pollLimits.events.default;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return Math.min(value, pollLimits.events.max);
  throw refused('maxEvents', 'takes a whole number from 0 on');
}

function returnImmediatelyIn(value: Json): boolean {
  if (value === null || typeof value === 'boolean') return value ?? false;
  throw refused('returnImmediately', 'takes true or false');
}

function acknowledgedIn(value: Json): readonly string[] {
  if (value === null) return [];
  if (isList(value) && value.every((one) => typeof one === 'string')) return value;
  throw refused('ack', 'takes a list of the "jti" of events');
}

/** What is no code of RFC 8936's form says nothing: a client's own text is for no log. */
const codeOf = (error: Json): string => {
  const code = isObject(error) ? memberOf(error, 'err') : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : 'unknown';
};

function errorsIn(value: Json): ReadonlyMap<string, string> {
  if (value === null) return new Map();
  if (isObject(value)) return new Map(Object.entries(value).map(([id, error]) => [id, codeOf(error)]));
  throw refused('setErrs', 'takes an object of errors by the "jti" of events');
}
