/** The facade's metrics in the registry of its process. */
import { Gauge, type Registry } from 'prom-client';
import { counter, counterOf, durations, operationMeasures } from '../process/measures.js';
import { toFailure } from '../schema/failure.js';
import { outcomeOf } from '../schema/outcome.js';
import type { Core } from './core.js';
import { type GatewayMetrics, refusals } from './metrics.js';

type Observe = ReturnType<typeof operationMeasures>;

const secondsSince = (started: number): number => (performance.now() - started) / 1000;

const watched = (core: Core, observe: Observe): Core => ({
  ...core,
  execute: async (operation, variables, origin) => {
    const started = performance.now();
    try {
      const answer = await core.execute(operation, variables, origin);
      observe(operation, outcomeOf(answer), secondsSince(started));
      return answer;
    } catch (error) {
      observe(operation, toFailure(error).code, secondsSince(started));
      throw error;
    }
  },
});

export function gatewayMetrics(registry: Registry): GatewayMetrics {
  const total = counter(registry, 'scim_http_requests_total', 'Requests answered, by the method and the address of their route', [
    'method',
    'route',
    'status',
  ]);
  const duration = durations(registry, 'scim_http_request_duration_seconds', 'From the request to the last byte of its answer', [
    'method',
    'route',
  ]);
  const underWay = new Gauge({ name: 'scim_http_requests_in_progress', help: 'Requests under way', registers: [registry] });
  const refuse = counterOf(registry, 'scim_http_refusals_total', 'Requests sent away because there were too many', 'reason', refusals);
  const observeOperation = operationMeasures(registry, 'scim_core_operations', 'Operations that were asked of the core');
  return {
    begin: () => {
      underWay.inc();
      return ({ method, route, status, seconds }) => {
        underWay.dec();
        total.labels(method, route, String(status)).inc();
        duration.labels(method, route).observe(seconds);
      };
    },
    observeRefusal: refuse,
    watch: (core) => watched(core, observeOperation),
  };
}
