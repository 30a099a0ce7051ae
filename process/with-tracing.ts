/** Tracing from before a program has started until after it has ended. */
import type { Logger } from 'pino';
import { type Running, thenClosing } from './run-until-signal.js';
import type { Tracing, TracesDestination } from './tracing.js';

/** Starts a program, and hands it what it records its traces with, where they have a destination. What that takes is loaded only then. */
export async function withTracing(
  service: string,
  destination: TracesDestination | undefined,
  log: Logger,
  start: (tracing?: Tracing) => Promise<Running>,
): Promise<Running> {
  if (!destination) return start();
  const { startTracing } = await import('./opentelemetry.js');
  const tracing = startTracing(service, destination, log);
  return thenClosing(await start(tracing), () => tracing.close());
}
