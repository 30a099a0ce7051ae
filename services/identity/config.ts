/** What the core is told from outside: read once, checked at start, all faults reported together with what to write. */
import { join } from 'node:path';
import { z } from 'zod';
import {
  common,
  type Environment,
  type Fault,
  flag,
  isUrlOf,
  port,
  type ProgramConfig,
  programConfigOf,
  readEnvironment,
  sharedSecret,
  variable,
  withoutSlash,
} from '../../process/environment.js';
import { quotaLimits } from '../../schema/quota.js';
import { type DatabaseAddress, databaseUrlFaults, readDatabaseUrl } from './database-url.js';
import type { Work } from './domain/admission/admission.js';
import type { Bootstrap } from './domain/tenants/bootstrap.js';
import { isWellFormedToken } from './domain/tokens/token-format.js';

export interface IdentityConfig extends ProgramConfig {
  readonly port: number;
  readonly production: boolean;
  /** Without a directory the embedded database lives in memory. */
  readonly database:
    { readonly kind: 'pglite'; readonly directory?: string | undefined } | ({ readonly kind: 'postgresql' } & DatabaseAddress);
  readonly redisUrl?: string | undefined;
  /** Where the facade is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
  /** Whether GraphQL tools may ask for the schema. */
  readonly introspection: boolean;
  /** The secret before, which facades may show as well while they are given the new one. */
  readonly previousFacadeSecret?: string | undefined;
  /** Whether GraphQL runs trusted documents only (schema/trusted-documents.json); false if absent. */
  readonly trustedOnly?: boolean | undefined;
  /** Milliseconds that a GraphQL operation may take, where it is not the usual 10,000. */
  readonly operationMilliseconds?: number | undefined;
  /** Milliseconds that the process must stand still for that to matter, where it is not the usual 9,000. */
  readonly standstillMilliseconds?: number | undefined;
  /** Of each tenant at each door, where nothing else is set for the tenant. */
  readonly requestsPerSecond: number;
  /** How much is worked on at once, where it is not the usual. */
  readonly work?: Work | undefined;
  readonly bootstrap: Bootstrap;
}

const WELL_KNOWN = ['secret', 'changeme', 'password'];
const SHORTEST_SECRET = 32;

/** The secrets we make ourselves begin with `condecosecret_`, which is no guess at the rest. */
const isGuessable = (secret: string) => {
  const random = secret.toLowerCase().replace(/^condecosecret_/, '');
  return WELL_KNOWN.some((word) => random.includes(word));
};

const { min: FEWEST, max: MOST } = quotaLimits.requestsPerSecond;
const isRate = (text: string) => /^\d{1,6}$/.test(text) && Number(text) >= FEWEST && Number(text) <= MOST;
const text = (sentence: string) => variable((given) => given.trim() === given, sentence);

/** A variable of the core has its line in docker-compose.yml, or a reason in test/programs/deployment.test.ts. */
export const identityVariables = z.object({
  ...common,
  IDENTITY_PORT: port(4000),
  DATABASE_URL: variable(isUrlOf('postgres:', 'postgresql:'), 'write postgresql://user:password@host:5432/database'),
  REDIS_URL: variable(isUrlOf('redis:', 'rediss:'), 'write redis://host:6379/0, or rediss:// for TLS'),
  DATA_DIR: text('write the path of a folder, as in .data'),
  GRAPHQL_INTROSPECTION: flag(),
  GRAPHQL_TRUSTED_ONLY: flag(),
  REQUESTS_PER_SECOND: variable(isRate, `write a whole number from ${FEWEST} to ${MOST}, as in 50`),
  FACADE_SECRET_PREVIOUS: sharedSecret('those that facades still have'),
  BOOTSTRAP_TENANT: text('write the name of the first tenant, as in Condeco'),
  BOOTSTRAP_CLIENT_ID: text('write the id of the first SCIM client, without spaces around it'),
  BOOTSTRAP_CLIENT_SECRET: text('write the secret without spaces around it'),
  BOOTSTRAP_ADMIN_TOKEN: variable(isWellFormedToken, 'is not a token; write one that "npm run token" prints'),
});
type Variables = z.infer<typeof identityVariables>;

const RANDOM = '"openssl rand -hex 32" makes some';

function pairFaults(given: Variables): Fault<Variables>[] {
  const { BOOTSTRAP_CLIENT_ID: id, BOOTSTRAP_CLIENT_SECRET: secret, FACADE_SECRET, FACADE_SECRET_PREVIOUS } = given;
  if (FACADE_SECRET_PREVIOUS && !FACADE_SECRET) return [['FACADE_SECRET', 'is missing; it comes before FACADE_SECRET_PREVIOUS']];
  if (id && !secret) return [['BOOTSTRAP_CLIENT_SECRET', 'is missing; it comes together with BOOTSTRAP_CLIENT_ID']];
  if (secret && !id) return [['BOOTSTRAP_CLIENT_ID', 'is missing; it comes together with BOOTSTRAP_CLIENT_SECRET']];
  return [];
}

function* productionFaults(
  { DATABASE_URL, REDIS_URL, FACADE_SECRET, BOOTSTRAP_CLIENT_SECRET: secret }: Variables,
  isAlone: boolean,
): Generator<Fault<Variables>> {
  if (!DATABASE_URL) {
    yield ['DATABASE_URL', 'is missing; production runs on PostgreSQL: write postgresql://user:password@host:5432/database'];
  }
  if (!REDIS_URL) yield ['REDIS_URL', 'is missing; production shares its token cache in Redis: write redis://host:6379/0'];
  if (isAlone && !FACADE_SECRET) {
    yield [
      'FACADE_SECRET',
      `is missing; without it whoever reaches the port is believed like a facade: write the same 32 or more random characters for core and facade (${RANDOM})`,
    ];
  }
  if (secret === undefined) return;
  const name = 'BOOTSTRAP_CLIENT_SECRET';
  if (secret.length < SHORTEST_SECRET) yield [name, `is too short; write ${SHORTEST_SECRET} or more random characters (${RANDOM})`];
  if (isGuessable(secret)) yield [name, `holds a word that is guessed first; write random characters (${RANDOM})`];
}

const urlFaults = ({ DATABASE_URL: url }: Variables): Fault<Variables>[] =>
  url ? databaseUrlFaults(url).map((fault) => ['DATABASE_URL', fault]) : [];

const faultsOf = (given: Variables, isAlone: boolean): Fault<Variables>[] => [
  ...urlFaults(given),
  ...pairFaults(given),
  ...(given.NODE_ENV === 'production' ? productionFaults(given, isAlone) : []),
];

function toConfig(given: Variables): IdentityConfig {
  const production = given.NODE_ENV === 'production';
  return {
    ...programConfigOf(given),
    port: Number(given.IDENTITY_PORT ?? 4000),
    production,
    database: given.DATABASE_URL
      ? { kind: 'postgresql', ...readDatabaseUrl(given.DATABASE_URL) }
      : { kind: 'pglite', directory: join(given.DATA_DIR ?? '.data', 'database') },
    redisUrl: given.REDIS_URL,
    publicUrl: withoutSlash(given.PUBLIC_URL ?? `http://127.0.0.1:${given.GATEWAY_PORT ?? 8080}`),
    introspection: given.GRAPHQL_INTROSPECTION ? given.GRAPHQL_INTROSPECTION === 'true' : !production,
    trustedOnly: given.GRAPHQL_TRUSTED_ONLY === 'true',
    previousFacadeSecret: given.FACADE_SECRET_PREVIOUS,
    requestsPerSecond: Number(given.REQUESTS_PER_SECOND ?? 50),
    bootstrap: {
      tenant: given.BOOTSTRAP_TENANT,
      clientId: given.BOOTSTRAP_CLIENT_ID,
      clientSecret: given.BOOTSTRAP_CLIENT_SECRET,
      adminToken: given.BOOTSTRAP_ADMIN_TOKEN,
    },
  };
}

/**
 * The configuration of the core, which is alone where its facades come by the network. Throws an Error whose message names every fault and
 * never repeats a value: most are secret.
 */
export function readIdentityConfig(environment: Environment, isAlone = false): IdentityConfig {
  return toConfig(readEnvironment('the identity core', identityVariables, environment, (given) => faultsOf(given, isAlone)));
}
