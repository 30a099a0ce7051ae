/** The change feed: what happened to users, groups, members, tokens, clients and tenants, in an order in which a copy can be kept. */
import { Failure } from '../../../../schema/failure.js';
import type { JsonObject } from '../../../../schema/change.js';
import { changeKinds } from '../../../../schema/change-kinds.js';
import { toDateTime } from '../../../../schema/value.js';
import {
  feedEnd,
  type FeedPage,
  type FeedQuery,
  type FeedRecord,
  isBefore,
  type Place,
  readFeed,
} from '../../store/changes/change-feed.js';
import { pruneOldest } from '../../store/changes/change-pruning.js';
import { isUuid } from '../../store/resources/uuid.js';
import { type Caller, isOperator, OPERATOR_TENANT, permit } from '../caller.js';
import { type PageRequest, readDirection } from '../resources/paging.js';
import type { Services } from '../services.js';

export type { FeedRecord } from '../../store/changes/change-feed.js';

/** What a record may be about. */
export type SubjectType = FeedRecord['subjectType'];

export interface ChangesRequest extends Omit<PageRequest, 'offset'> {
  readonly kinds?: readonly string[] | null | undefined;
  readonly subject?: { readonly type?: SubjectType | null | undefined; readonly id?: string | null | undefined } | null | undefined;
  /** A user or group that joined or left. */
  readonly member?: string | null | undefined;
  /** ISO 8601; `until` exclusive. */
  readonly since?: string | null | undefined;
  readonly until?: string | null | undefined;
  readonly tenantId?: string | null | undefined;
}

export interface ChangesPage {
  readonly records: readonly FeedRecord[];
  readonly cursors: readonly string[];
  /** Where the reader stands before and after this page, whatever it holds. */
  readonly startCursor: string;
  readonly endCursor: string;
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

type Feed = Pick<Services, 'database'>;

/** Whose records the caller may read: an operator those of the tenant named, or of all; anybody else their own tenant's. */
function readableTenant(reader: Caller, tenantId: string | null | undefined): string | undefined {
  const named = tenantId?.toLowerCase();
  const isReadable = named === undefined || (isOperator(reader) ? isUuid(named) : named === reader.tenantId);
  if (!isReadable) throw new Failure('NOT_FOUND', { field: 'tenantId', detail: 'There is no tenant with this id.' });
  return isOperator(reader) ? named : reader.tenantId;
}

const toCursor = (tag: string, { place, sequence }: Place): string =>
  Buffer.from(JSON.stringify([tag, place, sequence])).toString('base64url');

const isNumber = (text: unknown): text is string => typeof text === 'string' && /^(?:-1|\d{1,18})$/.test(text);

function readCursor(cursor: string, field: string): Place & { readonly tag: string } {
  try {
    const [tag, place, sequence] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown, unknown];
    if (typeof tag === 'string' && isNumber(place) && isNumber(sequence)) return { tag, place, sequence };
  } catch {
    /* refused below */
  }
  throw new Failure('INVALID_CURSOR', {
    field,
    detail: 'The cursor is not one of changes; use an endCursor, startCursor, cursor or changesCursor exactly as it was answered.',
  });
}

/** How a reader is told that it may have missed something: by which argument, since when, and how to begin anew. */
interface ExpiryWords {
  readonly field: string;
  readonly since: string;
  readonly again: string;
}

/** A reader who has missed something, or may have, must hear it: a copy goes on only from where it stands. */
export function refuseExpired(
  from: (Place & { readonly tag: string }) | undefined,
  page: Pick<FeedPage, 'tag' | 'end' | 'pruned'>,
  { field, since, again }: ExpiryWords,
): void {
  if (!from) return;
  if (from.tag !== page.tag || isBefore(page.end, from)) {
    throw new Failure('EXPIRED_CURSOR', {
      field,
      detail: `The database was restored, moved or taken over by a standby since ${since}, so that records may be missing. ${again}`,
    });
  }
  if (isBefore(from, page.pruned)) {
    throw new Failure('EXPIRED_CURSOR', { field, detail: `Records from after the time when ${since} were pruned. ${again}` });
  }
}

const AGAIN = 'Begin the copy anew: read changesCursor, then list users and groups, then read changes after that cursor.';

function readTime(text: string | null | undefined, field: string): string | undefined {
  if (text === null || text === undefined) return undefined;
  const time = toDateTime(text);
  if (time === undefined) {
    throw new Failure('INVALID_VALUE', { field, detail: `"${field}" takes a date and time as in "2026-01-31T09:30:00Z".` });
  }
  return time;
}

function readKinds(kinds: ChangesRequest['kinds']): readonly string[] | undefined {
  const known: readonly string[] = changeKinds;
  const unknown = kinds?.find((kind) => !known.includes(kind));
  if (unknown !== undefined) {
    throw new Failure('INVALID_VALUE', {
      field: 'kinds',
      detail: `There is no kind ${JSON.stringify(unknown.slice(0, 100))}; the kinds are ${known.join(', ')}.`,
    });
  }
  return kinds ?? undefined;
}

/** Why an operator has suspended a tenant is for operators: the tenant reads that it was. */
const withoutReason = (values: JsonObject | null): JsonObject | null =>
  values && Object.fromEntries(Object.entries(values).filter(([name]) => name !== 'reason'));
const toldTo =
  (reader: Caller) =>
  (record: FeedRecord): FeedRecord =>
    isOperator(reader) || record.subjectType !== 'TENANT'
      ? record
      : { ...record, before: withoutReason(record.before), after: withoutReason(record.after) };

/** Nobody has an id that is no UUID: then there is nothing to read. */
const NOBODY = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const readId = (id: string | null | undefined): string | undefined =>
  id === null || id === undefined ? undefined : isUuid(id) ? id : NOBODY;

/** A page of the records that the caller may read. Fails with FORBIDDEN, NOT_FOUND, INVALID_VALUE, INVALID_CURSOR, EXPIRED_CURSOR. */
export async function listChanges({ database }: Feed, caller: Caller | undefined, request: ChangesRequest): Promise<ChangesPage> {
  const reader = permit(caller, 'changes:read');
  const tenantId = readableTenant(reader, request.tenantId);
  const { isBackward, size, cursor, field } = readDirection(request);
  const from = cursor ? readCursor(cursor, field) : undefined;
  const query: FeedQuery = {
    tenantId,
    from,
    isBackward,
    limit: size,
    operators: OPERATOR_TENANT,
    kinds: readKinds(request.kinds),
    subjectType: request.subject?.type ?? undefined,
    subjectId: readId(request.subject?.id),
    memberId: readId(request.member)?.toLowerCase(),
    since: readTime(request.since, 'since'),
    until: readTime(request.until, 'until'),
  };
  const page = await readFeed(database, query);
  refuseExpired(from, page, { field, since: 'this cursor was answered', again: AGAIN });
  return toPage({ ...page, records: page.records.map(toldTo(reader)) }, query);
}

function toPage({ records, tag, start, reached, goesOn }: FeedPage, { isBackward, from }: FeedQuery): ChangesPage {
  const [begun, ended] = [toCursor(tag, from ?? start), toCursor(tag, reached)];
  return {
    records,
    cursors: records.map((record) => toCursor(tag, record)),
    startCursor: isBackward ? ended : records[0] ? toCursor(tag, records[0]) : begun,
    endCursor: isBackward ? begun : ended,
    hasNextPage: isBackward ? from !== undefined : goesOn,
    hasPreviousPage: isBackward ? goesOn : from !== undefined,
  };
}

/** The cursor of the end of the feed: what is not yet to be seen comes after it. */
export async function endOfChanges({ database }: Feed, caller: Caller | undefined): Promise<string> {
  permit(caller, 'changes:read');
  const { tag, end } = await feedEnd(database);
  return toCursor(tag, end);
}

const PRUNED_AT_ONCE = 10_000;
const MOST_PRUNED = 200_000;

/** Deletes the oldest records of all tenants, those from before the time; answers how many went and whether there are more to go. */
export async function pruneChanges({ database }: Feed, caller: Caller, before: string): Promise<{ pruned: number; hasMore: boolean }> {
  const time = readTime(before, 'before')!;
  let pruned = 0;
  for (let went = PRUNED_AT_ONCE; went === PRUNED_AT_ONCE && pruned < MOST_PRUNED; pruned += went) {
    went = await pruneOldest(database, caller, time, PRUNED_AT_ONCE);
  }
  return { pruned, hasMore: pruned >= MOST_PRUNED };
}
