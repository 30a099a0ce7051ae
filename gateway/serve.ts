/** One request from its first step to its line in the log. */
import type { Context } from 'koa';
import { Failure, toFailure } from '../schema/failure.js';
import type { ResourceType } from '../schema/resources.js';
import { sendNothing } from './answers.js';
import { pack } from './compression.js';
import {
  type BulkExchange,
  type Exchange,
  type Gateway,
  type ListExchange,
  openExchange,
  type ResourceExchange,
  type Step,
} from './exchange.js';
import { asProblem, asScim, tell } from './failures.js';
import { holdAnswer } from './held-answers.js';
import { authenticate } from './operations.js';
import { CLIENT_CLOSED, fullShareOf, methodOf, refusalOf } from './metrics.js';
import type { Match, Router } from './router.js';
import { learnTypes } from './tenant-types.js';
import { defaultProjection } from './scim/projection.js';

/** Answers a request, whatever happens. */
export async function serve(gateway: Gateway, router: Router, http: Context): Promise<void> {
  const started = performance.now();
  const exchange = openExchange(gateway, http);
  const match = router(http.method, exchange.path);
  exchange.id = match.id;
  http.state['match'] = match;
  measure(exchange, match, started);
  http.set('X-Request-Id', exchange.origin.requestId);
  http.set('Cache-Control', 'no-store');
  http.set('Vary', match.door === 'scim' ? 'Accept, Accept-Encoding' : 'Accept-Encoding');
  const failure = beginOrRefuse(exchange, match) ?? (await settle(exchange, match)) ?? (await finish(exchange, match));
  const refusal = exchange.refusedFor ?? refusalOf(match, failure?.code);
  if (refusal) gateway.metrics.observeRefusal(refusal);
  if (gateway.isDraining()) http.set('Connection', 'close');
  if (failure) await tellPacked(exchange, match, failure);
  const note = () => {
    writeLine(exchange, match, started, failure);
    if (failure && match.door === 'scim' && http.res.headersSent) gateway.refusedRequests.note(exchange, failure);
  };
  if (http.res.closed) {
    note();
  } // its client has hung up before there was an answer
  else http.res.once('close', note);
}

/** A failure to tell instead, if the answer finds no room. */
async function finish(exchange: Exchange, match: Match): Promise<Failure | undefined> {
  await pack(exchange.http);
  return holdAnswer(exchange, match);
}

async function tellPacked(exchange: Exchange, match: Match, failure: Failure): Promise<void> {
  tell(exchange, match.door === 'token' ? asProblem : asScim, failure);
  await pack(exchange.http);
}

/** From the very start, for a client may hang up at any moment. */
function measure({ gateway, http }: Exchange, match: Match, started: number): void {
  const end = gateway.metrics.begin();
  http.res.setMaxListeners(20); // a handful of ours, and Koa's and Node's own where a body is streamed
  http.res.once('close', () =>
    end({
      method: methodOf(match),
      route: match.path,
      status: statusOf(http),
      seconds: (performance.now() - started) / 1000,
    }),
  );
}

const statusOf = ({ res, status }: Context): number => (res.headersSent ? status : CLIENT_CLOSED);

/**
 * Nothing is looked at of a request beyond what may be under way, or of one that may have waited for too long; who watches over the process
 * is answered still.
 */
function beginOrRefuse(exchange: Exchange, { door }: Match): Failure | undefined {
  if (door === 'open') return undefined;
  const {
    gateway,
    http,
    holder,
    origin: { address },
  } = exchange;
  if (gateway.standstill.isJustOver()) return new Failure('UNAVAILABLE');
  try {
    const place = gateway.concurrencyLimit.begin(door, holder, address);
    http.res.once('close', place.leave);
    exchange.place = place;
    return undefined;
  } catch (error) {
    const failure = toFailure(error);
    exchange.refusedFor = fullShareOf(failure.code, 'concurrency');
    return failure;
  }
}

/**
 * Runs the steps; the failure to tell, if there is one. Once more where the tenant has declared something that this request was read
 * without, also where it was refused for that: what we take for a mistake may be an attribute of the tenant's own.
 */
async function settle(exchange: Exchange, match: Match): Promise<Failure | undefined> {
  const failure = await attempt(exchange, match);
  if (failure?.code !== 'SCHEMA_CHANGED') return failure;
  try {
    await learnTypes(exchange);
  } catch (error) {
    return toFailure(error);
  }
  return attempt(exchange, match);
}

/** A refusal of our own is for callers that the core accepts. */
async function attempt(exchange: Exchange, match: Match): Promise<Failure | undefined> {
  try {
    // Nobody without a token gets further than this, and no body of theirs is read.
    if (match.door === 'scim' && exchange.origin.token === undefined) await authenticate(exchange);
    if (match.door === 'scim') exchange.gateway.exhaustedQuotas.check(exchange);
    await follow(exchange, match);
    return undefined;
  } catch (error) {
    return match.door === 'scim' ? await guard(exchange, toFailure(error)) : toFailure(error);
  }
}

async function guard(exchange: Exchange, failure: Failure): Promise<Failure> {
  try {
    await authenticate(exchange);
    return failure;
  } catch (error) {
    return toFailure(error);
  }
}

async function follow(exchange: Exchange, match: Match): Promise<void> {
  const { route } = match;
  if (!route) {
    return exchange.http.method === 'OPTIONS' && match.allowed.length > 0 ? tellMethods(exchange, match) : refuseAddress(exchange, match);
  }
  if (match.door === 'scim' && exchange.answerType === undefined) throw new Failure('NOT_ACCEPTABLE');
  const { types } = exchange;
  switch (route.about) {
    case 'service':
      return run(route.steps, exchange);
    case 'resource':
      return run(route.steps, aboutResource(exchange, types[route.type.name]));
    case 'list':
      return run(
        route.steps,
        Object.assign(exchange, { listed: route.types.map(({ name }) => types[name]), views: [] }) satisfies ListExchange,
      );
    case 'bulk':
      return run(
        route.steps,
        Object.assign(exchange, { ...asWrite(), bulk: { operations: [], failOnErrors: undefined } }) satisfies BulkExchange,
      );
  }
}

const asWrite = (): Pick<BulkExchange, 'writeOptions' | 'plan'> => ({ writeOptions: {}, plan: undefined });

const aboutResource = (exchange: Exchange, type: ResourceType): ResourceExchange =>
  Object.assign(exchange, {
    ...asWrite(),
    type,
    projection: defaultProjection(type),
    ifVersion: undefined,
    input: {},
    changes: [],
    patchAnswer: 'BY_TYPE' as const,
    node: undefined,
  });

async function run<E extends Exchange>(steps: readonly Step<E>[], exchange: E): Promise<void> {
  for (const step of steps) {
    const work = step(exchange);
    if (work) await work; // most steps are done at once
  }
}

/** RFC 9110, section 9.3.7. Without a word about CORS: servers talk to this service, and no web page holds a token of it. */
async function tellMethods(exchange: Exchange, { allowed, door }: Match): Promise<void> {
  if (door === 'scim') await authenticate(exchange);
  exchange.http.set('Allow', allowed.join(', '));
  sendNothing(exchange);
}

function refuseAddress({ http }: Exchange, { allowed }: Match): never {
  if (allowed.length === 0) throw new Failure('NOT_FOUND', { detail: 'There is nothing at this address; check the base URL.' });
  http.set('Allow', allowed.join(', '));
  throw new Failure('METHOD_NOT_ALLOWED', { detail: `This address takes ${allowed.join(', ')}.` });
}

/** Never bodies, tokens or the text of queries: they hold people's data. */
function writeLine({ gateway, http, origin, tenant }: Exchange, { path }: Match, started: number, failure: Failure | undefined): void {
  const duration = Math.round(performance.now() - started);
  const line = {
    requestId: origin.requestId,
    tenant,
    method: http.method,
    route: path,
    status: statusOf(http),
    code: failure?.code,
    duration,
  };
  if (failure?.code === 'INTERNAL') gateway.log.error({ ...line, err: failure.cause }, 'request');
  else if (failure?.cause !== undefined && failure.kind.status >= 500) gateway.log.warn({ ...line, err: failure.cause }, 'request');
  else gateway.log.info(line, 'request');
}
