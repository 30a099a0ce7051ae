/** The one translator at the border: a failure -> what the caller sees, a SCIM Error or the token provider's problem+json. */
import { STATUS_CODES } from 'node:http';
import type { JsonObject } from '../schema/change.js';
import type { Failure } from '../schema/failure.js';
import { messages } from '../schema/resources.js';
import type { Exchange } from './exchange.js';
import { inUtf8, SCIM_JSON } from './scim/media-types.js';

export const SCIM_TYPE = inUtf8(SCIM_JSON);

/** The type of SCIM's answers to this request; a client that takes none of ours is told so in SCIM's own. */
export const scimTypeFor = ({ answerType }: Exchange): string => inUtf8(answerType ?? SCIM_JSON);

/** How a door tells a failure. */
export interface Telling {
  readonly type: (exchange: Exchange) => string;
  readonly body: (failure: Failure) => JsonObject;
}

/** A SCIM Error (RFC 7644, section 3.12); the status is text there. */
export const scimError = (status: number, detail: string, scimType?: string): JsonObject => ({
  schemas: [messages.error],
  status: String(status),
  ...(scimType === undefined ? {} : { scimType }),
  detail,
});

export const asScim: Telling = {
  type: scimTypeFor,
  body: ({ kind, message }) => scimError(kind.status, message, kind.scimType),
};

/** RFC 9457, and the `error` that OAuth clients look at (RFC 6749, sections 5.2 and 4.1.2.1). */
export const asProblem: Telling = {
  type: () => inUtf8('application/problem+json'),
  body: (failure) => ({
    type: 'about:blank',
    title: STATUS_CODES[failure.kind.status] ?? 'Error',
    status: failure.kind.status,
    detail: failure.message,
    error: oauthError(failure),
  }),
};

/** The one parameter that OAuth has an error of its own for. */
export const GRANT_TYPE = 'grantType';

function oauthError({ code, field, kind: { status } }: Failure): string {
  if (code === 'INVALID_CLIENT') return 'invalid_client';
  if (code === 'TENANT_SUSPENDED') return 'access_denied';
  if (code === 'INVALID_VALUE' && field === GRANT_TYPE) return 'unsupported_grant_type';
  if (status === 429 || status === 503) return 'temporarily_unavailable';
  return status >= 500 ? 'server_error' : 'invalid_request';
}

/** RFC 6750, section 3.1: who has sent no token at all is told of no error. */
const challengeTo = ({ origin }: Exchange, { code }: Failure): string =>
  `Bearer realm="condeco"${code === 'UNAUTHENTICATED' && origin.token !== undefined ? ', error="invalid_token"' : ''}`;

/** Answers with the failure. */
export function tell(exchange: Exchange, telling: Telling, failure: Failure): void {
  const { http } = exchange;
  const { status } = failure.kind;
  http.status = status;
  if (status === 401) http.set('WWW-Authenticate', challengeTo(exchange, failure));
  if (status === 408) http.set('Connection', 'close'); // the rest of it may never come
  if (failure.retryAfter !== undefined) http.set('Retry-After', String(Math.max(1, Math.ceil(failure.retryAfter))));
  http.set('Content-Type', telling.type(exchange));
  http.body = JSON.stringify(telling.body(failure));
}
