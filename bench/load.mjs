/** The load generator, a process of its own: plain sockets, one request at a time on each, so that it costs the machine little. */
import { toBytes } from './bodies.mjs';
import { isRefusal } from './graphql.mjs';
import { sync } from './sync-load.mjs';
import { open } from './wire.mjs';
import { workloads } from './workloads.mjs';

const targets = new Map();
/** How far each connection has come in each workload: the state of a join or a toggle must survive the rounds. */
const progress = new Map();

function counterOf(key, connection) {
  if (!progress.has(key)) progress.set(key, []);
  const counters = progress.get(key);
  counters[connection] ??= { n: 0 };
  return counters[connection];
}

const refuse = (request, { status, body }) => {
  throw new Error(`${request.method} ${request.path} was answered with ${status}: ${body.toString('utf8').slice(0, 500)}`);
};

function plan({ target: targetName, workload: workloadName }) {
  const workload = workloads.find(({ name }) => name === workloadName);
  const {
    port,
    base,
    media,
    data: { [workload.tenant]: data },
  } = targets.get(targetName);
  const isGraphql = targetName === 'graphql';
  const expected = isGraphql ? 200 : (targetName === 'peer' && workload.peerExpects) || workload.expect;
  const make = isGraphql ? workload.graphql : workload.request;
  const key = `${targetName} ${workload.of ?? workloadName}`;
  const next = (connection) => {
    const counter = counterOf(key, connection);
    const request = make(data, connection, counter.n, counter);
    counter.n += 1;
    return request;
  };
  const take = (connection, request, answer) => {
    if (answer.status !== (request.expect ?? expected) || (isGraphql && isRefusal(answer.body))) refuse(request, answer);
    workload.after?.(counterOf(key, connection), answer.body.toString('utf8'));
  };
  return { port, next, take, changesOf: (request) => request.changes ?? workload.changes, wire: { base, media, headers: data.headers } };
}

/**
 * Keeps the connections busy for so many seconds; what is under way then is waited for. Requests that only make room for others are not
 * among the times.
 */
async function run(message) {
  const { port, next, take, changesOf, wire } = plan(message);
  const connections = await Promise.all(Array.from({ length: message.connections }, () => open(port)));
  const times = [];
  let [count, changes] = [0, 0];
  const started = performance.now();
  const end = started + message.seconds * 1000;
  await Promise.all(
    connections.map(async ({ exchange }, connection) => {
      while (performance.now() < end) {
        const request = next(connection);
        const bytes = toBytes(request, wire);
        const sent = performance.now();
        const answer = await exchange(bytes);
        if (!request.isAside) times.push(performance.now() - sent);
        take(connection, request, answer);
        count += 1;
        changes += changesOf(request);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  for (const { close } of connections) close();
  return { count, changes, seconds, times: Float64Array.from(times) };
}

/** One request, with its answer to be looked at. */
async function probe(message) {
  const { port, next, take, changesOf, wire } = plan(message);
  const { exchange, close } = await open(port);
  const request = next(0);
  const answer = await exchange(toBytes(request, wire));
  close();
  take(0, request, answer);
  return { request, changes: changesOf(request), body: answer.body.length === 0 ? null : JSON.parse(answer.body.toString('utf8')) };
}

const configure = async ({ name, ...target }) => void targets.set(name, target);
const deeds = { run, probe, configure, sync };

const toFault = (error) => ({ error: error.message });
process.on(
  'message',
  ({ what, ...message }) =>
    void deeds[what](message)
      .then((answer) => answer ?? {}, toFault)
      .then((answer) => process.send(answer)),
);
process.send({ port: 0 });
