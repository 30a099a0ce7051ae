/** Long answers wait until their clients have taken them, within the room that there is for all. */
import { type Failure, fullFailure } from '../schema/failure.js';
import { UNCOUNTED } from '../wire/bodies.js';
import type { Exchange } from './exchange.js';
import { fullShareOf } from './metrics.js';
import { learnTenant } from './operations.js';
import type { Match } from './router.js';

/** What was written is told in any case. */
const isRead = ({ route }: Match): boolean => route?.method === 'GET' || route?.about === 'list';

/**
 * Holds the answer of a read that went well. Answers the failure to tell instead where there is no room: TOO_MANY_REQUESTS where the tenant
 * does not take what it has asked for, OVERLOADED where all together do not.
 */
export async function holdAnswer(exchange: Exchange, match: Match): Promise<Failure | undefined> {
  const {
    http,
    gateway: { answerRoom, recognizedTokens },
    origin: { token },
  } = exchange;
  const { length = 0 } = http.response as { readonly length?: number };
  if (length <= UNCOUNTED || !isRead(match)) return undefined;
  if (recognizedTokens.tenantOf(token) === undefined) await learnTenant(exchange).catch(() => undefined); // then it is held as the token's
  const full = answerRoom.hold(exchange.holder, length, http.res);
  if (full === undefined) return undefined;
  http.remove('Content-Encoding');
  const failure = fullFailure(full, 'Too many long answers to this tenant have not been taken; read them first, or ask for less at once.');
  exchange.refusedFor = fullShareOf(failure.code, 'bytes');
  return failure;
}
