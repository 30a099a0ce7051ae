/** What the rounds come to: medians, their spread, and ratios of rounds that ran one after the other. */
import { workloads } from './workloads.mjs';

export function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const spreadOf = (values) => ({ median: median(values), least: Math.min(...values), most: Math.max(...values) });

function summariseTarget(rounds) {
  const costs = Object.keys(rounds[0].cpu).map((name) => [name, median(rounds.map(({ cpu }) => cpu[name]))]);
  return {
    rate: spreadOf(rounds.map(({ rate }) => rate)),
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
    cpu: Object.fromEntries(costs),
    delay: Object.fromEntries(
      Object.keys(rounds[0].delays ?? {}).map((name) => [name, median(rounds.map(({ delays }) => delays[name]?.p99 ?? Number.NaN))]),
    ),
    memory: Object.fromEntries(
      Object.keys(rounds[0].memory ?? {}).map((name) => [name, Math.max(...rounds.map(({ memory }) => memory[name]))]),
    ),
    grown: Object.fromEntries(
      Object.keys(rounds[0].grown ?? {}).map((name) => [name, Math.max(...rounds.map(({ grown }) => grown[name] ?? Number.NaN))]),
    ),
    requests: rounds.reduce((sum, { count }) => sum + count, 0),
  };
}

/** One server against another, round by round: what slows the machine down for a while slows both. */
function ratioOf(system, other) {
  if (!system || !other) return undefined;
  return spreadOf(system.slice(0, other.length).map(({ rate }, at) => rate / other[at].rate));
}

const serverCost = ({ cpu }) =>
  Object.entries(cpu)
    .filter(([name]) => name !== 'postgres')
    .reduce((sum, [, time]) => sum + time, 0);

const titleOf = ({ title }, { manyMembers }) => title.replace('group of many', `group of ${manyMembers.toLocaleString('en')}`);

/** One summary for each workload measured. */
export function summariesOf({ results, settings }) {
  return workloads
    .filter(({ name }) => results[name])
    .map((workload) => {
      const rounds = results[workload.name];
      const targets = Object.fromEntries(Object.entries(rounds).map(([name, found]) => [name, summariseTarget(found)]));
      const { system, one, bare } = targets;
      return {
        name: workload.name,
        of: workload.of,
        connections: workload.connections,
        title: titleOf(workload, settings),
        targets,
        toBare: ratioOf(rounds.system, rounds.bare),
        toPeer: ratioOf(rounds.system, rounds.peer),
        limitToPeer: ratioOf(rounds.bare, rounds.peer),
        oneToBare: ratioOf(rounds.one, rounds.bare),
        graphqlToBare: ratioOf(rounds.graphql, rounds.bare),
        costToBare: system && bare && serverCost(system) / serverCost(bare),
        oneCostToBare: one && bare && serverCost(one) / serverCost(bare),
        postgresToBare: system && bare && system.cpu.postgres / bare.cpu.postgres,
      };
    });
}
