/**
 * Measures one workload at one size, of the tenant that grows and of the one that does not, in turns: what slows the machine down slows
 * both. One request after the other, then, where that says something, many at once.
 */
import { toBytes } from './bodies.mjs';
import { CONNECTIONS } from './constants.mjs';
import { open } from './wire.mjs';

/** Requests that are not counted: statements are prepared, caches and pools fill. */
const WARM_UP = 20;
const WARM_UP_SECONDS = 3;
/** Requests of one tenant before it is the other's turn. */
const TURN = 10;
const FEWEST = 3;
/** Practice that leaves something must not make a tenant of a thousand one of several. */
const FEW_PRACTISED = 200;
/** Slower than this one at a time, a request is not asked many times at once: the answers would be refusals for being late. */
const SLOW = 50;
const RATE_SECONDS = 1;
const UNAVAILABLE = 503;

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** The requests of a generator, and the sending of them; the generator and its place in it outlive a size. */
function follow(tenant, { door = 'scim' }, generate) {
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
    if (status !== request.expect || request.check?.(answer) === false) {
      throw new Error(
        `${request.method} ${decodeURIComponent(request.path)} was answered with ${status}: ${body.toString('utf8').slice(0, 500)}`,
      );
    }
  };
  /** Begins anew: after a refusal a generator does not know where it stands. */
  const restart = () => void (requests = generate(tenant));
  return { port, next, exchange, hear, restart };
}

/** A workload made ready to be measured at every size, for the tenant that grows and for the small one. */
export function ready({ growing, small }, workload) {
  const sideOf = (tenant) => {
    const followed = follow(tenant, workload, workload.requests);
    return { followed, practice: workload.practice ? follow(tenant, workload, workload.practice) : followed };
  };
  return { workload, growing: sideOf(growing), small: sideOf(small) };
}

/**
 * One request after the other until there are enough, as a generator: each step is one that counts. A server that gives up (503) is not
 * asked again.
 */
async function* inOrder({ port, next, exchange, hear }, outcome) {
  const connection = await open(port);
  try {
    for (;;) {
      const request = next();
      const { time, status, body } = await exchange(connection, request);
      if (status === UNAVAILABLE) return void (outcome.isRefused = true);
      hear(request, { status, body });
      if (request.isUncounted) continue;
      (outcome.times[request.as ?? 'own'] ??= []).push(time);
      yield;
    }
  } finally {
    connection.close();
  }
}

/** Both in turns. */
async function inTurns(ones, { count, seconds }) {
  const outcomes = ones.map(() => ({ times: {}, isRefused: false }));
  const steps = ones.map((one, at) => inOrder(one, outcomes[at]));
  const end = performance.now() + seconds * 1000 * ones.length;
  for (let n = 0; n < count && (n < FEWEST || performance.now() < end); n += TURN) {
    for (const side of steps) for (let turn = 0; turn < Math.min(TURN, count - n); turn += 1) await side.next();
  }
  for (const side of steps) await side.return();
  return outcomes;
}

/** Requests a second with all connections busy; answers are only looked at for their status. */
async function atOnce({ port, next, exchange }, seconds) {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port)));
  const started = performance.now();
  let count = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < started + seconds * 1000) {
        const request = next();
        const { status } = await exchange(connection, request);
        if (status !== request.expect) return;
        count += 1;
      }
    }),
  );
  const rate = count / ((performance.now() - started) / 1000);
  for (const { close } of connections) close();
  return rate;
}

/** How many times what the small tenant took in the same minutes; without end where it is refused. */
export const growthOf = ({ isRefused, p50, small }) => (isRefused ? Infinity : p50 / small.p50);

/** What the times of a series come to; nothing where the server gave up. */
function summarise(times, isRefused) {
  if (isRefused || !times) return { isRefused: true };
  const sorted = times.toSorted((one, other) => one - other);
  return { count: sorted.length, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

/** Programs just started are slow until the compiler knows them: without this the first size would look the slowest. */
export async function practise({ workload: { isSteady, isLasting }, growing, small }, seconds) {
  for (const { practice } of [growing, small]) {
    if (isSteady) await atOnce(practice, seconds);
    else await inTurns([practice], { count: isLasting ? FEW_PRACTISED : Infinity, seconds });
    practice.restart();
  }
}

/**
 * The figures of a workload at this size, by the names of its series; `small` is what the tenant that does not grow took in the same
 * minutes.
 */
export async function measure({ workload, growing, small }, { count, seconds }) {
  const { name, series = [{ name }], isSteady, isImport } = workload;
  const sides = [growing, small];
  const followed = sides.map((side) => side.followed);
  if (isImport) for (const one of followed) one.restart(); // the cursor of a smaller size has expired
  await inTurns(
    sides.map(({ practice }) => practice),
    { count: WARM_UP, seconds: WARM_UP_SECONDS },
  );
  if (isImport) for (const one of followed) one.restart();
  const outcomes = await inTurns(followed, { count, seconds });
  for (const [at, { isRefused }] of outcomes.entries()) if (isRefused) followed[at].restart();
  const [grown, usual] = outcomes.map(
    ({ times, isRefused }) =>
      (of) =>
        summarise(times[of] ?? times.own, isRefused),
  );
  const found = Object.fromEntries(series.map((one) => [one.name, { ...grown(one.name), small: usual(one.name) }]));
  if (isSteady && found[name].p50 < SLOW) found[name].rate = await atOnce(growing.followed, RATE_SECONDS);
  return found;
}
