/** One round: the load runs, and what each process used meanwhile is read off. */
import { countChanges, countMembers, databaseTimes, used } from './database.mjs';
import { isGood } from './check.mjs';
import { memoryOf, processorTime, watchMemory } from './processes.mjs';
import { CONNECTIONS, DISTURBED, LEAD_IN } from './constants.mjs';
import { availableParallelism } from 'node:os';

const round = (value, digits = 3) => Number(value.toFixed(digits));

function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Processor time of the named processes at this moment. */
const timesOf = (processes) => new Map(Object.entries(processes).map(([name, pid]) => [name, processorTime(pid) ?? Number.NaN]));

/** Looks at one answer of each server closely, and that a write has arrived where it should. */
export async function checkAnswer({ load, database, settings }, targetName, target, workload) {
  const tenant = target.tenants?.[workload.tenant];
  const before = tenant && (await countChanges(database, tenant.id));
  const { request, changes, body } = await load.ask({ what: 'probe', target: targetName, workload: workload.name });
  if (!isGood(targetName, workload, request, body, settings)) {
    throw new Error(`${targetName} answered ${workload.name} with something else: ${JSON.stringify(body).slice(0, 500)}`);
  }
  if (tenant) await checkChanges(database, targetName, tenant, workload, before, changes);
}

/** A write that left no record does not count, however fast it was. */
async function checkChanges(database, targetName, tenant, { name }, before, expected) {
  const recorded = (await countChanges(database, tenant.id)) - before;
  if (recorded !== expected) throw new Error(`${targetName} recorded ${recorded} changes where ${name} made ${expected}`);
}

/** After the last round each group has the members it must have: all who joined and did not leave. */
export async function checkMembers({ database, targets }, groupName, size) {
  for (const [name, target] of Object.entries(targets)) {
    const id = target.data.crowd[groupName];
    const count = target.ask ? (await target.ask({ what: 'membersOf', id })).count : await countMembers(database, id);
    if (count < size || count > size + CONNECTIONS) throw new Error(`${name}: the group of ${size} has ${count} members in the end`);
  }
}

/** Whether the server gets this workload a single time, without practice. */
export const isOnce = (targetName, { isOnceForPeer = false }) => targetName === 'peer' && isOnceForPeer;

/** How late the event loops of the server's processes were since this was last asked; nothing of those that cannot tell. */
async function delaysOf({ delays = {} }) {
  return Object.fromEntries(await Promise.all(Object.entries(delays).map(async ([name, ask]) => [name, await ask()])));
}

/** Runs the load on one server. */
export async function measure({ load, database, targets, others }, targetName, workload, seconds) {
  const target = targets[targetName];
  const order = {
    what: 'run',
    target: targetName,
    workload: workload.name,
    connections: isOnce(targetName, workload) ? 1 : (workload.connections ?? CONNECTIONS),
  };
  const tenant = target.tenants?.[workload.tenant];
  const changesBefore = tenant && (await countChanges(database, tenant.id));
  const isUnpractised = isOnce(targetName, workload) || workload.isCold;
  const leadIn = isUnpractised ? { count: 0, changes: 0 } : await load.ask({ ...order, seconds: LEAD_IN });

  await delaysOf(target);
  const processes = { ...target.processes, load: load.pid };
  const rest = Object.fromEntries(
    [...Object.values(targets).flatMap((other) => Object.entries(other.processes)), ...Object.entries(others)].filter(
      ([name]) => !(name in processes),
    ),
  );
  const growth = Object.entries(target.processes).map(([name, pid]) => [name, watchMemory(pid)]);
  const before = { own: timesOf(processes), rest: timesOf(rest), database: await databaseTimes(database) };
  const result = await load.ask({ ...order, seconds });
  const after = { own: timesOf(processes), rest: timesOf(rest), database: await databaseTimes(database) };
  const grown = Object.fromEntries(growth.map(([name, tell]) => [name, tell()]));

  const delays = await delaysOf(target);
  if (tenant) await checkChanges(database, targetName, tenant, workload, changesBefore, leadIn.changes + result.changes);
  if (target.ask && workload.name === 'create') await target.ask({ what: 'forget' });
  return {
    ...summarise(result, before, after),
    delays,
    memory: Object.fromEntries(Object.entries(target.processes).map(([name, pid]) => [name, memoryOf(pid)])),
    grown,
  };
}

function summarise({ count, seconds, times }, before, after) {
  const sorted = times.toSorted();
  const own = Object.fromEntries([...after.own].map(([name, time]) => [name, time - before.own.get(name)]));
  const backends = used(before.database.backends, after.database.backends);
  const helpers = used(before.database.helpers, after.database.helpers);
  const { load, ...servers } = own;
  const accounted = Object.values(own).reduce((sum, time) => sum + time, 0) + backends + helpers + used(before.rest, after.rest);
  const capacity = seconds * 1000 * availableParallelism();
  const foreign = (after.database.machine - before.database.machine - accounted) / capacity;
  const perRequest = (time) => round(time / count, 4);
  return {
    rate: Number((count / seconds).toPrecision(4)),
    p50: round(percentile(sorted, 0.5)),
    p99: round(percentile(sorted, 0.99)),
    count,
    seconds: round(seconds),
    cpu: { ...Object.fromEntries(Object.entries(servers).map(([name, time]) => [name, perRequest(time)])), postgres: perRequest(backends) },
    generatorCpu: perRequest(load),
    foreign: round(Math.max(0, foreign)),
    isDisturbed: foreign > DISTURBED,
  };
}
