/** The bytes of a request, never more than may be. */
import type { IncomingMessage } from 'node:http';
import { Failure } from '../schema/failure.js';
import { type BodyRules, readAll, Unread } from '../wire/bodies.js';

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

const SENTENCES = {
  TOO_LONG: ({ longest }: BodyRules) =>
    new Failure('BODY_TOO_LARGE', { detail: `This address takes at most ${longest} bytes; send less, or several requests.` }),
  LATE: () => new Failure('REQUEST_TIMEOUT'),
  CUT_OFF: (_: BodyRules, cause: unknown) => new Failure('INVALID_SYNTAX', { detail: 'The body was cut off.', cause }),
};

/** Reads the whole body, or rejects with BODY_TOO_LARGE as soon as it is known to be, with REQUEST_TIMEOUT, or with what `keep` throws. */
export async function readBytes(request: IncomingMessage, rules: BodyRules): Promise<Buffer> {
  if (declaredLength(request) > rules.longest) throw SENTENCES.TOO_LONG(rules);
  try {
    return await readAll(request, rules);
  } catch (error) {
    throw error instanceof Unread ? SENTENCES[error.why](rules, error.cause) : error;
  }
}
