/** Practice, then interleaved rounds: every server is measured once before any is measured again. */
import { figure } from './format.mjs';
import { checkAnswer, isOnce, measure } from './measure.mjs';
import { isAsked } from './workloads.mjs';

const LEAD = 0.3;
const ONCE = 30; // seconds that the peer takes for what it is asked once

/** How much of a workload is measured. */
function amountOf({ isMinor, isLong, isCold }, settings) {
  if (isLong) return { rounds: 1, seconds: settings.mixedSeconds, warmUp: Math.min(settings.warmUp, settings.mixedSeconds) };
  const { rounds, seconds, warmUp } = isMinor ? settings.minor : settings;
  return { rounds, seconds, warmUp: isCold ? 0 : warmUp };
}

/** The servers that are asked for the workload. */
const namesFor = ({ targets }, workload) => Object.keys(targets).filter((name) => isAsked(name, workload));

/** Seconds that the rounds and the practice will take at the least. */
export function estimate(workloads, settings) {
  return workloads.reduce((sum, workload) => {
    const { rounds, seconds, warmUp } = amountOf(workload, settings);
    return settings.targets
      .filter((name) => isAsked(name, workload))
      .reduce((time, name) => time + (isOnce(name, workload) ? ONCE : rounds * (seconds + LEAD) + warmUp + LEAD), sum);
  }, 0);
}

function tellRound(say, number, targetName, workload, { rate, p50, p99, cpu, foreign, isDisturbed }) {
  const costs = Object.entries(cpu)
    .map(([name, time]) => `${name} ${time.toFixed(3)}`)
    .join(', ');
  say(
    `round ${number}  ${workload.name.padEnd(8)} ${targetName.padEnd(7)} ${figure(rate).padStart(6)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  CPU ms: ${costs}  others ${(foreign * 100).toFixed(0)} %${isDisturbed ? '  DISTURBED' : ''}`,
  );
}

/** A round that others disturbed is measured again; the least disturbed one stands. */
async function measureQuietly(world, number, targetName, workload) {
  const { settings, say } = world;
  let best;
  const repeats = isOnce(targetName, workload) || workload.isLong || workload.isCold ? 0 : settings.repeats;
  for (let attempt = 0; attempt <= repeats && (best?.isDisturbed ?? true); attempt += 1) {
    const result = await measure(world, targetName, workload, amountOf(workload, settings).seconds);
    tellRound(say, number, targetName, workload, result);
    if (!best || result.foreign < best.foreign) best = result;
  }
  return best;
}

/** Every server practises every workload, and shows that it answers what is asked. */
export async function warmUp(world, workloads) {
  for (const workload of workloads) {
    for (const name of namesFor(world, workload).filter((target) => !isOnce(target, workload))) {
      await checkAnswer(world, name, world.targets[name], workload);
      await measure(world, name, workload, amountOf(workload, world.settings).warmUp);
    }
    world.say(`warmed up: ${workload.title}`);
  }
}

/** The rounds, by workload and server. */
export async function measureAll(world, workloads) {
  const results = Object.fromEntries(
    workloads.map((workload) => [workload.name, Object.fromEntries(namesFor(world, workload).map((target) => [target, []]))]),
  );
  const most = Math.max(0, ...workloads.map((workload) => amountOf(workload, world.settings).rounds));
  for (let number = 1; number <= most; number += 1) {
    for (const workload of workloads.filter((one) => amountOf(one, world.settings).rounds >= number)) {
      // Who comes first changes with the round: none is always the one after the slowest.
      const names = namesFor(world, workload);
      const order = names.map((_, at) => names[(at + number) % names.length]);
      for (const name of order.filter((target) => number === 1 || !isOnce(target, workload))) {
        results[workload.name][name].push(await measureQuietly(world, number, name, workload));
        if (workload.isCold) await checkAnswer(world, name, world.targets[name], workload);
      }
    }
  }
  return results;
}
