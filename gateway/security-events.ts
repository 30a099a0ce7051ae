/** The steps of polling for security events (RFC 8936, with the events of RFC 9967). */
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../schema/failure.js';
import { isReceiverName, RECEIVER_SENTENCE } from '../schema/security-events.js';
import { sendJson, sendNothing } from './answers.js';
import type { Exchange } from './exchange.js';
import { mutate, type PayloadOf } from './operations.js';
import { inUtf8, PLAIN_JSON } from './scim/media-types.js';
import { type Poll, readPollRequest } from './scim/poll-request.js';
import { toClaims, type ToldEvent, toToken } from './scim/security-events.js';
import { inTurns } from './turns.js';

/** A request for events. */
interface PollExchange extends Exchange {
  poll?: Poll;
}

type Polled = PayloadOf<'PollEvents'>;

export function requireReceiver({ id }: Exchange): void {
  if (!isReceiverName(id)) throw new Failure('INVALID_VALUE', { detail: RECEIVER_SENTENCE });
}

/** What a receiver cannot make use of is noted and not told again (RFC 8936, section 2.6). */
export function readPoll(exchange: PollExchange): void {
  const {
    gateway: { log },
    origin: { requestId },
    body,
  } = exchange;
  exchange.poll = readPollRequest(body);
  const { errors } = exchange.poll;
  if (errors.size > 0) {
    log.warn(
      { requestId, refused: errors.size, codes: [...new Set(errors.values())].slice(0, 10) },
      'a receiver could not take security events',
    );
  }
}

export async function tellEvents(exchange: PollExchange): Promise<void> {
  const { maxEvents, returnImmediately, acknowledged } = exchange.poll!;
  let polled = await look(exchange, maxEvents, acknowledged);
  if (maxEvents > 0 && !returnImmediately && isEmpty(polled)) polled = await untilThereAre(exchange, maxEvents, polled);
  const { sets, isCut } = await toSets(exchange, polled.events ?? []);
  sendJson(exchange, 200, { sets, moreAvailable: isCut || polled.moreAvailable === true }, inUtf8(PLAIN_JSON));
}

export async function forgetReceiver(exchange: Exchange): Promise<void> {
  await mutate(exchange, 'ForgetEventReceiver', { input: { receiver: exchange.id } });
  sendNothing(exchange);
}

const look = (exchange: Exchange, maxEvents: number, acknowledged: readonly string[] = []): Promise<Polled> =>
  mutate(exchange, 'PollEvents', { input: { receiver: exchange.id, maxEvents, acknowledged } });

const isEmpty = ({ events, moreAvailable }: Polled): boolean => !events?.length && !moreAvailable;

const MOST_MILLISECONDS = 20_000;
const INTERVAL_MILLISECONDS = 1000;

/**
 * Looks again each second, while the client is there; between two looks nothing of the core is held. Where too many wait already, this one
 * is answered at once.
 */
async function untilThereAre(exchange: Exchange, maxEvents: number, nothing: Polled): Promise<Polled> {
  const {
    gateway: { waitingPolls, isDraining },
    holder,
    http: { res },
  } = exchange;
  if (waitingPolls.take(holder, 1)) return nothing;
  try {
    let polled = nothing;
    for (const end = performance.now() + MOST_MILLISECONDS; isEmpty(polled) && performance.now() < end && !isDraining() && !res.closed;) {
      await pause(INTERVAL_MILLISECONDS);
      if (!res.closed && !isDraining()) polled = await look(exchange, maxEvents);
    }
    return polled;
  } finally {
    waitingPolls.giveBack(holder, 1);
  }
}

/** Characters of tokens, after which an answer ends: members are longer here than as they are kept. */
const MOST_CHARACTERS = 4_000_000;

/** The tokens by their ids, the oldest first; and whether there are more of them than an answer holds. */
async function toSets(exchange: Exchange, events: readonly ToldEvent[]): Promise<{ sets: Record<string, string>; isCut: boolean }> {
  const {
    types,
    gateway: { locate },
    id,
  } = exchange;
  const conversation = { types, locate, audience: locate(`/Events/${id}`) };
  function* tokens(): Generator<[id: string, token: string]> {
    for (let told = 0, length = 0; told < events.length && length < MOST_CHARACTERS; told += 1) {
      const token = toToken(toClaims(events[told]!, conversation));
      length += token.length;
      yield [events[told]!.id, token];
    }
  }
  const made = await inTurns(tokens());
  return { sets: Object.fromEntries(made), isCut: made.length < events.length };
}
