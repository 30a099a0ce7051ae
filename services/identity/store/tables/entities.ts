/**
 * The tables as MikroORM entities: they type the rows that statements answer. What only PostgreSQL can say (collations, folded keys, the
 * order of changes) is in the migrations; a test compares the columns of both.
 */
import { defineEntity, type EntitySchemaWithMeta, p } from '@mikro-orm/core';
import type { InferKyselyTable } from '@mikro-orm/postgresql';
import type { Selectable } from 'kysely';

/** What the driver answers for a value: times and whole numbers of 64 bits as text. */
type Answered<Value> = Value extends Date | bigint ? string : Value extends Uint8Array ? Uint8Array : Value;

/** A row of the table as a statement answers it. */
export type Row<Entity extends EntitySchemaWithMeta> = {
  [Column in keyof Selectable<InferKyselyTable<Entity>>]: Answered<Selectable<InferKyselyTable<Entity>>[Column]>;
};

export const Tenant = defineEntity({
  name: 'Tenant',
  tableName: 'tenant',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    /** What the tenant has decided (schema/policies.ts); absent ones are the defaults. */
    policies: p.json(),
    /** Attributes of the tenant's own (schema/tenant-types.ts), and a number that moves on with every declaration. */
    extensions: p.json(),
    schema_version: p.integer().default(0),
    /** What the tenant has decided about its tokens. */
    token_policy: p.json(),
    /** Null where the usual limit holds. */
    requests_per_second: p.integer().nullable(),
    created_at: p.datetime().defaultRaw('now()'),
    /** A key from outside, as the id in a customer list. */
    reference: p.text().nullable(),
    state: p.text().default('ACTIVE'),
    state_reason: p.text().nullable(),
    state_changed_at: p.datetime().nullable(),
    /** Who asked for the deletion that is under way. */
    deletion: p.json().nullable(),
  },
});

export const ScimClient = defineEntity({
  name: 'ScimClient',
  tableName: 'scim_client',
  properties: {
    tenant_id: p.uuid().primary(),
    id: p.uuid().primary(),
    client_id: p.text(),
    name: p.text().default('SCIM'),
    description: p.text().nullable(),
    secret_digest: p.blob(),
    /** As old as the client where nothing is said. */
    secret_created_at: p.datetime().nullable(),
    secret_used_at: p.datetime().nullable(),
    /** The secret before, as long as it is good. */
    old_secret_digest: p.blob().nullable(),
    old_secret_created_at: p.datetime().nullable(),
    old_secret_used_at: p.datetime().nullable(),
    old_secret_expires_at: p.datetime().nullable(),
    created_at: p.datetime().defaultRaw('now()'),
    revoked_at: p.datetime().nullable(),
  },
});

export const AccessToken = defineEntity({
  name: 'AccessToken',
  tableName: 'access_token',
  properties: {
    tenant_id: p.uuid().primary(),
    id: p.uuid().primary(),
    client_id: p.uuid().nullable(),
    digest: p.blob(),
    audience: p.text(),
    scopes: p.array(),
    created_at: p.datetime().defaultRaw('now()'),
    expires_at: p.datetime(),
    revoked_at: p.datetime().nullable(),
    last_used_at: p.datetime().nullable(),
    last_used_address: p.text().nullable(),
    last_used_agent: p.text().nullable(),
    name: p.text().nullable(),
    description: p.text().nullable(),
    allowed_networks: p.array(),
    /** The token with which it was made. */
    created_by: p.uuid().nullable(),
    /** Tokens that replaced each other have one family; null is a family of one. */
    family: p.uuid().nullable(),
    rotated_from: p.uuid().nullable(),
    rotated_to: p.uuid().nullable(),
    /** When the next warning of its end is due. */
    warn_at: p.datetime().nullable(),
  },
});

/** What a user and a group have in common: the columns that identity turns on, and the rest of the document. */
const resource = {
  tenant_id: p.uuid().primary(),
  id: p.uuid().primary(),
  external_id: p.text().nullable(),
  /** The document without the columns. */
  profile: p.json(),
  /** The same with every caseless string folded: what filters compare with. */
  folded: p.json(),
  version: p.integer().default(1),
  created_at: p.datetime().defaultRaw('now()'),
  updated_at: p.datetime().defaultRaw('now()'),
  /** Made by the database: every text of the document in quotes, for `co`, `sw` and `ew`. */
  search_text: p.text(),
};

const AppUser = defineEntity({
  name: 'AppUser',
  tableName: 'app_user',
  properties: {
    ...resource,
    user_name: p.text(),
    user_name_key: p.text(),
    display_name: p.text().nullable(),
    display_name_key: p.text().nullable(),
    active: p.boolean().default(true),
  },
});

const AppGroup = defineEntity({
  name: 'AppGroup',
  tableName: 'app_group',
  properties: {
    ...resource,
    display_name: p.text(),
    display_name_key: p.text(),
    /** The key again where names must be unique in the tenant; null where they may be shared. */
    unique_name_key: p.text().nullable(),
  },
});

const Membership = defineEntity({
  name: 'Membership',
  tableName: 'membership',
  properties: {
    tenant_id: p.uuid().primary(),
    group_id: p.uuid().primary(),
    user_id: p.uuid().primary(),
    created_at: p.datetime().defaultRaw('now()'),
  },
});

/** A group that is a member of a group. */
const Nesting = defineEntity({
  name: 'Nesting',
  tableName: 'nesting',
  properties: {
    tenant_id: p.uuid().primary(),
    group_id: p.uuid().primary(),
    subgroup_id: p.uuid().primary(),
    created_at: p.datetime().defaultRaw('now()'),
  },
});

export const Change = defineEntity({
  name: 'Change',
  tableName: 'change',
  properties: {
    tenant_id: p.uuid().primary(),
    /** Readers follow (place, sequence) below the oldest transaction still open: commit order, without gaps. */
    place: p.bigint().primary().defaultRaw('change_place()'),
    sequence: p.bigint().primary(),
    transaction_id: p.type('xid8'),
    at: p.datetime().defaultRaw('now()'),
    kind: p.text(),
    subject_type: p.text(),
    subject_id: p.uuid(),
    /** Of users and groups: the version and the external id afterwards. */
    version: p.integer().nullable(),
    external_id: p.text().nullable(),
    before: p.json().nullable(),
    after: p.json().nullable(),
    door: p.text(),
    token_id: p.uuid().nullable(),
    request_id: p.text(),
    address: p.text().nullable(),
  },
});

/** One row, of no tenant: what the cursors of the feed hold on to. */
const ChangeFeed = defineEntity({
  name: 'ChangeFeed',
  tableName: 'change_feed',
  properties: {
    id: p.uuid().primary(),
    /** Moves where the records come to another cluster, whose transactions are counted anew. */
    era: p.smallint(),
    cluster_id: p.bigint(),
    /** The last place that was pruned. */
    pruned_place: p.bigint(),
    pruned_sequence: p.bigint(),
  },
});

export const DialectSighting = defineEntity({
  name: 'DialectSighting',
  tableName: 'dialect_sighting',
  properties: {
    tenant_id: p.uuid().primary(),
    client: p.text().primary(),
    habit: p.text().primary(),
    first_seen_at: p.datetime(),
    last_seen_at: p.datetime(),
    requests: p.bigint(),
  },
});

/** What was refused over SCIM, for support. */
export const RefusedRequest = defineEntity({
  name: 'RefusedRequest',
  tableName: 'refused_request',
  properties: {
    tenant_id: p.uuid().primary(),
    /** New with each repetition. */
    id: p.uuid().primary(),
    fingerprint: p.blob(),
    first_at: p.datetime().defaultRaw('now()'),
    last_at: p.datetime().defaultRaw('now()'),
    times: p.bigint(),
    method: p.text(),
    path: p.text(),
    status: p.integer(),
    scim_type: p.text().nullable(),
    detail: p.text(),
    body: p.text().nullable(),
    request_id: p.text(),
    token_id: p.uuid(),
    user_agent: p.text().nullable(),
    address: p.text(),
  },
});

/** How many resources of a type a tenant has: the sum over the slots. */
const ResourceCount = defineEntity({
  name: 'ResourceCount',
  tableName: 'resource_count',
  properties: {
    tenant_id: p.uuid().primary(),
    resource: p.text().primary(),
    slot: p.smallint().primary(),
    total: p.bigint(),
  },
});

const IdempotencyKey = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    tenant_id: p.uuid().primary(),
    key: p.text().primary(),
    request_digest: p.blob(),
    answer: p.json().nullable(),
    expires_at: p.datetime(),
  },
});

/** How far a receiver of security events has acknowledged the change feed. */
const EventReceiver = defineEntity({
  name: 'EventReceiver',
  tableName: 'event_receiver',
  properties: {
    tenant_id: p.uuid().primary(),
    name: p.text().primary(),
    tag: p.text(),
    place: p.bigint(),
    sequence: p.bigint(),
    updated_at: p.datetime(),
  },
});

export const entities = [
  Tenant,
  ScimClient,
  AccessToken,
  AppUser,
  AppGroup,
  Membership,
  Nesting,
  Change,
  ChangeFeed,
  DialectSighting,
  RefusedRequest,
  ResourceCount,
  IdempotencyKey,
  EventReceiver,
];
