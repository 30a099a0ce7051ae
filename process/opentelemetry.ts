/**
 * Traces by OpenTelemetry, sent to a collector as OTLP. Nothing of it is global: what is recorded with is an argument, as everything else
 * is.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { type Context, createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Tracer } from '@opentelemetry/api';
import { ExportResultCode, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { Span, TraceContext, Tracing, TracesDestination } from './tracing.js';

/** Tracing that is under way; `close` sends what is not sent yet. */
export interface RunningTracing extends Tracing {
  close(): Promise<void>;
}

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
const SEND_MILLISECONDS = 5000;
const GATHER_MILLISECONDS = 1000;

/** A collector that does not take them costs spans and nothing else: it is told once, and once more when it is back. */
function telling(exporter: SpanExporter, log: Logger): SpanExporter {
  let isAway = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const failed = result.code !== ExportResultCode.SUCCESS;
        if (failed && !isAway) log.warn({ err: result.error }, 'traces are lost: the collector does not take them');
        if (!failed && isAway) log.warn('the collector takes traces again');
        isAway = failed;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

function makeProvider(service: string, { endpoint, headers, sampled }: TracesDestination, log: Logger): TracerProvider {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers: { ...headers }, timeoutMillis: SEND_MILLISECONDS });
  return new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.namespace': 'condeco-identity',
      'service.instance.id': randomUUID(),
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampled) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: telling(exporter, log),
        scheduledDelayMillis: GATHER_MILLISECONDS,
        exportTimeoutMillis: SEND_MILLISECONDS,
      }),
    ],
  });
}

/** A traceparent that makes no sense begins a new trace. */
function contextOf({ traceparent, tracestate }: TraceContext): Context {
  const told = traceparent === undefined ? null : parseTraceParent(traceparent);
  return told
    ? trace.setSpanContext(ROOT_CONTEXT, {
        ...told,
        isRemote: true,
        ...(tracestate !== undefined && { traceState: createTraceState(tracestate) }),
      })
    : ROOT_CONTEXT;
}

/** What an error is called, and never what it says. */
const typeOf = (error: unknown): string => {
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  return [code, name].find((word) => typeof word === 'string') ?? 'Error';
};

const recordWith = (tracer: Tracer, current: AsyncLocalStorage<Context>): Tracing => ({
  span: (name, { kind, parent: told, attributes }, work) => {
    const parent = told?.traceparent === undefined ? (current.getStore() ?? ROOT_CONTEXT) : contextOf(told);
    const made = tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent);
    const span: Span = {
      isRecorded: made.isRecording(),
      rename: (other) => void made.updateName(other),
      set: (more) => void made.setAttributes(more),
      fail: (type) => void made.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', type),
    };
    return current.run(trace.setSpan(parent, made), async () => {
      try {
        return await work(span);
      } catch (error) {
        span.fail(typeOf(error));
        throw error;
      } finally {
        made.end();
      }
    });
  },
  context: () => {
    const span = trace.getSpanContext(current.getStore() ?? ROOT_CONTEXT);
    return span
      ? {
          traceparent: `00-${span.traceId}-${span.spanId}-0${span.traceFlags & TraceFlags.SAMPLED}`,
          tracestate: span.traceState?.serialize(),
        }
      : {};
  },
});

/** Begins to record, as this service. */
export function startTracing(service: string, destination: TracesDestination, log: Logger): RunningTracing {
  const provider = makeProvider(service, destination, log);
  return {
    ...recordWith(provider.getTracer('condeco-identity'), new AsyncLocalStorage<Context>()),
    // A collector that is away must not keep the process from ending.
    close: () => provider.shutdown().catch((error: unknown) => log.warn({ err: error }, 'the last traces are lost')),
  };
}
