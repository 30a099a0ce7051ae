/**
 * What is not even an HTTP request gets its refusal here, as does what Node would refuse without a body: there is no exchange, and nobody's
 * token is looked at.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { failures } from '../schema/failure.js';
import { requestIdOf } from './exchange.js';
import { SCIM_TYPE, scimError } from './failures.js';

type Reason = readonly [status: number, detail: string];

const REASONS: Readonly<Record<string, Reason>> = {
  HPE_HEADER_OVERFLOW: [431, 'The address or the headers are too long.'],
  HPE_INVALID_URL: [
    400,
    'The address holds characters that may not stand there as they are; percent-encode all that is not ASCII, in UTF-8: ö is %C3%B6, a space %20.',
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [failures.REQUEST_TIMEOUT.status, failures.REQUEST_TIMEOUT.sentence],
};

const UNREADABLE: Reason = [400, 'This is not an HTTP request that can be read; encode spaces in the address as %20.'];
const WITHOUT_HOST: Reason = [400, 'The request has no Host header, which HTTP/1.1 needs; send the name of this service there.'];
const UNKNOWN_EXPECTATION: Reason = [417, 'Of the header Expect, only "100-continue" is understood; leave it out, or send that.'];

const headersOf = (requestId: string, text: string): Record<string, string> => ({
  Connection: 'close',
  'Cache-Control': 'no-store',
  'X-Request-Id': requestId,
  'Content-Type': SCIM_TYPE,
  'Content-Length': String(Buffer.byteLength(text)),
});

/** The route as the router calls what is none; the line is that of any request. */
const writeLine = (log: Logger, requestId: string, status: number) => log.info({ requestId, route: 'unknown', status }, 'request');

/** Answers the error of an HTTP parser as everything else is answered, and closes. */
export function answerBadRequest(log: Logger, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, detail] = REASONS[error.code ?? ''] ?? UNREADABLE;
  const text = JSON.stringify(scimError(status, detail));
  const requestId = randomUUID();
  const headers = Object.entries(headersOf(requestId, text)).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers, '', text].join('\r\n'));
  writeLine(log, requestId, status);
}

/** RFC 9112, section 3.2. */
export const lacksHost = ({ httpVersion, headers }: IncomingMessage): boolean => httpVersion === '1.1' && headers.host === undefined;

/** Refuses a request that lacks it, and closes. */
export const refuseWithoutHost = (log: Logger, request: IncomingMessage, response: ServerResponse): void =>
  refuse(log, WITHOUT_HOST, request, response);

/** Refuses an expectation that nobody can meet (RFC 9110, section 10.1.1), and closes: whether its body comes is not known. */
export const refuseExpectation = (log: Logger, request: IncomingMessage, response: ServerResponse): void =>
  refuse(log, UNKNOWN_EXPECTATION, request, response);

function refuse(log: Logger, [status, detail]: Reason, request: IncomingMessage, response: ServerResponse): void {
  const text = JSON.stringify(scimError(status, detail));
  const requestId = requestIdOf(request);
  response.writeHead(status, headersOf(requestId, text)).end(text);
  writeLine(log, requestId, status);
}
