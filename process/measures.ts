/**
 * What both programs count alike. Labels take their values from fixed sets only: one that a caller may choose (a path as sent, a tenant, a
 * user agent) would be a series for each of its values, and whoever wishes fills the memory of this process and of Prometheus.
 */
import { Counter, Histogram, type Registry } from 'prom-client';

/** From what memory answers to what Okta hangs up on. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A counter; its name ends in `_total`. */
export const counter = <Label extends string>(registry: Registry, name: string, help: string, labelNames: Label[]): Counter<Label> =>
  new Counter({ name, help, labelNames, registers: [registry] });

/** How long something takes; its name ends in `_seconds`. */
export const durations = <Label extends string>(registry: Registry, name: string, help: string, labelNames: Label[]): Histogram<Label> =>
  new Histogram({ name, help, labelNames, buckets: BUCKETS, registers: [registry] });

/** A counter that shows each of its values from the start, so that the first one that happens is a rise. */
export function counterOf<Value extends string>(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  values: readonly Value[],
): (value: Value) => void {
  const counted = counter(registry, name, help, [label]);
  const children = new Map(values.map((value) => [value, counted.labels(value)]));
  for (const child of children.values()) child.inc(0);
  return (value) => children.get(value)!.inc();
}

/** Operations of the core, by name and by how they ended. */
export function operationMeasures(
  registry: Registry,
  prefix: string,
  help: string,
): (operation: string, outcome: string, seconds: number) => void {
  const total = counter(registry, `${prefix}_total`, `${help}, by name and by OK or the code of the failure`, ['operation', 'outcome']);
  const duration = durations(registry, `${prefix.replace(/s$/, '')}_duration_seconds`, `${help}: how long they take`, ['operation']);
  return (operation, outcome, seconds) => {
    total.labels(operation, outcome).inc();
    duration.labels(operation).observe(seconds);
  };
}
