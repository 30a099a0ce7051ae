/**
 * The facade's door: the operations in `schema/operations`, by name, read and checked once. A SCIM token is good for these and for
 * nothing else, so that pasting it into another tool opens no other query.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import type { Logger } from 'pino';
import { Failure } from '../../../schema/failure.js';
import { outcomeOf } from '../../../schema/outcome.js';
import { type Quota } from '../../../schema/quota.js';
import type { Caller } from '../domain/caller.js';
import type { Services } from '../domain/services.js';
import { identify, letIn, makeContext, type OperationOrigin } from './callers.js';
import { type About, aboutCaller, logFailure, logRefusal, presentFailure, thrownInside } from './answer-errors.js';
import type { Context } from './context.js';
import { variableFaults } from './variable-faults.js';

const ROOT = dirname(createRequire(import.meta.url).resolve('condeco-identity/package.json'));

/** Operations that hold no resource, and so depend on nothing that a tenant has declared: by the first of them the facade learns it. */
const TYPELESS = new Set(['TenantTypes', 'ReportRefusedRequests']);

/** Operations that are part of a request which another one of it pays for, or come after it. */
const FREE = new Set(['Recognize', 'ReportRefusedRequests', 'TenantTypes', 'PageUserRelation', 'PageGroupRelation']);

/** An answer in GraphQL's form; errors are presented already. */
export interface OperationAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
  /** What the caller has left, and whose it is, where that is known. */
  readonly extensions?: { readonly quota: Quota; readonly tenant: string };
}

export interface Operations {
  /**
   * Runs one operation as the owner of the token. Never rejects; UNAVAILABLE where there is none of this name, as a facade of a later
   * release may ask for.
   */
  readonly execute: (name: string, variables: Record<string, unknown>, origin: OperationOrigin) => Promise<OperationAnswer>;
  /** Whether there is an operation of this name. */
  readonly has: (name: string) => boolean;
}

function readDocuments(schema: GraphQLSchema): Map<string, DocumentNode> {
  const folder = join(ROOT, 'schema', 'operations');
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.graphql'))
      .map((file) => {
        const document = parse(readFileSync(join(folder, file), 'utf8'));
        const [error] = validate(schema, document);
        if (error) throw new Error(`${file}: ${error.message}`);
        return [basename(file, '.graphql'), document];
      }),
  );
}

/** Nothing is told, and nothing is written into the log, to whoever brings no token. */
const unknownOperation = (name: string, caller: Caller | undefined): Failure =>
  caller
    ? new Failure('UNAVAILABLE', {
        cause: new Error(
          `a gateway asks for the operation ${JSON.stringify(name.slice(0, 64))}, which this release of the core does not have: update the cores before the gateways`,
        ),
      })
    : new Failure('UNAUTHENTICATED');

/** An operation on its way, and who asks for it once that is known. */
interface Asked {
  readonly name: string;
  readonly origin: OperationOrigin;
  caller: Caller | undefined;
}

/** Only what a good token has brought is counted. */
function note({ caller, services }: Context, { client, habits }: OperationOrigin): void {
  if (caller && client && habits) services.sightings.note(caller.tenantId, client, habits);
}

export function prepareOperations(schema: GraphQLSchema, services: Services, log: Logger): Operations {
  const documents = readDocuments(schema);

  const aboutOf = ({ name, origin: { requestId }, caller }: Asked): About => ({
    requestId,
    ...aboutCaller(caller),
    operation: documents.has(name) ? name : 'unknown',
  });

  function present(error: unknown, asked: Asked) {
    const failure = thrownInside(error) ?? new Failure('INVALID_SYNTAX', { detail: (error as GraphQLError).message, cause: error });
    logFailure(log, failure, aboutOf(asked));
    return presentFailure(failure);
  }

  /** Why an operation was not begun: what is wrong with its variables in words of our own, which repeat no more of them than a little. */
  function faultsOf(document: DocumentNode, variables: Record<string, unknown>, { errors = [] }: ExecutionResult): readonly GraphQLError[] {
    const faults = variableFaults(schema, getOperationAST(document)!, variables);
    return faults.length > 0 ? faults : errors;
  }

  async function run({ name, origin, caller }: Asked, variableValues: Record<string, unknown>): Promise<ExecutionResult> {
    const leave = await letIn(services, caller, origin, FREE.has(name) ? 0 : 1);
    try {
      const contextValue = await makeContext(services, caller, origin);
      // The facade has read the request by the attributes it knows: by others than the tenant's it would lose some without a word.
      if (!TYPELESS.has(name) && contextValue.types.version !== (origin.schemaVersion ?? 0)) throw new Failure('SCHEMA_CHANGED');
      note(contextValue, origin);
      const document = documents.get(name)!;
      const options = { maxCoercionErrors: 1 }; // each repeats all of the variable, and ours are told instead
      const result = await execute({ schema, document, variableValues, contextValue, options });
      return 'data' in result ? result : { errors: faultsOf(document, variableValues, result) };
    } finally {
      leave();
    }
  }

  async function answer(asked: Asked, variables: Record<string, unknown>): Promise<OperationAnswer> {
    try {
      asked.caller = await identify(services, asked.origin, (audience) => audience === 'scim');
      if (!documents.has(asked.name)) throw unknownOperation(asked.name, asked.caller);
      const { data, errors } = await run(asked, variables);
      return errors ? { data, errors: errors.map((error) => present(error, asked)) } : { data };
    } catch (error) {
      return { errors: [present(error, asked)] };
    }
  }

  return {
    has: (name) => documents.has(name),
    execute: async (name, variables, origin) => {
      const started = performance.now();
      const asked: Asked = { name, origin, caller: undefined };
      const answered = await answer(asked, variables);
      logRefusal(log, outcomeOf(answered), () => aboutOf(asked), started);
      const { caller } = asked;
      return caller ? { ...answered, extensions: { quota: services.admission.quotaOf(caller), tenant: caller.tenantId } } : answered;
    },
  };
}
