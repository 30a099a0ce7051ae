/** The token provider, as published: a client's id and secret for a token that lives up to ten years. */
import type { JsonObject } from '../schema/change.js';
import { Failure, type FailureCode } from '../schema/failure.js';
import { decodeUtf8 } from '../schema/look-over.js';
import { limits } from '../schema/resources.js';
import { sendJson } from './answers.js';
import type { Exchange } from './exchange.js';
import { GRANT_TYPE } from './failures.js';
import { mutate } from './operations.js';
import { mediaTypeOf, readBytes, requireMediaType } from './body-bytes.js';
import { memberOf, textOf } from './scim/dialects.js';
import { readObject } from './scim/json.js';
import { inUtf8, PLAIN_JSON } from './scim/media-types.js';

const FORM = 'application/x-www-form-urlencoded';
const GRANT = 'password';
const EXPIRY = 'tokenExpiry';
const MOST_BYTES = 16 * 1024;
/** A stranger who sends it slowly would hold a place with it. */
const MOST_MILLISECONDS = 5000;

/** Reads the parameters, from a form as published or from JSON. */
export async function readCredentials(exchange: Exchange): Promise<void> {
  const { req } = exchange.http;
  requireMediaType(req, [FORM, PLAIN_JSON]);
  const bytes = await readBytes(req, { longest: MOST_BYTES, within: MOST_MILLISECONDS });
  exchange.body = mediaTypeOf(req) === PLAIN_JSON ? readObject(bytes) : readForm(decodeUtf8(bytes));
}

export async function issueToken(exchange: Exchange): Promise<void> {
  const { body } = exchange;
  const clientId = required(body, 'scimClientId');
  const clientSecret = required(body, 'scimClientSecret');
  if (required(body, GRANT_TYPE) !== GRANT) throw refused('INVALID_VALUE', GRANT_TYPE, `takes "${GRANT}" and nothing else`);
  const input = { clientId, clientSecret, expiresIn: expiryOf(body) };
  const { accessToken, expiresIn } = await mutate(exchange, 'IssueToken', { input });
  exchange.http.set('Pragma', 'no-cache'); // RFC 6749, section 5.1
  sendJson(exchange, 200, { accessToken, tokenType: 'bearer', expiresIn }, inUtf8(PLAIN_JSON));
}

/** RFC 6749, section 3.2: a parameter must not come twice. Names are checked where they are read, in any case. */
function readForm(text: string): JsonObject {
  const pairs = [...new URLSearchParams(text)];
  const names = new Set(pairs.map(([name]) => name.toLowerCase()));
  if (names.size < pairs.length) throw new Failure('INVALID_SYNTAX', { detail: 'A parameter is given twice; send each once.' });
  return Object.fromEntries(pairs);
}

function required(body: JsonObject, name: string): string {
  const value = textOf(memberOf(body, name) ?? null);
  if (value === undefined || value === '') throw refused('INVALID_SYNTAX', name, 'is missing');
  return value;
}

/** Absent where the client says nothing: the core knows what is usual, and what the tenant allows. */
function expiryOf(body: JsonObject): number | undefined {
  const { min, max } = limits.tokenSeconds;
  const text = textOf(memberOf(body, EXPIRY) ?? null)?.trim() ?? '';
  if (text === '') return undefined;
  const seconds = /^\d{1,12}(?:\.0+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= min && seconds <= max) return seconds;
  throw refused('INVALID_VALUE', EXPIRY, `takes a whole number of seconds from ${min} to ${max}`);
}

const refused = (code: FailureCode, name: string, sentence: string): Failure =>
  new Failure(code, { detail: `The parameter "${name}" ${sentence}.`, field: name });
