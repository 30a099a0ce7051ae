/**
 * One HTTP exchange, sent as it is written: no URL is normalised, no header is added but Host and, unless it goes in chunks,
 * Content-Length; what comes packed is unpacked.
 */
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface Meta {
  readonly resourceType: string;
  readonly created: string;
  readonly lastModified: string;
  readonly location: string;
  readonly version: string;
}

/** An element of a multi-valued attribute. */
export interface Element {
  readonly value: string;
  readonly display?: string;
  readonly type?: string;
  readonly primary?: boolean;
  readonly $ref?: string;
  readonly [sub: string]: unknown;
}

/** What a SCIM answer may hold; which of it is there is what the tests find out. */
export interface ScimBody {
  readonly schemas: readonly string[];
  readonly id: string;
  readonly meta: Meta;
  readonly externalId?: string;
  readonly userName: string;
  readonly displayName?: string;
  readonly name: { readonly [part: string]: string };
  readonly active: boolean;
  readonly emails: readonly Element[];
  readonly phoneNumbers: readonly Element[];
  readonly roles: readonly Element[];
  readonly groups: readonly Element[];
  readonly members: readonly Element[];
  readonly Resources: readonly ScimBody[];
  readonly totalResults: number;
  readonly startIndex: number;
  readonly previousCursor?: string;
  readonly nextCursor?: string;
  readonly itemsPerPage: number;
  readonly status: string;
  readonly detail: string;
  readonly scimType?: string;
  readonly [attribute: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed body; undefined where there is none or it is no JSON. */
  readonly body: ScimBody;
  /** Milliseconds from sending to the last byte. */
  readonly elapsed: number;
}

/** A header with the value undefined is left out. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** Text and bytes go out as they are, anything else as JSON. */
export type Payload = string | Buffer | object | undefined;

/**
 * Idle connections end long before the servers end them: a process that is busy at that moment would send on one that is just being closed.
 */
const shared = new Agent({ keepAlive: true, maxSockets: 64, timeout: 10_000 });

function encode(payload: Payload): Buffer | undefined {
  if (payload === undefined || Buffer.isBuffer(payload)) return payload;
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

function parse(text: string): ScimBody {
  try {
    return JSON.parse(text) as ScimBody;
  } catch {
    return undefined as unknown as ScimBody;
  }
}

const unpack = (bytes: Buffer, { 'content-encoding': encoding }: IncomingHttpHeaders): Buffer =>
  encoding === 'gzip' && bytes.length > 0 ? gunzipSync(bytes) : bytes;

function present(headers: Headers): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Sends `method path` to the origin (`http://host:port`) and answers what came back. Rejects after 30 seconds. */
export function exchange(
  origin: string,
  method: string,
  path: string,
  headers: Headers = {},
  payload?: Payload,
  agent = shared,
): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  const bytes = encode(payload);
  const length = bytes && headers['transfer-encoding'] === undefined ? { 'content-length': String(bytes.length) } : {};
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: { ...length, ...present(headers) }, agent, timeout: 30_000 }, (got) => {
      const chunks: Buffer[] = [];
      got.on('data', (chunk: Buffer) => chunks.push(chunk));
      got.on('error', reject);
      got.on('end', () => {
        const text = unpack(Buffer.concat(chunks), got.headers).toString();
        resolve({ status: got.statusCode ?? 0, headers: got.headers, text, body: parse(text), elapsed: performance.now() - started });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer to ${method} ${path} within 30 seconds`)));
    sent.on('error', reject);
    sent.end(bytes);
  });
}
