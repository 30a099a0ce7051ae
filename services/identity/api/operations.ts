/**
 * The facade's door: the operations in `schema/operations`, by name, read and checked once. A SCIM token is good for these and for
 * nothing else, so that pasting it into another tool opens no other query.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { type DocumentNode, execute, type ExecutionResult, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import type { Logger } from 'pino';
import { Failure } from '../../../schema/failure.js';
import { builtInTypes } from '../../../schema/tenant-types.js';
import { type RequestOrigin, toCaller } from '../domain/caller.js';
import { requireAllowedAddress } from '../domain/networks.js';
import type { Services } from '../domain/services.js';
import { logFailure, presentFailure, thrownInside } from './answer-errors.js';
import type { Context } from './context.js';
import { makeLoaders } from './loaders.js';

const ROOT = dirname(createRequire(import.meta.url).resolve('condeco-identity/package.json'));

/** What travels with an operation. */
export interface OperationOrigin extends RequestOrigin {
  readonly token?: string | undefined;
  /** Who sent the request to the facade, and which habits it shows (schema/habits.ts); unknown names count for nothing. */
  readonly client?: string | undefined;
  readonly habits?: readonly string[] | undefined;
  /** The version of the tenant's declared attributes that the facade has read the request by; 0 where absent. */
  readonly schemaVersion?: number | undefined;
}

/** The operation by which the facade learns what a tenant has declared. */
const TYPES_OPERATION = 'TenantTypes';

/** An answer in GraphQL's form; errors are presented already. */
export interface OperationAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

export interface Operations {
  /** Whether there is an operation of this name. */
  readonly has: (name: string) => boolean;
  /** Runs one operation as the owner of the token. Never rejects. */
  readonly execute: (name: string, variables: Record<string, unknown>, origin: OperationOrigin) => Promise<OperationAnswer>;
}

function readDocuments(schema: GraphQLSchema): Map<string, DocumentNode> {
  const folder = join(ROOT, 'schema', 'operations');
  return new Map(readdirSync(folder).filter((file) => file.endsWith('.graphql')).map((file) => {
    const document = parse(readFileSync(join(folder, file), 'utf8'));
    const [error] = validate(schema, document);
    if (error) throw new Error(`${file}: ${error.message}`);
    return [basename(file, '.graphql'), document];
  }));
}

/** The context of one operation; a token that is sent must be good, and for this door. */
export async function makeContext(services: Services, origin: OperationOrigin, isForDoor: (audience: string) => boolean): Promise<Context> {
  const { token, requestId, address, userAgent } = origin;
  const verdict = token === undefined ? undefined : await services.verifier.verify(token);
  if (token !== undefined && !verdict) throw new Failure('UNAUTHENTICATED');
  if (verdict && !isForDoor(verdict.audience)) {
    throw new Failure('FORBIDDEN', { detail: `This token is for another door: its audience is "${verdict.audience}".` });
  }
  if (verdict) requireAllowedAddress(verdict, address);
  if (verdict) services.tokenUses.note({ tenantId: verdict.tenantId, tokenId: verdict.tokenId, address, userAgent: userAgent ?? '' });
  const from = { requestId, address };
  const caller = verdict && toCaller(verdict, from);
  const types = caller ? await services.types.typesOf(caller.tenantId, caller.schemaVersion) : builtInTypes;
  return { caller, origin: from, services, types, loaders: makeLoaders(services, caller?.tenantId ?? '') };
}

/** Only what a good token has brought is counted. */
function note({ caller, services }: Context, { client, habits }: OperationOrigin): void {
  if (caller && client && habits) services.sightings.note(caller.tenantId, client, habits);
}

export function prepareOperations(schema: GraphQLSchema, services: Services, log: Logger): Operations {
  const documents = readDocuments(schema);

  function present(error: unknown, requestId: string) {
    const failure = thrownInside(error) ?? new Failure('INVALID_SYNTAX', { detail: (error as GraphQLError).message, cause: error });
    logFailure(log, failure, requestId);
    return presentFailure(failure);
  }

  async function run(name: string, variableValues: Record<string, unknown>, origin: OperationOrigin): Promise<ExecutionResult> {
    const contextValue = await makeContext(services, origin, (audience) => audience === 'scim');
    // The facade has read the request by the attributes it knows: by others than the tenant's it would lose some without a word.
    if (name !== TYPES_OPERATION && contextValue.types.version !== (origin.schemaVersion ?? 0)) throw new Failure('SCHEMA_CHANGED');
    note(contextValue, origin);
    return execute({ schema, document: documents.get(name)!, variableValues, contextValue });
  }

  return {
    has: (name) => documents.has(name),
    execute: async (name, variables, origin) => {
      try {
        const { data, errors } = await run(name, variables, origin);
        return errors ? { data, errors: errors.map((error) => present(error, origin.requestId)) } : { data };
      } catch (error) {
        return { errors: [present(error, origin.requestId)] };
      }
    },
  };
}
