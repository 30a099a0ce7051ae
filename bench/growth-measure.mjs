/** Measures one workload at one size: one request after the other, then, where that says something, many at once. */
import { toBytes } from './bodies.mjs';
import { CONNECTIONS } from './constants.mjs';
import { open } from './wire.mjs';

/** Requests that are not counted: statements are prepared, caches and pools fill. */
const WARM_UP = 20;
const WARM_UP_SECONDS = 3;
const FEWEST = 3;
/** Slower than this one at a time, a request is not asked many times at once: the answers would be refusals for being late. */
const SLOW = 50;
const RATE_SECONDS = 1;
const UNAVAILABLE = 503;

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** The requests of a generator, and the sending of them; the generator and its place in it outlive a size. */
function follow(world, { of = 'growing', door = 'scim' }, generate) {
  const tenant = world[of];
  let requests = generate(tenant);
  const { port, wire } = tenant.doors[door];
  let answer;
  const next = () => requests.next(answer).value;
  const exchange = async ({ exchange: send }, request) => {
    const bytes = toBytes(request, wire);
    const sent = performance.now();
    const { status, body } = await send(bytes);
    return { time: performance.now() - sent, status, body };
  };
  const hear = (request, { status, body }) => {
    answer = body.length === 0 ? undefined : JSON.parse(body.toString('utf8'));
    if (status !== request.expect || request.check?.(answer) === false) throw new Error(`${request.method} ${decodeURIComponent(request.path)} was answered with ${status}: ${body.toString('utf8').slice(0, 500)}`);
  };
  /** Begins anew: after a refusal a generator does not know where it stands. */
  const restart = () => void (requests = generate(tenant));
  return { port, next, exchange, hear, restart };
}

/** A workload made ready to be measured at every size. */
export function ready(world, workload) {
  const followed = follow(world, workload, workload.requests);
  return { workload, followed, practice: workload.practice ? follow(world, workload, workload.practice) : followed };
}

/** One request after the other until there are enough; a server that gives up (503) is not asked again. */
async function inOrder({ port, next, exchange, hear }, { count, seconds }) {
  const connection = await open(port);
  const times = {};
  let isRefused = false;
  const end = performance.now() + seconds * 1000;
  for (let n = 0; n < count && !isRefused && (n < FEWEST || performance.now() < end);) {
    const request = next();
    n += request.isUncounted ? 0 : 1;
    const outcome = await exchange(connection, request);
    isRefused = outcome.status === UNAVAILABLE;
    if (!isRefused) hear(request, outcome);
    if (!isRefused && !request.isUncounted) (times[request.as ?? 'own'] ??= []).push(outcome.time);
  }
  connection.close();
  return { times, isRefused };
}

/** Requests a second with all connections busy; answers are only looked at for their status. */
async function atOnce({ port, next, exchange }) {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port)));
  const started = performance.now();
  let count = 0;
  await Promise.all(connections.map(async (connection) => {
    while (performance.now() < started + RATE_SECONDS * 1000) {
      const request = next();
      const { status } = await exchange(connection, request);
      if (status !== request.expect) return;
      count += 1;
    }
  }));
  const rate = count / ((performance.now() - started) / 1000);
  for (const { close } of connections) close();
  return rate;
}

/** What the times of a series come to; nothing where the server gave up. */
function summarise(times, isRefused) {
  if (isRefused || !times) return { isRefused: true };
  const sorted = times.toSorted((one, other) => one - other);
  return { count: sorted.length, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

/** The figures of a workload at this size, by the names of its series. */
export async function measure({ workload, followed, practice }, { count, seconds }) {
  const { name, series = [{ name }], isSteady, isImport } = workload;
  if (isImport) followed.restart(); // the cursor of a smaller size has expired
  const warm = await inOrder(practice, { count: WARM_UP, seconds: WARM_UP_SECONDS });
  if (isImport) followed.restart();
  const { times, isRefused } = warm.isRefused ? warm : await inOrder(followed, { count, seconds });
  if (isRefused) followed.restart();
  const found = Object.fromEntries(series.map((one) => [one.name, summarise(times[one.name] ?? times.own, isRefused)]));
  if (isSteady && found[name].p50 < SLOW) found[name].rate = await atOnce(followed);
  return found;
}
