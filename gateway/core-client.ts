/** The core behind a URL: each operation one POST over connections that are kept. */
import { Pool } from 'undici';
import { Failure } from '../schema/failure.js';
import type { Core, GraphQLAnswer, Origin } from './core.js';

/** A core over the network; `close` when no request is under way. */
export interface CoreClient extends Core {
  ready(): Promise<boolean>;
  close(): Promise<void>;
}

/** Milliseconds. The core keeps idle connections longer than we do: it must never close one that we are about to use. */
const TIMEOUTS = { headersTimeout: 10_000, bodyTimeout: 10_000, keepAliveTimeout: 30_000, keepAliveMaxTimeout: 30_000 };

/** Connects to the core at this URL, when first asked. A core that cannot be reached, is late or makes no sense is UNAVAILABLE. */
export function connectCore(identityUrl: string): CoreClient {
  const { origin, pathname } = new URL(identityUrl);
  const base = pathname.replace(/\/+$/, '');
  const pool = new Pool(origin, { ...TIMEOUTS, connect: { timeout: 250 } });
  return {
    execute: async (operation, variables, from) => {
      try {
        return await post(pool, `${base}/operations/${operation}`, variables, from);
      } catch (cause) {
        throw new Failure('UNAVAILABLE', { cause });
      }
    },
    ready: () => isReady(pool, `${base}/readyz`),
    close: () => pool.close(),
  };
}

const LONG_BODY = 100_000;

/** Thousands of members take their time; Okta waits 60 s. */
const patienceFor = (body: string) => (body.length > LONG_BODY ? { headersTimeout: 45_000, bodyTimeout: 45_000 } : {});

async function post(pool: Pool, path: string, variables: object, { token, requestId, address, userAgent, client, habits, schemaVersion }: Origin): Promise<GraphQLAnswer> {
  const sent = JSON.stringify({ variables });
  const { statusCode, body } = await pool.request({
    method: 'POST', path, ...patienceFor(sent),
    headers: {
      'content-type': 'application/json', accept: 'application/json', 'x-request-id': requestId, 'x-forwarded-for': address,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
      ...(schemaVersion ? { 'x-schema-version': String(schemaVersion) } : {}),
      ...(client && habits ? { 'x-scim-client': client, 'x-scim-habits': habits.join() } : {}),
    },
    body: sent,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`the core answered with status ${statusCode}`);
  const answer: unknown = JSON.parse(text);
  if (!isAnswer(answer)) throw new Error('the core answered with something that is no GraphQL result');
  return answer;
}

const isAnswer = (value: unknown): value is GraphQLAnswer =>
  typeof value === 'object' && value !== null && ('data' in value || ('errors' in value && Array.isArray(value.errors)));

async function isReady(pool: Pool, path: string): Promise<boolean> {
  try {
    const { statusCode, body } = await pool.request({ method: 'GET', path, headersTimeout: 2_000 });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}
