/**
 * What happened to users and groups, for receivers that acknowledge what they have taken. A receiver has a place in the change feed and
 * nothing else: it moves over the records at its head that are acknowledged, and what was acknowledged further on is told again.
 */
import { Failure } from '../../../../schema/failure.js';
import { type EventKind, eventKinds, isReceiverName, pollLimits, RECEIVER_SENTENCE } from '../../../../schema/security-events.js';
import { feedEnd, type FeedPage, type FeedQuery, type FeedRecord, isBefore, readFeed } from '../../store/changes/change-feed.js';
import { addReceiver, findReceiver, forgetReceiver, moveReceiver, type Position } from '../../store/changes/event-receiver-rows.js';
import { type Caller, OPERATOR_TENANT, permit } from '../caller.js';
import { refuseExpired } from './changes.js';
import type { Services } from '../services.js';

type Feed = Pick<Services, 'database'>;

export interface PollRequest {
  readonly receiver: string;
  readonly maxEvents?: number | null | undefined;
  readonly acknowledged?: readonly string[] | null | undefined;
}

/** A record under the name that it is acknowledged by. */
export interface PolledEvent extends Pick<
  FeedRecord,
  'at' | 'subjectType' | 'subjectId' | 'version' | 'externalId' | 'before' | 'after' | 'requestId'
> {
  readonly id: string;
  readonly kind: EventKind;
}

export interface Polled {
  readonly events: readonly PolledEvent[];
  /** Whether there may be more after these. */
  readonly moreAvailable: boolean;
}

/** A receiver reads all users and all groups. */
function permitReading(caller: Caller | undefined): Caller {
  permit(caller, 'users:read');
  return permit(caller, 'groups:read');
}

function requireName(receiver: string): void {
  if (!isReceiverName(receiver)) throw new Failure('INVALID_VALUE', { field: 'receiver', detail: RECEIVER_SENTENCE });
}

function readLimit(maxEvents: number | null | undefined): number {
  const { default: usual, max } = pollLimits.events;
  const limit = maxEvents ?? usual;
  if (limit >= 0 && limit <= max) return limit;
  throw new Failure('INVALID_VALUE', { field: 'maxEvents', detail: `"maxEvents" is a number from 0 to ${max}.` });
}

function readAcknowledged(acknowledged: readonly string[]): ReadonlySet<string> {
  if (acknowledged.length <= pollLimits.acknowledged) return new Set(acknowledged);
  throw new Failure('TOO_MANY', {
    field: 'acknowledged',
    detail: `One poll acknowledges ${pollLimits.acknowledged} events at the most; acknowledge the rest with further ones.`,
  });
}

const AGAIN = 'Forget the receiver (DELETE its address), poll once under its name, list all users and groups, and go on polling.';
/** Most records of a tenant are about users and groups: a page is found within about as many as it holds. */
const examinedFor = (limit: number): number => 2 * limit + 100;
const pageOf = ({ tenantId }: Caller, from: Position, limit: number): FeedQuery => ({
  tenantId,
  kinds: eventKinds,
  from,
  isBackward: false,
  limit,
  examined: examinedFor(limit),
  operators: OPERATOR_TENANT,
});

/** A page of a receiver's; fails with EXPIRED_CURSOR where records before it may be missing. */
async function readPage({ database }: Feed, query: FeedQuery, from: Position): Promise<FeedPage> {
  const page = await readFeed(database, query);
  refuseExpired(from, page, { field: 'receiver', since: 'this receiver was here last', again: AGAIN });
  return page;
}

/** Sequences begin anew in another database: the tag makes the id one that nothing else ever has. */
const idOf = (tag: string, { sequence }: FeedRecord): string => `${tag}-${sequence}`;

/** Where the receiver stands. One that nobody has polled before begins at the end: with what happens from now on. */
async function positionOf({ database }: Feed, { tenantId }: Caller, receiver: string): Promise<Position> {
  const known = await findReceiver(database, tenantId, receiver);
  if (known) return known;
  return database.transaction(async (on) => {
    const { tag, end } = await feedEnd(on);
    const isAdded = await addReceiver(on, tenantId, receiver, { tag, ...end }, pollLimits.receivers);
    if (!isAdded) {
      throw new Failure('TOO_MANY', {
        field: 'receiver',
        detail: `A tenant has ${pollLimits.receivers} receivers at the most; forget one that is not polled any more.`,
      });
    }
    return (await findReceiver(on, tenantId, receiver))!;
  });
}

/** Whatever was told lies no further on than the longest poll looks: so many of the shortest stretches without an event reach it. */
const MOST_EMPTY = Math.ceil(examinedFor(pollLimits.events.max) / examinedFor(1));

/** Moves over what is acknowledged of the records that come next, up to the first that is not; answers where that is. */
async function moveOver(
  feed: Feed,
  caller: Caller,
  receiver: string,
  start: Position,
  acknowledged: ReadonlySet<string>,
): Promise<Position> {
  let [position, empty] = [start, 0];
  for (let goesOn = acknowledged.size > 0; goesOn;) {
    const page = await readPage(feed, pageOf(caller, position, Math.min(acknowledged.size, pollLimits.events.max)), position);
    const missing = page.records.findIndex((record) => !acknowledged.has(idOf(page.tag, record)));
    // What was looked at in vain is passed over too: the tokens of a tenant alone may fill a page.
    const isPassed = missing < 0 && page.goesOn;
    const next = isPassed ? page.reached : missing < 0 ? page.records.at(-1) : page.records[missing - 1];
    const isMoved = next !== undefined && isBefore(position, next);
    if (isMoved) position = { tag: page.tag, place: next.place, sequence: next.sequence };
    if (page.records.length === 0) empty += 1;
    goesOn = isPassed && isMoved && empty < MOST_EMPTY;
  }
  if (position !== start) await moveReceiver(feed.database, caller.tenantId, receiver, position);
  return position;
}

/** So long a receiver to which nothing happens stays where it is: to note that it has looked is a write. */
const REST_SECONDS = 60;

/** Acknowledges what the request names, and answers what the receiver has not acknowledged, in order, from the oldest. */
export async function pollEvents(
  feed: Feed,
  caller: Caller | undefined,
  { receiver, maxEvents, acknowledged }: PollRequest,
): Promise<Polled> {
  const reader = permitReading(caller);
  requireName(receiver);
  const limit = readLimit(maxEvents);
  const told = readAcknowledged(acknowledged ?? []);
  const from = await moveOver(feed, reader, receiver, await positionOf(feed, reader, receiver), told);
  const { tag, records, reached, goesOn } = await readPage(feed, pageOf(reader, from, limit), from);
  // Whoever keeps polling never hears that records are gone which were nothing to them.
  if (records.length === 0) await moveReceiver(feed.database, reader.tenantId, receiver, { tag, ...reached }, goesOn ? 0 : REST_SECONDS);
  return {
    events: records.map((record) => ({ ...record, at: record.roundedAt, kind: record.kind as EventKind, id: idOf(tag, record) })),
    moreAvailable: goesOn,
  };
}

/** Forgets a receiver and its place; whoever polls under the name again begins anew. */
export async function forgetEventReceiver({ database }: Feed, caller: Caller | undefined, receiver: string): Promise<void> {
  const { tenantId } = permitReading(caller);
  if (!(await forgetReceiver(database, tenantId, receiver))) {
    throw new Failure('NOT_FOUND', { field: 'receiver', detail: 'There is no receiver of this name.' });
  }
}
