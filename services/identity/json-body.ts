/**
 * The body of a request by tools: bytes, unpacked where they come packed, never more than may be; then JSON, looked over as a text before
 * anything is made of it.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { parse } from '@hapi/bourne';
import type Koa from 'koa';
import { Failure } from '../../schema/failure.js';
import { decodeUtf8, lookOver } from '../../schema/look-over.js';
import { type BodyRules, readAll, Unread } from '../../wire/bodies.js';
import { operationLimits } from './api/operation-limits.js';

const unpackers: Readonly<Record<string, typeof createGunzip>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** How the body is packed; undefined where it is sent as it is. */
const packingOf = ({ headers }: IncomingMessage): string | undefined => {
  const packing = headers['content-encoding']?.trim().toLowerCase() ?? '';
  return packing === '' || packing === 'identity' ? undefined : packing;
};

/** Whether nobody knows how long it is before it is read, being sent in chunks or packed: 20 kB of gzip may be 20 MB. */
export const isOfUnknownLength = (request: IncomingMessage): boolean =>
  request.headers['transfer-encoding'] !== undefined || packingOf(request) !== undefined;

const invalid = (detail: string, cause?: unknown): Failure => new Failure('INVALID_SYNTAX', { detail, cause });

function unpack(request: IncomingMessage): Readable {
  const packing = packingOf(request);
  if (packing === undefined) return request;
  if (!Object.hasOwn(unpackers, packing)) {
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', {
      detail: `Send the body as it is, or with one of these as its Content-Encoding: ${Object.keys(unpackers).join(', ')}.`,
    });
  }
  const unpacked = request.pipe(unpackers[packing]!());
  request.once('close', () => {
    if (!request.complete) unpacked.destroy(new Error('the request was cut off'));
  }); // a pipe does not tell
  return unpacked;
}

const SENTENCES = {
  TOO_LONG: (_: IncomingMessage, { longest }: BodyRules) =>
    new Failure('BODY_TOO_LARGE', { detail: `This address takes at most ${longest} bytes, unpacked; send several requests.` }),
  LATE: () => new Failure('REQUEST_TIMEOUT'),
  CUT_OFF: ({ complete }: IncomingMessage, __: BodyRules, cause: unknown) =>
    invalid(complete ? 'The body is not packed as its Content-Encoding says.' : 'The body was cut off.', cause),
};

/** The bytes, unpacked. What is not wanted any more is thrown away. */
async function readBytes(request: IncomingMessage, rules: BodyRules): Promise<Buffer> {
  const stream = unpack(request);
  try {
    return await readAll(stream, rules);
  } catch (error) {
    throw error instanceof Unread ? SENTENCES[error.why](request, rules, error.cause) : error;
  } finally {
    if (stream !== request) {
      request.unpipe();
      stream.destroy();
      request.resume();
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid('The body is not JSON.', error); // what the parser says quotes the body
  }
}

/** What the bytes say; an empty object where they say nothing. */
export function readObject(bytes: Buffer): object {
  const text = decodeUtf8(bytes);
  lookOver(text, operationLimits.bodyDepth);
  const body = text.trim() === '' ? {} : parseJson(text);
  if (typeof body !== 'object' || body === null) throw invalid('The body must be a JSON object, in braces.');
  return body;
}

/** As text in another charset, JSON is somebody else's standard: RFC 8259, section 8.1. */
function requireUtf8({ charset }: Koa.Request): void {
  if (charset !== '' && !/^utf-?8$/i.test(charset)) {
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', {
      detail: `Send the body as application/json in UTF-8, not in "${charset.slice(0, 40)}".`,
    });
  }
}

const WITH_BODIES = ['POST', 'PUT', 'PATCH'];

/** Reads it; undefined where the request has none, or none of JSON. */
export async function readJsonBytes({ req, request, method }: Koa.Context, rules: BodyRules): Promise<Buffer | undefined> {
  if (!WITH_BODIES.includes(method) || !request.is('application/json')) return undefined;
  requireUtf8(request);
  return readBytes(req, rules);
}
