/**
 * Loaded into a program before it starts: on SIGUSR2 it writes how late its event loop was since the last one, in milliseconds, to
 * LOOP_DELAY_FILE.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION = 5;
const file = process.env.LOOP_DELAY_FILE;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
delay.enable();

/** What the timer itself waits is no delay. */
const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);

process.on('SIGUSR2', () => {
  writeFileSync(`${file}.new`, JSON.stringify({ p50: late(delay.percentile(50)), p99: late(delay.percentile(99)) }));
  renameSync(`${file}.new`, file);
  delay.reset();
});
