/** The tools' door: Apollo, with every answer's errors translated at this border. */
import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { ApolloServerValidationErrorCode, unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema, Kind, type OperationDefinitionNode } from 'graphql';
import type { Logger } from 'pino';
import { Failure, toFailure } from '../../../schema/failure.js';
import { currentRequest } from '../domain/current-request.js';
import { aboutRequest, isOfDocument, logFailure, presentFailure, thrownInside } from './answer-errors.js';
import type { Context } from './context.js';
import { costLimit } from './operation-cost.js';
import { limitRules, operationLimits } from './operation-limits.js';

/** Codes that GraphQL itself gives, whose messages are about the request and nothing else. */
const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
]);

const LONGEST_MESSAGE = 1000;
const FORGEABLE = 'Another site may have made a browser send this; say "Content-Type: application/json", with GET, too.';

/** Where the library speaks of itself, and of other libraries. */
function plainly({ message, extensions }: GraphQLFormattedError): string {
  if (extensions?.['validationErrorCode'] === ApolloServerValidationErrorCode.INTROSPECTION_DISABLED) {
    return 'The schema is not told here: `__schema` and `__type` are not answered.';
  }
  if (message.includes('(CSRF)')) return FORGEABLE;
  return message
    .replace('Apollo Server supports', 'This address takes')
    .replace(/ It looks like you're sending the internal .*/s, '')
    .slice(0, LONGEST_MESSAGE); // it may quote a value
}

function translate(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const thrown = unwrapResolverError(error);
  const ownRefusal = thrown instanceof GraphQLError && thrown.originalError instanceof Failure;
  if (thrown instanceof GraphQLError && !ownRefusal && REQUEST_FAULTS.has(String(formatted.extensions?.['code']))) {
    return { message: plainly(formatted), locations: formatted.locations!, extensions: { code: formatted.extensions!['code'] } };
  }
  if (isOfDocument(thrown)) {
    return { message: plainly(formatted), locations: formatted.locations!, path: formatted.path!, extensions: { code: 'BAD_USER_INPUT' } };
  }
  const { message, extensions } = presentFailure(toFailure(thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown));
  return { message, ...(formatted.path && { path: formatted.path }), extensions: extensions! };
}

/** What graphql-js guesses that the caller meant; Apollo takes it out of what validation says, not of what is said of variables. */
const withoutGuesses = (error: GraphQLFormattedError): GraphQLFormattedError => ({
  ...error,
  message: error.message.replace(/ ?Did you mean .+\?$/, ''),
});

/** Every error carries the id to quote. Apollo's translator knows the error and nothing else, so it comes from the current request. */
const presenter =
  (isSchemaTold: boolean) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const translated = isSchemaTold ? translate(formatted, error) : withoutGuesses(translate(formatted, error));
    const request = currentRequest.getStore();
    if (request === undefined) return translated;
    request.code ??= String(translated.extensions?.['code']);
    return { ...translated, extensions: { ...translated.extensions, requestId: request.requestId } };
  };

const MOST_FIELDS = 5;

/** For whoever counts requests, and for the log: names of the schema, never those that callers give. */
function noteOperation(operation: OperationDefinitionNode | null | undefined): void {
  const request = currentRequest.getStore();
  if (!request || !operation) return;
  request.operation = operation.operation;
  request.fields = operation.selectionSet.selections
    .slice(0, MOST_FIELDS)
    .map((selection) => (selection.kind === Kind.FIELD ? selection.name.value : '…'));
}

/** A caller that is not known, or a dependency that is away, is an HTTP status as well; and each fault of ours is a line in the log. */
const statusesAndLog = (log: Logger): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => noteOperation(operation),
    didEncounterErrors: async ({ errors, contextValue, response }) => {
      const request = currentRequest.getStore();
      for (const error of errors) {
        const failure = thrownInside(error);
        if (!failure) continue; // GraphQL itself has refused the request
        logFailure(log, failure, request ? aboutRequest(request) : { requestId: contextValue.origin?.requestId });
        if (failure.retryAfter !== undefined) response.http.headers.set('retry-after', String(failure.retryAfter));
        if ([401, 403, 429, 500, 503].includes(failure.kind.status)) response.http.status = failure.kind.status;
      }
    },
  }),
});

/** Makes the server; it is not started yet. */
export function makeGraphqlServer(schema: GraphQLSchema, httpServer: Server, introspection: boolean, log: Logger): ApolloServer<Context> {
  const present = presenter(introspection);
  return new ApolloServer<Context>({
    schema,
    introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: operationLimits.tokens },
    maxRecursiveSelections: operationLimits.selections,
    validationRules: [...limitRules],
    logger: log,
    formatError: present,
    plugins: [
      ApolloServerPluginCacheControlDisabled(), // it would instrument every field
      ApolloServerPluginInlineTraceDisabled(), // a subgraph has it unasked: whoever sends a header has every field timed
      ApolloServerPluginLandingPageDisabled(), // it would load scripts of others
      ApolloServerPluginDrainHttpServer({ httpServer, stopGracePeriodMillis: 10_000 }),
      statusesAndLog(log),
      costLimit(schema, present),
    ],
  });
}
