/**
 * Traces: the way of a request through the programs as spans, by whoever records them (process/opentelemetry.ts). Where nobody does,
 * nothing is made.
 */
import type { IncomingHttpHeaders } from 'node:http';

export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** A part of a trace: something that takes its time. */
export interface Span {
  /** Whether anybody will see it: what is dear to find out need not be found out for nobody. */
  readonly isRecorded: boolean;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Says that it failed, and how, in a word from a fixed set. */
  fail(type: string): void;
}

/** Says how an operation ended: in a word from a fixed set, and as a failure where it is for us to mend. */
export function tellOutcome(span: Span, outcome: string, isOurs: boolean): void {
  span.set({ 'condeco.outcome': outcome });
  if (isOurs) span.fail(outcome);
}

/** Says what a request over HTTP was answered. */
export function tellAnswer(span: Span, status: number, requestId: string): void {
  span.set({ 'http.response.status_code': status, 'condeco.request_id': requestId });
  if (status >= 500) span.fail(String(status));
}

/** A span as one program tells another of it (W3C Trace Context). */
export interface TraceContext {
  /** Which span (section 3.2). */
  readonly traceparent?: string | undefined;
  /** What tracing systems on the way have to say of it; handed on as it is (section 3.3). */
  readonly tracestate?: string | undefined;
}

const sole = (header: string | string[] | undefined): string | undefined =>
  header === undefined || header === '' ? undefined : String(header);

/** What a request brings; nothing where it is not to be believed. */
export const traceContextIn = ({ traceparent, tracestate }: IncomingHttpHeaders, isBelieved: boolean): TraceContext | undefined =>
  isBelieved ? { traceparent: sole(traceparent), tracestate: sole(tracestate) } : undefined;

export interface SpanOptions {
  /** `server` where another program asks, `client` where another one is asked. */
  readonly kind: 'server' | 'client' | 'internal';
  /** The span of another program that this one is part of; where absent, that which is under way here. */
  readonly parent?: TraceContext | undefined;
  readonly attributes?: Attributes;
}

export interface Tracing {
  /** Does the work as a span. What it throws is thrown on, and the span has failed. */
  span<Result>(name: string, options: SpanOptions, work: (span: Span) => Promise<Result>): Promise<Result>;
  /** What another program that is asked now is told, so that its spans join ours. */
  context(): TraceContext;
}

/** Where traces are sent, and how many of them; nowhere if absent. */
export interface TracesDestination {
  /** The address of a collector that takes OTLP over HTTP, without a slash at the end. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the traces that begin here, the part that is recorded: 0 to 1. */
  readonly sampled: number;
}
