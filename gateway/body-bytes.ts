/** The bytes of a request, never more than may be. */
import type { IncomingMessage } from 'node:http';
import { Failure, toFailure } from '../schema/failure.js';
import type { KeepBytes } from './body-room.js';

/** The media type without its parameters, in lower case; undefined where the client says nothing. */
export const mediaTypeOf = ({ headers }: IncomingMessage): string | undefined => {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
};

/** How many bytes the client says it sends; NaN where it does not say. */
export const declaredLength = ({ headers }: IncomingMessage): number =>
  headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Number.NaN;

/** Refuses a body that we would have to unpack or cannot read; one without a type passes for the first of them. */
export function requireMediaType(request: IncomingMessage, types: readonly string[]): void {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') throw unsupported('Send the body as it is, without Content-Encoding.');
  const type = mediaTypeOf(request);
  if (type !== undefined && !types.includes(type)) throw unsupported(`Send the body as ${types.join(' or ')}.`);
}

const unsupported = (detail: string): Failure => new Failure('UNSUPPORTED_MEDIA_TYPE', { detail });

interface BodyRules {
  /** Is told how much has come, and may throw. */
  readonly keep?: KeepBytes;
  /** Within how many milliseconds all of it has to come. */
  readonly within?: number;
}

/**
 * Reads the whole body, or throws BODY_TOO_LARGE as soon as it is known to be, or REQUEST_TIMEOUT. What comes after that is thrown away by Node while
 * the answer goes out: a client that is cut off in the middle would see a reset connection and never the answer.
 */
export function readBytes(request: IncomingMessage, limit: number, { keep, within }: BodyRules = {}): Promise<Buffer> {
  if (declaredLength(request) > limit) return Promise.reject(tooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = within === undefined ? undefined : setTimeout(() => end(new Failure('REQUEST_TIMEOUT')), within);
    const end = (failure?: Failure) => {
      clearTimeout(timer);
      request.off('data', take).off('end', end).off('error', fail).off('close', fail);
      if (failure) reject(failure);
      else resolve(Buffer.concat(chunks, length));
    };
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limit) return end(tooLarge(limit));
      chunks.push(chunk);
      try {
        keep?.(length);
      } catch (error) {
        end(toFailure(error));
      }
    };
    const fail = (cause?: unknown) => end(new Failure('INVALID_SYNTAX', { detail: 'The body was cut off.', cause }));
    request.on('data', take).on('end', end).on('error', fail).on('close', fail);
  });
}

const tooLarge = (limit: number): Failure =>
  new Failure('BODY_TOO_LARGE', { detail: `This address takes at most ${limit} bytes; send less, or several requests.` });
