/** How a program reads its environment: each variable by a check and a sentence that says what to write, and all faults told at once. */
import { z } from 'zod';
import type { TracesDestination } from './tracing.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable set to nothing counts as not set: that is what a compose file makes of an absent one. */
export const variable = (check: (text: string) => boolean, sentence: string) =>
  z.preprocess((text) => (text === '' ? undefined : text), z.string().refine(check, sentence).optional());

const oneOf = (words: readonly string[]) => variable((text) => words.includes(text), `write one of ${words.join(', ')}`);
const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;

export const flag = (sentence = 'write true or false') => variable((text) => ['true', 'false'].includes(text), sentence);
export const port = (usual: number) => variable(isPort, `write a port from 1 to 65535 (0 takes any free one), as in ${usual}`);

const HEADER = /^([!#$%&'*+.^_`|~\w-]+)=([\x21-\x7e]*)$/;

/** Headers in one text (OpenTelemetry writes them as W3C Baggage: values are percent-encoded); undefined where it is none. */
function headersIn(text: string): Record<string, string> | undefined {
  try {
    return Object.fromEntries(
      text.split(',').map((pair) => {
        const [, name, value] = HEADER.exec(pair.trim())!;
        return [name!, decodeURIComponent(value!)];
      }),
    );
  } catch {
    return undefined;
  }
}

/** Of the schemes given, each with its colon. */
export const isUrlOf =
  (...schemes: readonly string[]) =>
  (text: string): boolean =>
    URL.canParse(text) && schemes.includes(new URL(text).protocol);
/** An address that others are put behind: without a query and a fragment. */
export const webAddress = (sentence: string) => variable((text) => isUrlOf('http:', 'https:')(text) && !/[?#]/.test(text), sentence);
export const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

/** What to write, also where it is missing. */
export const PUBLIC_URL_SENTENCE = 'write the address the facade is reached at from outside, as in https://scim.example.com';

/** A secret that the programs share. */
export const sharedSecret = (whose: string) =>
  variable(
    (text) => /^[\x21-\x7e]{32,}$/.test(text),
    `write 32 or more random characters without spaces, ${whose} ("openssl rand -hex 32" makes some)`,
  );

/** What both programs are told. A wrong NODE_ENV is refused: whoever writes "prod" would run without the checks of production. */
export const common = {
  NODE_ENV: variable((text) => ['production', 'development', 'test'].includes(text), 'write production, or leave it out'),
  HOST: variable((text) => /^\S+$/.test(text), 'write the address to listen on, as in 127.0.0.1 or 0.0.0.0'),
  GATEWAY_PORT: port(8080),
  METRICS_PORT: port(9464),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress('write the address of a collector that takes OTLP over HTTP, as in http://127.0.0.1:4318'),
  OTEL_EXPORTER_OTLP_HEADERS: variable(
    (text) => headersIn(text) !== undefined,
    'write name=value pairs with commas between them, values percent-encoded, as in api-key=abc',
  ),
  OTEL_TRACES_SAMPLER_ARG: variable(
    (text) => /^(?:0(?:\.\d+)?|1(?:\.0+)?)$/.test(text),
    'write the part of all traces to record, from 0 to 1, as in 0.1',
  ),
  PUBLIC_URL: webAddress(PUBLIC_URL_SENTENCE),
  FACADE_SECRET: sharedSecret('the same for core and facade'),
  TRUST_PROXY: flag('write true behind a proxy that sets X-Forwarded-For, else false'),
  DRAIN_SECONDS: variable((text) => /^\d{1,2}$/.test(text) && Number(text) <= 60, 'write a whole number of seconds from 0 to 60, as in 5'),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']),
};

type Common = z.infer<z.ZodObject<typeof common>>;

/** Where traces are sent, if they are; by the names that OpenTelemetry has for this. */
function tracesOf({
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_HEADERS: headers,
  OTEL_TRACES_SAMPLER_ARG: sampled = '1',
}: Common): TracesDestination | undefined {
  return endpoint
    ? { endpoint: withoutSlash(endpoint), headers: headers ? (headersIn(headers) ?? {}) : {}, sampled: Number(sampled) }
    : undefined;
}

/** What is said of both programs alike. */
export interface ProgramConfig {
  readonly host: string;
  /** Where metrics are told; nowhere if absent. */
  readonly metricsPort?: number | undefined;
  /** Where traces are sent; nowhere if absent. */
  readonly traces?: TracesDestination | undefined;
  /** Seconds between the signal to end and the end of work, in which it is not ready any more. */
  readonly drainSeconds?: number | undefined;
  /** Where it is not the usual one of the program. */
  readonly logLevel?: string | undefined;
  /** What the facade shows at the core's door; whoever reaches the port may come in there if absent. */
  readonly facadeSecret?: string | undefined;
  /** Whether a proxy of ours in front sets `X-Forwarded-For`. */
  readonly trustProxy?: boolean | undefined;
}

/** Unlike the other ports, that of the metrics has no usual one. */
export const programConfigOf = (given: Common): ProgramConfig => ({
  host: given.HOST ?? '127.0.0.1',
  metricsPort: given.METRICS_PORT ? Number(given.METRICS_PORT) : undefined,
  traces: tracesOf(given),
  drainSeconds: given.DRAIN_SECONDS ? Number(given.DRAIN_SECONDS) : undefined,
  logLevel: given.LOG_LEVEL,
  facadeSecret: given.FACADE_SECRET,
  trustProxy: given.TRUST_PROXY === 'true',
});

/** A fault that no variable has by itself. */
export type Fault<Variables> = readonly [variable: keyof Variables & string, sentence: string];

/**
 * Reads the variables. Throws an Error whose message names the program and every fault, and never repeats a value: most are secret.
 * `more` tells what is wrong with several of them together.
 */
export function readEnvironment<Schema extends z.ZodObject>(
  program: string,
  schema: Schema,
  environment: Environment,
  more: (given: z.infer<Schema>) => readonly Fault<z.infer<Schema>>[],
): z.infer<Schema> {
  const checked = schema.superRefine((given, context) => {
    for (const [name, message] of more(given)) context.addIssue({ code: 'custom', path: [name], message });
  });
  const result = checked.safeParse(environment);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `- ${path.join('.')}: ${message}`);
  throw new Error(`The configuration of ${program} is not usable:\n${faults.join('\n')}`);
}
