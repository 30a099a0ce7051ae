/**
 * What an operation asks for, counted before it runs, by GitHub's formula: `nodeCount` is how many nodes there are at the most, each
 * connection at its `first` or `last` multiplied by those around it; `cost` is how many connections must be read for them, divided by a
 * hundred, and at least 1. GitHub's pages end at a hundred and ours at a thousand, so a few connections may hold very many nodes: each full
 * thousand of them costs 1 as well, where that is more.
 */
import { type ApolloServerPlugin, type GraphQLResponse, HeaderMap } from '@apollo/server';
import {
  type DocumentNode,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  isListType,
} from 'graphql';
import { type ComplexityEstimator, type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity/cjs'; // its ES modules bring a second copy of graphql
import { limits } from '../../../schema/resources.js';
import { refusal } from './answer-errors.js';
import type { Context } from './context.js';
import { rememberingCount } from './counted-documents.js';
import { DOCUMENT_RELATION } from './document-field.js';
import { operationLimits, tooComplex } from './operation-limits.js';
import { variableFaults } from './variable-faults.js';

export interface OperationCost {
  readonly cost: number;
  readonly nodeCount: number;
}

/** What is known of a request beside its document. */
interface Sizes {
  /** Items of the longest list of objects in the variables: a payload may have a result for each. */
  readonly items: number;
}

const CONNECTIONS_PER_POINT = 100;
const NODES_PER_POINT = 1000;

const isList = ({ type }: ComplexityEstimatorArgs['field']): boolean => isListType(getNullableType(type));

/** Arguments that name each node to answer: ids, or entities as a router asks for them. */
const NAMING = ['ids', 'representations'];

/** All arguments that say how much there may be: what `sizeOf` looks at. */
const SIZES = [...NAMING, 'first', 'last', 'relation'];

/**
 * How many nodes a field answers at the most, within a document too; undefined where it is neither a connection nor a list of nodes that
 * are named.
 */
function sizeOf({ field, args }: ComplexityEstimatorArgs): number | undefined {
  if (field.name === 'document') return args['relation'] === true ? DOCUMENT_RELATION : undefined;
  if (getNamedType(field.type).name.endsWith('Connection')) return Math.max(0, args['first'] ?? args['last'] ?? limits.defaultPageSize);
  return NAMING.map((name) => args[name] as unknown).find((named) => Array.isArray(named))?.length;
}

/** How often what is below another field may be answered: a payload has results for what was sent. */
const timesBelow = ({ field, type, context }: ComplexityEstimatorArgs): number =>
  type.name.endsWith('Payload') && isList(field) ? (context as Sizes).items : 1;

const isIntrospection = ({ field, type }: ComplexityEstimatorArgs): boolean => type.name.startsWith('__') || field.name.startsWith('__');

/** Both counts are sums of the same products, so one number holds them: nodes above, connections that are read below. */
const READS = 2 ** 24;

/** Sums up over the document: a connection counts its nodes and one reading, and all that is below it once for each node. */
const estimator: ComplexityEstimator = (asked) => {
  if (isIntrospection(asked)) return 0;
  const size = sizeOf(asked);
  return size === undefined ? timesBelow(asked) * asked.childComplexity : size * READS + 1 + size * asked.childComplexity;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The longest list of objects in the variables, two levels down: `input.users`. */
function longestList(variables: Readonly<Record<string, unknown>>, levels = 2): number {
  const lengths = Object.values(variables).map((value) => {
    if (Array.isArray(value)) return isObject(value[0]) ? value.length : 1;
    return levels > 1 && isObject(value) ? longestList(value, levels - 1) : 1;
  });
  return Math.max(1, ...lengths);
}

export interface CountedRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** Makes of an error what leaves the house. */
type Present = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

const NOTHING: OperationCost = { cost: 1, nodeCount: 0 };

/** Counts; undefined where the variables do not fit: that is told by the execution, which begins with them. */
function countIn(schema: GraphQLSchema, { document, operationName, variables = {} }: CountedRequest): OperationCost | undefined {
  try {
    const sum = getComplexity({
      schema,
      query: document,
      variables,
      estimators: [estimator],
      context: { items: longestList(variables) } satisfies Sizes,
      maxQueryNodes: Number.POSITIVE_INFINITY, // Apollo has counted selections
      ...(operationName ? { operationName } : {}),
    });
    const nodeCount = Math.floor(sum / READS);
    return { nodeCount, cost: Math.max(1, Math.ceil((sum % READS) / CONNECTIONS_PER_POINT), Math.floor(nodeCount / NODES_PER_POINT)) };
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

/** Counts operations of a schema. */
export const costCounter = (schema: GraphQLSchema) =>
  rememberingCount(schema, SIZES, NOTHING, (request: CountedRequest) => countIn(schema, request));

/**
 * Takes what an operation costs from the caller's quota, beside the one unit of every request; for what it writes a write pays when that is
 * done. Answers what to do when the operation is over.
 */
async function charge({ caller, enterFurther }: Context, { cost }: OperationCost): Promise<() => void> {
  if (!caller || cost === 1) return () => {};
  return enterFurther(caller, cost - 1).catch((error) => {
    throw refusal(error);
  });
}

/** Tells the first faults of its variables, in the form in which errors leave. */
const refuseVariables = (faults: readonly GraphQLError[], present: Present): GraphQLResponse => ({
  http: { status: 400, headers: new HeaderMap() },
  body: {
    kind: 'single',
    singleResult: { errors: faults.map((fault) => present({ ...fault.toJSON(), extensions: { code: 'BAD_USER_INPUT' } }, fault)) },
  },
});

/**
 * Refuses what asks for too much before anything is resolved, leaves the count with the request, and charges it. What the variables hold is
 * looked at first.
 */
export function costLimit(schema: GraphQLSchema, present: Present): ApolloServerPlugin<Context> {
  const count = costCounter(schema);
  return {
    requestDidStart: async () => {
      let leave = () => {};
      let faults: readonly GraphQLError[] = [];
      return {
        didResolveOperation: async ({ document, operation, operationName, request, contextValue }) => {
          if (!operation) return; // none of that name: the execution tells
          faults = variableFaults(schema, operation, request.variables);
          const counted = faults.length === 0 && count({ document, operationName, variables: request.variables });
          if (!counted) return;
          if (counted.nodeCount > operationLimits.nodes) {
            throw tooComplex(
              `The operation asks for up to ${counted.nodeCount} nodes, and may for ${operationLimits.nodes}; ask for smaller pages, above all of the connections within others.`,
            );
          }
          contextValue.counted = counted;
          leave = await charge(contextValue, counted);
        },
        responseForOperation: async () => (faults.length > 0 ? refuseVariables(faults, present) : null),
        willSendResponse: async () => leave(),
      };
    },
  };
}
