/** The record of every effective change, written by the same statement as the change itself. */
import { type RawBuilder, sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';
import type { Policies } from '../../../../schema/policies.js';
import type { JsonObject } from '../../../../schema/change.js';
import type { ChangeKind } from '../../../../schema/change-kinds.js';
import { ERA_BITS } from '../tables/migrations/20261126-changes.js';

/** Who changes, through which door, in which request. */
export interface Actor {
  readonly tenantId: string;
  readonly tokenId: string | null;
  /** The audience of the caller's token, or `provider` where a client's credentials were the proof, or `start` at start-up. */
  readonly door: string;
  readonly requestId: string;
  readonly address: string | null;
}

/** Somebody who writes users and groups, with what their tenant has decided. */
export interface Writer extends Actor {
  readonly policies: Policies;
}

export interface ChangeRecord {
  readonly kind: ChangeKind;
  readonly subjectType: 'USER' | 'GROUP' | 'TOKEN' | 'CLIENT' | 'TENANT';
  /** Only what differs: attribute names with their values. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

/** A change record as it is read again. */
export interface RecordedChange extends ChangeRecord {
  readonly subjectId: string;
}

/** The records that the transaction under way has left so far; none of them is at a place before its own number. */
export const changesUnderWay = (on: Statements, tenantId: string): Promise<RecordedChange[]> =>
  on.run(sql<RecordedChange>`
  select kind, subject_type as "subjectType", subject_id as "subjectId", before, after from change
  where tenant_id = ${tenantId}::uuid and transaction_id = pg_current_xact_id()
    and place >= (select era::bigint << ${sql.lit(ERA_BITS)} from change_feed) + pg_current_xact_id()::text::bigint
  order by sequence`);

const json = (value: JsonObject | null) => sql`${value === null ? null : JSON.stringify(value)}::jsonb`;

const columns = sql`(tenant_id, kind, subject_type, subject_id, version, external_id, before, after, door, token_id, request_id, address)`;

/** The columns that say who and when, to follow the subject's id, version, external id, before and after in a SELECT. */
const actorValues = (actor: Omit<Actor, 'tenantId'>) =>
  sql`${actor.door}::text, ${actor.tokenId}::uuid, ${actor.requestId}::text, ${actor.address}::text`;

export type Subject = Pick<ChangeRecord, 'kind' | 'subjectType'>;

/**
 * Users and groups have versions and external ids, and a relation with them must have these as `version` and `external_id`: as they are
 * afterwards.
 */
const subject = ({ kind, subjectType }: Subject) =>
  sql`${kind}::text, ${subjectType}::text, id, ${subjectType === 'USER' || subjectType === 'GROUP' ? sql`version, external_id` : sql`null::integer, null::text`}`;

/** `insert into change` with one record for each row of the relation named, which must have the subject's id as `id`. */
export const recordEach = (actor: Actor, record: ChangeRecord, from: RawBuilder<unknown>) => sql`
  insert into change ${columns}
  select ${actor.tenantId}::uuid, ${subject(record)}, ${json(record.before)}, ${json(record.after)}, ${actorValues(actor)} from ${from}`;

/** The same with `before` and `after` taken from the relation's own columns. */
export const recordRows = (actor: Actor, record: Subject, from: RawBuilder<unknown>) => sql`
  insert into change ${columns}
  select ${actor.tenantId}::uuid, ${subject(record)}, before, after, ${actorValues(actor)} from ${from}`;

/** The same where the rows are of several requests: the relation has the columns of `actorColumns`, too. */
export const recordRowsOfMany = (tenantId: string, record: Subject, from: RawBuilder<unknown>) => sql`
  insert into change ${columns}
  select ${tenantId}::uuid, ${subject(record)}, before, after, door, token_id, request_id, address from ${from}`;

/** The same where the rows are of several tenants: the relation has their `tenant_id`, too. */
export const recordRowsOfTenants = (by: Omit<Actor, 'tenantId'>, record: Subject, from: RawBuilder<unknown>) => sql`
  insert into change ${columns}
  select tenant_id, ${subject(record)}, before, after, ${actorValues(by)} from ${from}`;

/** Who writes each of many rows: columns with their types, and what is in them. */
export const actorColumns: readonly { readonly column: string; readonly type: string; readonly of: (actor: Actor) => string | null }[] = [
  { column: 'door', type: 'text', of: ({ door }) => door },
  { column: 'token_id', type: 'uuid', of: ({ tokenId }) => tokenId },
  { column: 'request_id', type: 'text', of: ({ requestId }) => requestId },
  { column: 'address', type: 'text', of: ({ address }) => address },
];
