/**
 * Leaked tokens, as secret scanners report them: a list as GitHub's secret scanning partner programme sends it, or `{"tokens": [...]}`.
 * Whoever holds a token may end it: nobody needs to sign in.
 */
import type { Json, JsonObject } from '../schema/change.js';
import { Failure } from '../schema/failure.js';
import { limits } from '../schema/resources.js';
import { sendJson } from './answers.js';
import type { VariablesOf } from './core.js';
import type { Exchange } from './exchange.js';
import { mutate } from './operations.js';
import { readBytes, requireMediaType } from './body-bytes.js';
import { isList, isObject, memberOf } from './scim/dialects.js';
import { readValue } from './scim/json.js';
import { inUtf8, PLAIN_JSON } from './scim/media-types.js';

const MOST_BYTES = 256 * 1024;
const MOST_MILLISECONDS = 10_000;

type LeakedTokenInput = Extract<VariablesOf<'RevokeLeakedTokens'>['input']['tokens'], readonly unknown[]>[number];

/** A request that reports tokens. */
interface ReportExchange extends Exchange {
  report?: { readonly isList: boolean; readonly tokens: readonly LeakedTokenInput[] };
}

/** Reads the findings; what is told of a place is text or nothing. */
export async function readFindings(exchange: ReportExchange): Promise<void> {
  const { req } = exchange.http;
  requireMediaType(req, [PLAIN_JSON]);
  const body = readValue(await readBytes(req, { longest: MOST_BYTES, within: MOST_MILLISECONDS }));
  const found = isObject(body) ? memberOf(body, 'tokens') : body;
  if (!isList(found)) throw refused('The body must be a list of findings, or an object with such a list as "tokens".');
  if (found.length > limits.leakedTokens) throw new Failure('TOO_MANY', { detail: `Report up to ${limits.leakedTokens} tokens at once.` });
  exchange.report = { isList: isList(body), tokens: found.map(findingOf) };
}

function findingOf(finding: Json): LeakedTokenInput {
  const { token, ...told }: JsonObject = isObject(finding) ? finding : { token: finding };
  if (typeof token !== 'string') {
    throw refused('Each finding is a token, or an object with the token as "token", and "type", "url" and "source" where they are known.');
  }
  return {
    token,
    ...Object.fromEntries(['type', 'url', 'source'].flatMap((name) => (typeof told[name] === 'string' ? [[name, told[name]]] : []))),
  };
}

const refused = (detail: string): Failure => new Failure('INVALID_SYNTAX', { detail });

/** Has them revoked, and says of each what it was. */
export async function revokeFindings(exchange: ReportExchange): Promise<void> {
  const { isList: isPlainList, tokens } = exchange.report!;
  const { results } = await mutate(exchange, 'RevokeLeakedTokens', { input: { tokens } });
  const told = (results ?? []).map(({ tokenHash, label }, at): JsonObject => ({
    token_hash: tokenHash,
    token_type: tokens[at]!.type ?? 'condeco_access_token',
    label: label.toLowerCase(),
  }));
  sendJson(exchange, 200, isPlainList ? told : { tokens: told }, inUtf8(PLAIN_JSON));
}
