/** The core's metrics in the registry of its process. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { counter, counterOf, durations, operationMeasures } from '../../process/measures.js';
import { outcomeOf } from '../../schema/outcome.js';
import type { Operations } from './api/operations.js';
import { admissionRefusals } from './domain/admission/admission.js';
import { verdictSources } from './domain/tokens/token-verifier.js';
import type { IdentityMetrics, Watched } from './metrics.js';

type Observe = ReturnType<typeof operationMeasures>;

/** Of a later release's gateway may come a name that there is none of: all of them are one. */
const counted = (operations: Operations, observe: Observe): Operations => ({
  ...operations,
  execute: async (name, variables, origin) => {
    const started = performance.now();
    const answer = await operations.execute(name, variables, origin);
    observe(operations.has(name) ? name : 'unknown', outcomeOf(answer), (performance.now() - started) / 1000);
    return answer;
  },
});

/** Counted elsewhere. */
const repeatsOf = ({ database }: Watched, registry: Registry) =>
  new Counter({
    name: 'identity_database_repeats_total',
    help: 'Statements and transactions begun anew, as after a deadlock',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(database.state().repeats);
    },
  });

/** Looked at when the metrics are asked for. */
function lookAt(registry: Registry, { database, admission, redis }: Watched): void {
  const registers = [registry];
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect: (this: Gauge<Label>) => void | Promise<void>,
  ) => new Gauge({ name, help, labelNames, registers, collect });
  gauge('identity_database_connections', 'Connections to PostgreSQL, by pool', ['pool', 'state'], function () {
    for (const [pool, { total, idle }] of Object.entries(database.state().pools)) {
      this.labels(pool, 'used').set(total - idle);
      this.labels(pool, 'idle').set(idle);
    }
  });
  gauge('identity_database_connections_max', 'Connections that a pool may have', ['pool'], function () {
    for (const [pool, { max }] of Object.entries(database.state().pools)) this.labels(pool).set(max);
  });
  gauge('identity_database_waiting', 'Statements and transactions that wait for a connection, by pool', ['pool'], function () {
    for (const [pool, { waiting }] of Object.entries(database.state().pools)) this.labels(pool).set(waiting);
  });
  gauge('identity_admission_waiting', 'Requests that wait for their turn', [], function () {
    this.set(admission.state().waiting);
  });
  gauge('identity_admission_running', 'Requests that are worked on', [], function () {
    this.set(admission.state().running);
  });
  if (redis) {
    gauge('identity_redis_up', 'Whether Redis answers: 1 or 0', [], async function () {
      this.set((await redis.isReachable()) ? 1 : 0);
    });
  }
}

export function identityMetrics(registry: Registry): IdentityMetrics {
  const observeOperation = operationMeasures(registry, 'identity_operations', 'Operations of facades');
  const requests = counter(
    registry,
    'identity_graphql_requests_total',
    'GraphQL requests of tools, by the kind of operation and by OK or the code of the first error',
    ['operation', 'outcome'],
  );
  const duration = durations(registry, 'identity_graphql_request_duration_seconds', 'GraphQL requests of tools: how long they take', [
    'operation',
  ]);
  return {
    watch: (operations) => counted(operations, observeOperation),
    observeGraphql: ({ operation, outcome, seconds }) => {
      requests.labels(operation, outcome).inc();
      duration.labels(operation).observe(seconds);
    },
    observeVerdict: counterOf(
      registry,
      'identity_token_verdicts_total',
      "Whose a token is: known to the cache, read in the database, or nobody's",
      'source',
      verdictSources,
    ),
    observeRefusal: counterOf(registry, 'identity_admission_refusals_total', 'Requests that were not let in', 'reason', admissionRefusals),
    lookAt: (watched) => {
      repeatsOf(watched, registry);
      lookAt(registry, watched);
    },
  };
}
