/** What is not even an HTTP request gets its refusal here: there is no exchange, no token, only a socket. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { failures } from '../schema/failure.js';
import { SCIM_TYPE, scimError } from './failures.js';

const REASONS: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The address or the headers are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [failures.REQUEST_TIMEOUT.status, failures.REQUEST_TIMEOUT.sentence],
};

const UNREADABLE = [400, 'This is not an HTTP request that can be read; encode spaces in the address as %20.'] as const;

/** Answers the error of an HTTP parser as everything else is answered, and closes. */
export function answerBadRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, detail] = REASONS[error.code ?? ''] ?? UNREADABLE;
  const body = JSON.stringify(scimError(status, detail));
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Connection: close', 'Cache-Control: no-store', `X-Request-Id: ${randomUUID()}`,
    `Content-Type: ${SCIM_TYPE}`, `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
