/**
 * Reading change records in the order of their places. A transaction writes no record at a place before its own number: below the number of
 * the oldest one that is still open, the horizon, nothing can come in between any more, and nobody reads beyond it.
 */
import { asSearch, literal, type RawBuilder, sql } from '../query/sql.js';
import type { JsonObject } from '../../../../schema/change.js';
import type { RecordedChange } from './change-rows.js';
import { bounds, isSelective, placeOf, walked, wanted, within } from './change-feed-range.js';
import { isoOf } from '../query/columns.js';
import type { Statements } from '../connection/database.js';
import type { Change, Row } from '../tables/entities.js';
import { ERA_BITS } from '../tables/migrations/20261126-changes.js';
import { history, historyTag } from './history.js';

/** Where a record is, or a reader stands: numbers of 64 bits, as text. */
export interface Place {
  readonly place: string;
  readonly sequence: string;
}

/** Which records, and whose. */
export interface FeedQuery {
  /** Those of all tenants where absent. */
  readonly tenantId?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly subjectType?: string | undefined;
  readonly subjectId?: string | undefined;
  /** Those in which this user or group joined a group or left it. */
  readonly memberId?: string | undefined;
  /** ISO 8601, `until` exclusive. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Records beyond this place: after it, or, backwards, before it. */
  readonly from?: Place | undefined;
  readonly isBackward: boolean;
  readonly limit: number;
  /** How many to look at for a page, where a filter passes over few. */
  readonly examined?: number | undefined;
  /** The owner of operators' tokens. */
  readonly operators: string;
}

export interface FeedRecord extends RecordedChange, Place {
  readonly tenantId: string;
  /** ISO 8601 in UTC: when the transaction began. */
  readonly at: string;
  /** The same to the nearest millisecond, as users and groups say when they were written. */
  readonly roundedAt: string;
  readonly version: number | null;
  /** Of users and groups, as it is afterwards; null where there is none, and in records that do not say. */
  readonly externalId: string | null;
  readonly door: string;
  readonly tokenId: string | null;
  readonly tokenName: string | null;
  /** The client's public id and name, where the token is one of a client's and still known. */
  readonly clientId: string | null;
  readonly clientName: string | null;
  readonly requestId: string;
  readonly address: string | null;
}

export interface FeedPage {
  /** In the order of their places, backwards too. */
  readonly records: readonly FeedRecord[];
  /** What the places are good for: they mean nothing to a database with another tag. */
  readonly tag: string;
  /** Where the page begins if nothing else is said, and the horizon. */
  readonly start: Place;
  readonly end: Place;
  /** Records up to here are gone. */
  readonly pruned: Place;
  /** How far was looked, matches or not. */
  readonly reached: Place;
  /** Whether there may be more beyond what was looked at. */
  readonly goesOn: boolean;
}

/** Records looked at for one page, where a filter may pass over most of them. */
export const MOST_EXAMINED = 20_000;
/** Bytes of `before` and `after`, as stored, after which a page ends: a record may hold a thousand members. */
const PAGE_BYTES = 1_000_000;

/** The feed as it stands. */
export const feedState = sql`
  select ${historyTag} as tag,
    (era::bigint << ${sql.lit(ERA_BITS)}) + pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon, pruned_place, pruned_sequence
  from ${history}`;

interface Answer extends Omit<Row<typeof Change>, 'place' | 'transaction_id'> {
  tag: string;
  horizon: string;
  pruned_place: string;
  pruned_sequence: string;
  reached_place: string | null;
  reached_sequence: string | null;
  examined: string;
  unseen: string;
  matches: string;
  place: string | null;
  rounded_at: string;
  kind: FeedRecord['kind'];
  subject_type: FeedRecord['subjectType'];
  before: JsonObject | null;
  after: JsonObject | null;
  token_name: string | null;
  client_id: string | null;
  client_name: string | null;
}

const toRecord = (row: Answer): FeedRecord => ({
  place: row.place!,
  sequence: row.sequence,
  tenantId: row.tenant_id,
  at: isoOf(row.at),
  roundedAt: isoOf(row.rounded_at),
  kind: row.kind,
  subjectType: row.subject_type,
  subjectId: row.subject_id,
  version: row.version,
  externalId: row.external_id,
  before: row.before,
  after: row.after,
  door: row.door,
  tokenId: row.token_id,
  tokenName: row.token_name,
  clientId: row.client_id,
  clientName: row.client_name,
  requestId: row.request_id,
  address: row.address,
});

const bytesOf = sql`coalesce(pg_column_size(before), 0) + coalesce(pg_column_size(after), 0)`;

/** What records hold, for the filter, and how many bytes those before them do: as stored, which is known without unpacking them. */
const insides = (query: FeedQuery, onward: RawBuilder<unknown>): RawBuilder<unknown> => sql`, before, after,
        sum(${bytesOf}) over (order by ${placeOf(query)} ${onward}, sequence ${onward} rows between unbounded preceding and 1 preceding) as bytes_before`;

/** One page of the feed, as it stands at one moment. */
export async function readFeed(on: Statements, query: FeedQuery): Promise<FeedPage> {
  const most = query.examined ?? (isSelective(query) ? MOST_EXAMINED : query.limit + 1);
  const [onward, back] = (query.isBackward ? ['desc', 'asc'] : ['asc', 'desc']).map((direction) => sql.raw(direction));
  const order = sql`place ${onward}, sequence ${onward}`;
  const { low, high } = bounds(query);
  const rows = await on.run(
    asSearch(sql<Answer>`
    with feed as materialized (${feedState}), low as materialized (${low}), high as materialized (${high}), examined as materialized (
      select tenant_id, place, sequence, kind, subject_type, at${query.memberId === undefined ? sql`` : insides(query, onward!)} from change where ${walked(query)}
        and (${placeOf(query)}, sequence) > ((select place from low), (select sequence from low))
        and (${placeOf(query)}, sequence) < ((select place from high), (select sequence from high))
      order by ${placeOf(query)} ${onward}, sequence ${onward} limit (select ${literal(most)})
    ), found as materialized (
      select tenant_id, place, sequence from examined where ${within(query)} and ${wanted(query)} order by ${order} limit ${literal(query.limit + 1)}
    ), page as (
      select record.*, sum(bytes) over (order by ${order}) - bytes as bytes_before
      from (select record.* from found cross join lateral (
        select *, ${bytesOf} as bytes from change
        where tenant_id = found.tenant_id and place = found.place and sequence = found.sequence offset 0
      ) as record) as record
    )
    select tag, horizon::text, pruned_place::text, pruned_sequence::text, reached.place::text as reached_place, reached.sequence::text as reached_sequence, (select count(*) from examined) as examined, (select count(*) from examined where not (${within(query)})) as unseen, (select count(*) from found) as matches,
      page.tenant_id, page.place::text, page.sequence::text, at, at::timestamptz(3) as rounded_at, kind, subject_type, subject_id, version, external_id, before, after, door, token_id, request_id, address, token_name, client.client_id, client_name
    from feed left join page on bytes_before < ${literal(PAGE_BYTES)}
      left join (select place, sequence from examined where ${within(query)} order by place ${back}, sequence ${back} limit 1) as reached on true
      left join lateral (
        select access_token.name as token_name, scim_client.client_id, scim_client.name as client_name
        from access_token left join scim_client on scim_client.tenant_id = access_token.tenant_id and scim_client.id = access_token.client_id
        where access_token.tenant_id = any(array[page.tenant_id, ${query.operators}::uuid]) and access_token.id = page.token_id
      ) as client on true
    order by page.place ${onward}, page.sequence ${onward}`),
  );
  return toPage(query, rows, most);
}

/** A page ends where it is full, or else where looking ended: at a record, or at the end of the feed. */
function toPage({ isBackward, limit, from }: FeedQuery, rows: readonly Answer[], most: number): FeedPage {
  const [first] = rows as [Answer];
  const found = rows
    .filter(({ place }) => place !== null)
    .slice(0, limit)
    .map(toRecord);
  const isCut = Number(first.matches) > found.length;
  const goesOn = isCut || Number(first.examined) >= most || Number(first.unseen) > 0;
  const looked: Place | undefined =
    first.reached_place === null ? undefined : { place: first.reached_place, sequence: first.reached_sequence! };
  const [start, end] = isBackward ? [endOf(first), BEGINNING] : [BEGINNING, latest(endOf(first), from)];
  return {
    records: isBackward ? found.toReversed() : found,
    tag: first.tag,
    start,
    end: endOf(first),
    pruned: { place: first.pruned_place, sequence: first.pruned_sequence },
    reached: goesOn ? ((isCut ? found.at(-1) : looked) ?? from ?? start) : end,
    goesOn,
  };
}

const BEGINNING: Place = { place: '-1', sequence: '0' };
const endOf = ({ horizon }: { readonly horizon: string }): Place => ({ place: horizon, sequence: '0' });

/** Whether the one place comes before the other. */
export const isBefore = (one: Place, other: Place): boolean =>
  one.place === other.place ? BigInt(one.sequence) < BigInt(other.sequence) : BigInt(one.place) < BigInt(other.place);

const latest = (one: Place, other: Place | undefined): Place => (other && isBefore(one, other) ? other : one);

/** Where the feed ends now: whatever is not to be seen there yet comes after it. */
export async function feedEnd(on: Statements): Promise<Pick<FeedPage, 'tag' | 'end'>> {
  const [row] = await on.run(sql<{ tag: string; horizon: string }>`select tag, horizon::text from (${feedState}) as feed`);
  return { tag: row!.tag, end: endOf(row!) };
}
