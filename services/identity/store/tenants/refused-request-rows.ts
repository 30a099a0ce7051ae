/** Rows of requests that were refused to a tenant's clients: few, and not for long. */
import { sql } from '../query/sql.js';
import { isoOf } from '../query/columns.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { type IdPage, pagedById } from '../query/keyset.js';
import type { RefusedRequest, Row } from '../tables/entities.js';

/** A refusal, however often it was repeated. */
export interface NewRefusal {
  readonly id: string;
  /** What makes two refusals the same. */
  readonly fingerprint: Uint8Array;
  readonly times: number;
  readonly method: string;
  /** With the query, as a person reads it. */
  readonly path: string;
  readonly status: number;
  readonly scimType: string | null;
  readonly detail: string;
  readonly body: string | null;
  readonly requestId: string;
  readonly userAgent: string | null;
}

export interface RefusalRow extends Omit<NewRefusal, 'fingerprint'> {
  /** ISO 8601 in UTC. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly tokenId: string;
  /** Null where the token has none, or is gone. */
  readonly tokenName: string | null;
  readonly address: string;
}

/** Whose they are and where they came from. */
export interface RefusalSource {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly address: string;
}

/** Adds refusals, each fingerprint once; a known one counts on. Processes that write the same rows take their locks in the same order. */
export async function addRefusals(
  on: Statements,
  { tenantId, tokenId, address }: RefusalSource,
  refusals: readonly NewRefusal[],
): Promise<void> {
  const column = (name: keyof NewRefusal) => refusals.map((refusal) => refusal[name]);
  await on.run(sql`
    insert into refused_request (tenant_id, id, fingerprint, times, method, path, status, scim_type, detail, body, request_id, user_agent, token_id, address)
    select ${tenantId}::uuid, given.*, ${tokenId}::uuid, ${address}::text
    from unnest(${column('id')}::uuid[], ${column('fingerprint')}::bytea[], ${column('times')}::bigint[], ${column('method')}::text[], ${column('path')}::text[], ${column('status')}::integer[],
      ${column('scimType')}::text[], ${column('detail')}::text[], ${column('body')}::text[], ${column('requestId')}::text[], ${column('userAgent')}::text[])
      as given (id, fingerprint, times, method, path, status, scim_type, detail, body, request_id, user_agent)
    order by fingerprint
    on conflict (tenant_id, fingerprint) do update set
      id = excluded.id, last_at = now(), times = refused_request.times + excluded.times, request_id = excluded.request_id, user_agent = excluded.user_agent, address = excluded.address`);
}

/** Lets go of all but the newest of a tenant. */
export async function keepNewest(on: Statements, tenantId: string, most: number): Promise<void> {
  await on.run(sql`
    delete from refused_request where tenant_id = ${tenantId}::uuid
      and id <= (select id from refused_request where tenant_id = ${tenantId}::uuid order by id desc offset ${most}::integer limit 1)`);
}

/** Lets go of what no tenant has been refused for so many days, up to `most` rows; answers how many went. */
export function deleteOldRefusals(on: Statements, days: number, most: number): Promise<number> {
  return totalOf(
    on,
    sql`
    with old as (
      select tenant_id, id from refused_request where last_at < now() - make_interval(days => ${days}::integer) order by last_at limit ${most}::integer for update skip locked
    ), gone as (
      delete from refused_request using old where refused_request.tenant_id = old.tenant_id and refused_request.id = old.id returning 1
    ) select count(*) as total from gone`,
  );
}

/** Which of a tenant's refusals. */
export interface RefusalFilter {
  /** A part of address, sentence or body, in any case. */
  readonly text?: string | null | undefined;
  readonly status?: number | null | undefined;
}

interface RawRefusal extends Omit<Row<typeof RefusedRequest>, 'tenant_id' | 'fingerprint'> {
  token_name: string | null;
}

const toRefusal = (row: RawRefusal): RefusalRow => ({
  id: row.id,
  times: Number(row.times),
  method: row.method,
  path: row.path,
  status: row.status,
  scimType: row.scim_type,
  detail: row.detail,
  body: row.body,
  requestId: row.request_id,
  userAgent: row.user_agent,
  firstAt: isoOf(row.first_at),
  lastAt: isoOf(row.last_at),
  tokenId: row.token_id,
  tokenName: row.token_name,
  address: row.address,
});

const matching = (tenantId: string, { text, status }: RefusalFilter) => sql`refused.tenant_id = ${tenantId}::uuid
  ${(status ?? undefined) === undefined ? sql`` : sql`and status = ${status}::integer`}
  ${(text ?? '') === '' ? sql`` : sql`and strpos(lower(concat_ws(' ', path, detail, body)), lower(${text}::text)) > 0`}`;

export const countRefusals = (on: Statements, tenantId: string, filter: RefusalFilter): Promise<number> =>
  totalOf(on, sql`select count(*) as total from refused_request as refused where ${matching(tenantId, filter)}`);

/** Of a page, the newest first; backwards the oldest first. There are so few of a tenant that all of them may be looked at. */
export async function listRefusals(on: Statements, tenantId: string, filter: RefusalFilter, page: IdPage): Promise<RefusalRow[]> {
  const isForward = page.isBackward !== true; // by id, that is backwards
  const rows = await on.run(sql<RawRefusal>`
    select found.id, times, method, path, status, scim_type, detail, body, request_id, user_agent, first_at, found.last_at, token_id, address, access_token.name as token_name
    from (select * from refused_request as refused where ${matching(tenantId, filter)} ${pagedById({ ...page, isBackward: isForward })}) as found
      left join access_token on access_token.tenant_id = found.tenant_id and access_token.id = found.token_id
    order by found.id ${sql.raw(isForward ? 'desc' : 'asc')}`);
  return rows.map(toRefusal);
}
