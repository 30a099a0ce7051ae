/**
 * How much one operation may ask, whoever asks: GraphQL Armor counts depth, aliases and directives (well-kept rules, linear in the document
 * whatever its fragments), Apollo tokens and selections. What is in a page counts in operation-cost.ts.
 */
import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import type { GraphQLError, ValidationRule } from 'graphql';
import { Failure } from '../../../schema/failure.js';
import { refusal } from './answer-errors.js';

export const operationLimits = {
  /** Characters of a document. */
  characters: 100_000,
  tokens: 2000,
  /** Selections, those of a fragment counted at each spread. */
  selections: 10_000,
  /** Fields within fields; what is below `__schema` does not count: GraphQL bounds introspection itself. */
  depth: 12,
  /** For many writes or reads at once there are `bulk`, sets of members, and lists with filters. */
  aliases: 15,
  directives: 50,
  /**
   * Nodes of all connections together, each at its `first` or `last`: so many hold the process for about a second, and nobody else is
   * answered meanwhile.
   */
  nodes: 25_000,
  /** Levels of lists and objects in a body. */
  bodyDepth: 64,
  /** Milliseconds an operation may take, from when its body has come to its answer. */
  milliseconds: 10_000,
  /** The same where the request carries a large set to write. */
  longMilliseconds: 45_000,
} as const;

export const tooComplex = (detail: string): GraphQLError => refusal(new Failure('TOO_COMPLEX', { detail }));

/** Armor's own errors are thrown out of the validation, and call everything a syntax error. */
const refusing = (n: number, sentence: string) => ({
  n,
  propagateOnRejection: false,
  onReject: [(context: { reportError(error: GraphQLError): void } | null) => context?.reportError(tooComplex(sentence))],
});

const { depth, aliases, directives } = operationLimits;

export const limitRules: readonly ValidationRule[] = [
  maxDepthRule({
    ...refusing(depth, `The document is nested deeper than ${depth} levels; ask for what is further down in a request of its own.`),
    flattenFragments: true,
  }),
  maxAliasesRule(
    refusing(
      aliases,
      `The document has more than ${aliases} aliases; write many at once with bulk or with sets of members, and read many with a list and a filter.`,
    ),
  ),
  maxDirectivesRule(refusing(directives, `The document has more than ${directives} directives; leave out what you skip.`)),
] as readonly ValidationRule[];
