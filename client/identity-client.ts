/** The client: one typed document in, its data out; needs nothing but `fetch`. */
import { IdentityError } from './identity-error.js';
import type { TypedDocument } from './typed-document.js';

export interface ClientOptions {
  /** The address of the core, as in `https://identity.example.com`, or that of its GraphQL endpoint. */
  readonly url: string;
  /** A bearer token for GraphQL, or what gets one; absent where the operation needs none. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** How often a request that was put off (429, 503) is sent again; 3 if absent. */
  readonly retries?: number | undefined;
  /** The longest that one repetition is waited for, in seconds; 30 if absent. An answer that says to wait longer is thrown. */
  readonly longestWait?: number | undefined;
  /** Milliseconds that one attempt may take; 60,000 if absent. */
  readonly timeout?: number | undefined;
}

export interface IdentityClient {
  /** Runs an operation. Throws an IdentityError where it was refused; what a mutation tells in `userErrors` is data (see `done`). */
  run<Data, Variables>(document: TypedDocument<Data, Variables>, ...variables: GivenVariables<Variables>): Promise<Data>;
}

/** Left out where the operation needs none. */
type GivenVariables<Variables> = Record<string, never> extends Variables ? [variables?: Variables] : [variables: Variables];

type Variables = Readonly<Record<string, unknown>>;
type Document = TypedDocument<unknown, never>;

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
  /** Of SCIM's answers; GraphQL's have none. */
  readonly schemas?: unknown;
}

const UNKNOWN_DOCUMENT = 'PERSISTED_QUERY_NOT_FOUND';
const USUAL_WAIT = 1; // seconds

const endpointOf = (url: string): string => (/\/graphql\/?$/.test(url) ? url : `${url.replace(/\/+$/, '')}/graphql`);

/** Where the request was put off, nothing was done; where the answer was lost, only what may happen twice is sent again. */
const mayRepeat = ({ type }: Document, variables: Variables, { status, code }: IdentityError): boolean => {
  if (status === 429) return true;
  const isSafe = type === 'query' || Boolean((variables['input'] as Variables | undefined)?.['idempotencyKey']);
  return isSafe && (status === 503 || code === 'UNREACHABLE');
};

/** The address of the facade is what people know: it is on paper, and in every identity provider. */
const notGraphql = (endpoint: string, { status }: Response): IdentityError =>
  new IdentityError(
    'NOT_GRAPHQL',
    `What answers at ${endpoint} is the SCIM facade. Give the address of the core's GraphQL, which has a port of its own, as in https://identity.example.com/graphql.`,
    { status },
  );

function errorOf({ errors = [] }: Answer, response: Response): IdentityError {
  const { message, extensions = {} } = errors[0] ?? { message: `The core answered with status ${response.status}.` };
  const header = Number(response.headers.get('retry-after') ?? Number.NaN);
  const { code, field, requestId, retryAfter = Number.isFinite(header) ? header : undefined } = extensions;
  return new IdentityError(typeof code === 'string' ? code : 'INTERNAL', message, {
    status: response.status,
    field: typeof field === 'string' ? field : undefined,
    requestId: typeof requestId === 'string' ? requestId : (response.headers.get('x-request-id') ?? undefined),
    retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined,
  });
}

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Makes a client for one core and one token. Holds no connection of its own: there is nothing to close. */
export function createIdentityClient({
  url,
  token,
  fetch: send = fetch,
  retries = 3,
  longestWait = 30,
  timeout = 60_000,
}: ClientOptions): IdentityClient {
  const endpoint = endpointOf(url);

  async function post(body: object): Promise<Response> {
    const bearer = typeof token === 'function' ? await token() : token;
    try {
      return await send(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeout),
      });
    } catch (cause) {
      throw new IdentityError('UNREACHABLE', `The core cannot be reached at ${endpoint}.`, { cause });
    }
  }

  async function ask(body: object): Promise<unknown> {
    const response = await post(body);
    const answer = (await response.json().catch(() => ({}))) as Answer;
    if (Array.isArray(answer.schemas)) throw notGraphql(endpoint, response);
    if (answer.errors || answer.data === undefined || answer.data === null) throw errorOf(answer, response);
    return answer.data;
  }

  /** By its id; by its text where the core does not know the id, as one older or newer than this client may. */
  async function attempt({ id, body }: Document, variables: Variables): Promise<unknown> {
    try {
      return await ask({ variables, extensions: { persistedQuery: { version: 1, sha256Hash: id } } });
    } catch (error) {
      if (error instanceof IdentityError && error.code === UNKNOWN_DOCUMENT) return ask({ query: body, variables });
      throw error;
    }
  }

  async function run(document: Document, variables: Variables = {}): Promise<unknown> {
    for (let left = retries; ; left -= 1) {
      try {
        return await attempt(document, variables);
      } catch (error) {
        if (!(error instanceof IdentityError) || left <= 0 || !mayRepeat(document, variables, error)) throw error;
        const seconds = error.retryAfter ?? USUAL_WAIT;
        if (seconds > longestWait) throw error;
        await wait(seconds);
      }
    }
  }

  return { run: run as IdentityClient['run'] };
}
