/**
 * What an operation asks for, counted before it runs, by GitHub's formula: `nodeCount` is how many nodes there are at the most, each connection at its
 * `first` or `last` multiplied by those around it; `cost` is how many connections must be read for them, divided by a hundred, and at least 1.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, getNamedType, getNullableType, GraphQLError, type GraphQLSchema, isListType } from 'graphql';
import { type ComplexityEstimator, type ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity/cjs'; // its ES modules bring a second copy of graphql
import { limits } from '../../../schema/resources.js';
import type { Context } from './context.js';
import { operationLimits, tooComplex } from './operation-limits.js';

export interface OperationCost {
  readonly cost: number;
  readonly nodeCount: number;
}

/** What is known of a request beside its document. */
interface Sizes {
  /** Items of the longest list in the variables: a payload may have a result for each. */
  readonly items: number;
}

const CONNECTIONS_PER_POINT = 100;

const isList = ({ type }: ComplexityEstimatorArgs['field']): boolean => isListType(getNullableType(type));

/** How many of what is below a field there may be; undefined where it is one, or a part of something counted already. */
function sizeOf({ field, type, args, context }: ComplexityEstimatorArgs): number | undefined {
  if (getNamedType(field.type).name.endsWith('Connection')) return Math.max(0, args['first'] ?? args['last'] ?? limits.defaultPageSize);
  const { representations } = args; // a router's
  if (Array.isArray(representations)) return representations.length;
  return type.name.endsWith('Payload') && isList(field) ? (context as Sizes).items : undefined;
}

const isIntrospection = ({ field, type }: ComplexityEstimatorArgs): boolean => type.name.startsWith('__') || field.name.startsWith('__');

/** Sums up over the document: `own` is what a field that stands for `size` counts itself. */
const estimator = (own: (size: number) => number): ComplexityEstimator => (asked) => {
  if (isIntrospection(asked)) return 0;
  const size = sizeOf(asked);
  return size === undefined ? asked.childComplexity : own(size) + size * asked.childComplexity;
};

const nodes = estimator((size) => size);
const reads = estimator(() => 1);

/** The longest list in the variables, two levels down: `input.items`. */
function longestList(variables: Readonly<Record<string, unknown>>, levels = 2): number {
  const lengths = Object.values(variables).map((value) => {
    if (Array.isArray(value)) return value.length;
    return levels > 1 && typeof value === 'object' && value !== null ? longestList(value as Record<string, unknown>, levels - 1) : 1;
  });
  return Math.max(1, ...lengths);
}

export interface CountedRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** Counts. Throws a GraphQLError where the variables do not fit. */
export function costOf(schema: GraphQLSchema, { document, operationName, variables = {} }: CountedRequest): OperationCost {
  const count = (each: ComplexityEstimator): number => getComplexity({
    schema, query: document, variables, estimators: [each], context: { items: longestList(variables) } satisfies Sizes,
    maxQueryNodes: Number.POSITIVE_INFINITY, // Apollo has counted selections
    ...(operationName ? { operationName } : {}),
  });
  return { nodeCount: count(nodes), cost: Math.max(1, Math.ceil(count(reads) / CONNECTIONS_PER_POINT)) };
}

const countIn = (schema: GraphQLSchema, request: CountedRequest): OperationCost | undefined => {
  try {
    return costOf(schema, request);
  } catch (error) {
    if (error instanceof GraphQLError) return undefined; // variables that do not fit are told by the execution, which begins with them
    throw error;
  }
};

/** Refuses what asks for too much before anything is resolved, and leaves the count with the request: this is the place to charge it to the caller. */
export const costLimit = (schema: GraphQLSchema): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, operation, operationName, request, contextValue }) => {
      if (!operation) return; // none of that name: the execution tells
      const counted = countIn(schema, { document, operationName, variables: request.variables });
      if (counted && counted.nodeCount > operationLimits.nodes) {
        throw tooComplex(`The operation asks for up to ${counted.nodeCount} nodes, and may for ${operationLimits.nodes}; ask for smaller pages, above all of the connections within others.`);
      }
      contextValue.counted = counted;
    },
  }),
});
