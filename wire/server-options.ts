/** How long both programs wait for those who speak HTTP with them, in milliseconds. */

/** For a request to have come whole, its headers first; Node looks so often. A connection is kept longer than any client does. */
export const serverOptions = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 2000,
  keepAliveTimeout: 65_000,
} as const;

/** For who takes nothing of a long answer any more. */
export const ANSWER_MILLISECONDS = 120_000;
