/** The tools' way in: who it is, whether there is something left of the tenant's quota, whose turn it is; then Apollo. */
import type { ApolloServer } from '@apollo/server';
import { koaMiddleware } from '@as-integrations/koa';
import type Koa from 'koa';
import { quotaHeaders } from '../../schema/quota.js';
import type { Context } from './api/context.js';
import { refusal } from './api/answer-errors.js';
import { identify, isForTools, letIn, makeContext, type OperationOrigin } from './api/callers.js';
import type { Caller } from './domain/caller.js';
import { currentRequest } from './domain/current-request.js';
import type { Services } from './domain/services.js';

/** What Apollo is told of a request: its context, or why it is not let in. */
type ContextMaker = () => Promise<Context>;

const refusing =
  (error: unknown): ContextMaker =>
  async () => {
    throw refusal(error);
  };

/** The tools' door; `originOf` tells where a request comes from. */
export function graphqlDoor(
  apollo: ApolloServer<Context>,
  services: Services,
  originOf: (ctx: Koa.Context) => OperationOrigin,
): Koa.Middleware {
  const { admission } = services;
  const answer = koaMiddleware<Context>(apollo, {
    context: ({ ctx }) => (ctx.state as { readonly makeContext: ContextMaker }).makeContext(),
  });

  async function answerInTurn(ctx: Koa.Context, next: Koa.Next, origin: OperationOrigin, caller: Caller | undefined): Promise<void> {
    const leave = await letIn(services, caller, origin, 1).catch((error: unknown) => {
      ctx.state.makeContext = refusing(error);
      return () => {};
    });
    try {
      await answer(ctx, next);
    } finally {
      leave();
    }
    if (caller) ctx.set(quotaHeaders(admission.quotaOf(caller)));
  }

  return async (ctx, next) => {
    const origin = originOf(ctx);
    let caller: Caller | undefined;
    try {
      caller = await identify(services, origin, isForTools);
    } catch (error) {
      ctx.state.makeContext = refusing(error);
      return answer(ctx, next);
    }
    const request = currentRequest.getStore();
    if (request && caller) request.caller = caller;
    ctx.state.makeContext = () =>
      makeContext(services, caller, origin).catch((error) => {
        throw refusal(error);
      });
    return answerInTurn(ctx, next, origin, caller);
  };
}
