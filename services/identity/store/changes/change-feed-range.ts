/**
 * Which records a page of the feed looks at: by the index that is walked, between which places, and what is looked for on the way.
 */
import { literal, type RawBuilder, sql } from '../query/sql.js';
import type { FeedQuery } from './change-feed.js';

/** Bytes of records, as stored, that are looked into for a member: to unpack MOST_EXAMINED of a thousand members each takes seconds. */
const LOOKED_INTO_BYTES = 32_000_000;

const always = sql`true`;
const all = (conditions: readonly (RawBuilder<unknown> | undefined | false)[]): RawBuilder<unknown> =>
  sql.join([always, ...conditions.filter((condition) => condition !== undefined && condition !== false)], sql` and `);

const ofTenant = ({ tenantId }: Pick<FeedQuery, 'tenantId'>) => tenantId !== undefined && sql`tenant_id = ${tenantId}::uuid`;

/** Kinds begin with the type of their subject: what is about no user or group has an index of its own. */
const isAboutSettings = ({ kinds, subjectType }: FeedQuery): boolean => {
  const types = subjectType === undefined ? kinds?.map((kind) => kind.split('_')[0]!) : [subjectType];
  return types !== undefined && types.every((type) => type !== 'USER' && type !== 'GROUP');
};

/**
 * The condition of an index of its own; that is by tenant. Of a group's records most are of this kind, and of all tenants' they are looked
 * for on the way.
 */
const ofMembers = sql`kind = 'GROUP_MEMBERS_CHANGED'`;
const walksMembers = ({ tenantId, subjectId, memberId }: FeedQuery): boolean =>
  memberId !== undefined && tenantId !== undefined && subjectId === undefined;

/** What the index to walk is chosen by. */
export const walked = (query: FeedQuery): RawBuilder<unknown> =>
  all([
    ofTenant(query),
    query.subjectId !== undefined && sql`subject_id = ${query.subjectId}::uuid`,
    isAboutSettings(query) && sql`subject_type not in ('USER', 'GROUP')`,
    walksMembers(query) && ofMembers,
  ]);

/** What is looked for on the way. */
export const wanted = ({ kinds, subjectType, memberId, since, until }: FeedQuery): RawBuilder<unknown> =>
  all([
    kinds && sql`kind = any(${[...kinds]}::text[])`,
    subjectType !== undefined && sql`subject_type = ${subjectType}`,
    memberId !== undefined &&
      sql`${ofMembers} and (jsonb_exists(before -> 'members', ${memberId}) or jsonb_exists(after -> 'members', ${memberId}))`,
    since !== undefined && sql`at >= ${since}::timestamptz`,
    until !== undefined && sql`at < ${until}::timestamptz`,
  ]);

/** Of records that are looked into, those that fit; the first one always does. */
export const within = ({ memberId }: FeedQuery): RawBuilder<unknown> =>
  memberId === undefined ? always : sql`coalesce(bytes_before, 0) < ${literal(LOOKED_INTO_BYTES)}`;

export const isSelective = ({ kinds, subjectType, memberId, since, until }: FeedQuery): boolean =>
  (kinds ?? subjectType ?? memberId ?? since ?? until) !== undefined;

/** A record's time is when its transaction began, so times are out of order by as long as a transaction may take. */
const SKEW = `interval '1 hour'`;

/** What is ordered by the index that is walked: that of all tenants is on an expression. */
export const placeOf = ({ tenantId }: FeedQuery): RawBuilder<unknown> => (tenantId === undefined ? sql`(place + 0)` : sql`place`);

/** The first place at which records may be of this time: found by halving, each step one look into an index. */
const placeOfTime = (query: FeedQuery, time: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  with recursive halved (low, high) as (
    select 0::bigint, (select horizon from feed)
    union all
    select case when probe.at < ${time} then probe.place + 1 else low end, case when probe.at < ${time} then high else middle end
    from halved cross join lateral (select low + (high - low) / 2 as middle) as halves left join lateral (
      select place, at from change where ${walked(query)} and ${placeOf(query)} >= middle order by ${placeOf(query)}, sequence limit 1
    ) as probe on true
    where low < high
  ) select max(low) from halved)`;

/** The bound that counts, of several: the last one from below, the first one from above. */
const bound = (places: readonly (RawBuilder<unknown> | undefined | false)[], direction: 'asc' | 'desc'): RawBuilder<unknown> => sql`
  select place, sequence from (values ${sql.join(places.filter((place) => place !== undefined && place !== false))}) as bound (place, sequence)
  order by place ${sql.raw(direction)}, sequence ${sql.raw(direction)} limit 1`;

/**
 * Between which places to look, as two rows. The planner cannot know how many are between them, and guesses many (of two bounds of one
 * column it would guess few); nor does it know the limit, and guesses a tenth: so it walks the index until it has enough. Otherwise it
 * might sort all that there are.
 */
export function bounds(query: FeedQuery): { readonly low: RawBuilder<unknown>; readonly high: RawBuilder<unknown> } {
  const { from, isBackward, since, until } = query;
  const margin = sql.raw(SKEW);
  const start = from && sql`(${from.place}::bigint, ${from.sequence}::bigint)`;
  return {
    low: bound(
      [
        sql`(-2::bigint, 0::bigint)`,
        !isBackward && start,
        since !== undefined && sql`(${placeOfTime(query, sql`(${since}::timestamptz - ${margin})`)}, -1)`,
      ],
      'desc',
    ),
    high: bound(
      [
        sql`((select horizon from feed), 0::bigint)`,
        isBackward && start,
        until !== undefined && sql`(${placeOfTime(query, sql`(${until}::timestamptz + ${margin})`)}, 0)`,
      ],
      'asc',
    ),
  };
}
