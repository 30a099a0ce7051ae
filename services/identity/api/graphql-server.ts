/** The tools' door: Apollo, with every answer's errors translated at this border. */
import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { toFailure } from '../../../schema/failure.js';
import { logFailure, presentFailure } from './answer-errors.js';
import type { Context } from './context.js';

const MAX_TOKENS = 2000;

/** Codes that GraphQL itself gives, whose messages are about the request and nothing else. */
const REQUEST_FAULTS = new Set([
  'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED', 'PERSISTED_QUERY_NOT_FOUND',
]);

function present(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const thrown = unwrapResolverError(error);
  if (thrown instanceof GraphQLError && REQUEST_FAULTS.has(String(formatted.extensions?.['code']))) {
    return { message: formatted.message, locations: formatted.locations!, extensions: { code: formatted.extensions!['code'] } };
  }
  const { message, extensions } = presentFailure(toFailure(thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown));
  return { message, ...(formatted.path && { path: formatted.path }), extensions: extensions! };
}

/** A caller that is not known, or a dependency that is away, is an HTTP status as well; and each fault of ours is a line in the log. */
const statusesAndLog = (log: Logger): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue, response }) => {
      for (const error of errors) {
        if (!error.originalError) continue;
        const failure = toFailure(error.originalError);
        logFailure(log, failure, contextValue.origin?.requestId);
        if (failure.retryAfter !== undefined) response.http.headers.set('retry-after', String(failure.retryAfter));
        if ([401, 403, 429, 500, 503].includes(failure.kind.status)) response.http.status = failure.kind.status;
      }
    },
  }),
});

/** A failure of making the context (a bad token, no database) in the form Apollo answers with a status. */
export function refusedContext(error: unknown): GraphQLError {
  const failure = toFailure(error);
  const { message, extensions } = presentFailure(failure);
  const headers = new Map(failure.retryAfter === undefined ? [] : [['retry-after', String(failure.retryAfter)]]);
  return new GraphQLError(message, { originalError: failure, extensions: { ...extensions, http: { status: failure.kind.status, headers } } });
}

/** Makes the server; it is not started yet. */
export function makeGraphqlServer(schema: GraphQLSchema, httpServer: Server, introspection: boolean, log: Logger): ApolloServer<Context> {
  return new ApolloServer<Context>({
    schema,
    introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    formatError: present,
    plugins: [
      ApolloServerPluginCacheControlDisabled(), // it would instrument every field
      ApolloServerPluginLandingPageDisabled(), // it would load scripts of others
      ApolloServerPluginDrainHttpServer({ httpServer, stopGracePeriodMillis: 10_000 }),
      statusesAndLog(log),
    ],
  });
}

