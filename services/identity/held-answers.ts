/** Long answers to tools wait until they are taken, within the room that there is for all. */
import type Koa from 'koa';
import { fullFailure } from '../../schema/failure.js';
import { answerRoom } from '../../wire/answers.js';
import { currentRequest } from './domain/current-request.js';

/** Bytes of all answers at once; half of them for one tenant. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * Holds answers, each as part of what the caller's tenant holds; who brings no token is one of many strangers. A query whose answer finds
 * no room fails with TOO_MANY_REQUESTS where its tenant does not take what it has asked for, with OVERLOADED where all together do not.
 * What a mutation has done is told in any case.
 */
export function heldAnswers(most = MOST_BYTES): Koa.Middleware {
  const room = answerRoom(most);
  return async (ctx, next) => {
    await next();
    const { caller, operation } = currentRequest.getStore() ?? {};
    const tenantId = caller?.tenantId ?? '';
    const full = room.hold(tenantId, ctx.response.length ?? 0, ctx.res);
    if (full === undefined || operation !== 'query') return;
    throw fullFailure(
      tenantId === '' ? 'ALL' : full,
      'Too many long answers to this tenant have not been taken; read them first, or ask for less at once.',
    );
  };
}
