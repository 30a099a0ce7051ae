/** What the facade is told from outside: read once, checked at start, all faults reported together with what to write. */
import { z } from 'zod';

export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  /** What addresses in answers start with, without a slash at the end; the address listened on where it is not said. */
  readonly publicUrl?: string | undefined;
  /** Whether a proxy of ours stands in front, whose X-Forwarded-For is to be believed. */
  readonly trustProxy: boolean;
  /** Requests under way at once, where it is not the usual number. */
  readonly mostUnderWay?: number | undefined;
}

/** The facade as a process of its own: it has to find the core. */
export interface GatewayProcessConfig extends GatewayConfig {
  readonly identityUrl: string;
  /** What the core wants to be shown; absent where it asks for nothing. */
  readonly facadeSecret?: string | undefined;
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
const isWebAddress = (text: string) =>
  URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol) && !/[?#]/.test(text);

/** A variable set to nothing counts as not set: that is what a compose file makes of an absent one. */
const variable = (check: (text: string) => boolean, sentence: string) =>
  z.preprocess((text) => (text === '' ? undefined : text), z.string().refine(check, sentence).optional());

const PUBLIC_URL_SENTENCE = 'write the address the facade is reached at from outside, as in https://scim.example.com';

const FACADE_SECRET_SENTENCE = 'write the same as for the core: 32 or more random characters without spaces';

const variables = z.object({
  NODE_ENV: variable(() => true, 'write production, or leave it out'),
  HOST: variable((text) => /^\S+$/.test(text), 'write the address to listen on, as in 127.0.0.1 or 0.0.0.0'),
  GATEWAY_PORT: variable(isPort, 'write a port from 1 to 65535 (0 takes any free one), as in 8080'),
  PUBLIC_URL: variable(isWebAddress, PUBLIC_URL_SENTENCE),
  IDENTITY_URL: variable(isWebAddress, 'write the address of the identity core, as in http://127.0.0.1:4000'),
  FACADE_SECRET: variable((text) => /^[\x21-\x7e]{32,}$/.test(text), FACADE_SECRET_SENTENCE),
  TRUST_PROXY: variable((text) => ['true', 'false'].includes(text), 'write true behind a proxy that sets X-Forwarded-For, else false'),
});

const checked = (isAlone: boolean) => variables.superRefine((given, context) => {
  if (given.NODE_ENV !== 'production') return;
  if (!given.PUBLIC_URL) context.addIssue({ code: 'custom', path: ['PUBLIC_URL'], message: `is missing; ${PUBLIC_URL_SENTENCE}` });
  if (isAlone && !given.FACADE_SECRET) context.addIssue({ code: 'custom', path: ['FACADE_SECRET'], message: `is missing; ${FACADE_SECRET_SENTENCE}` });
});

const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** The configuration of the facade, which is alone where its core is another process. Throws an Error whose message names every fault and never repeats a value. */
export function readGatewayConfig(environment: Readonly<Record<string, string | undefined>>, isAlone = false): GatewayProcessConfig {
  const result = checked(isAlone).safeParse(environment);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `- ${path.join('.')}: ${message}`);
    throw new Error(`The configuration of the gateway is not usable:\n${faults.join('\n')}`);
  }
  const given = result.data;
  return {
    host: given.HOST ?? '127.0.0.1',
    port: Number(given.GATEWAY_PORT ?? 8080),
    publicUrl: given.PUBLIC_URL && withoutSlash(given.PUBLIC_URL),
    identityUrl: withoutSlash(given.IDENTITY_URL ?? 'http://127.0.0.1:4000'),
    facadeSecret: given.FACADE_SECRET,
    trustProxy: given.TRUST_PROXY === 'true',
  };
}
