import { Migration } from '@mikro-orm/migrations';

/**
 * The first schema. Every table leads with the tenant, and so does every foreign key: a row cannot point into another tenant.
 * Keys are compared as bytes (COLLATE "C"): folding is done by us, the same on every database, whatever its locale.
 */
export class FirstSchema extends Migration {
  override name = '20261123-first';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table tenant (
    id uuid primary key,
    name text not null,
    policies jsonb not null default '{}',
    created_at timestamptz not null default now()
  )`,

  `create table scim_client (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    client_id text collate "C" not null,
    secret_digest bytea not null,
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (tenant_id, id)
  )`,
  // The token provider knows the client id before it knows the tenant.
  'create unique index scim_client_client_id on scim_client (client_id)',

  `create table access_token (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    client_id uuid,
    digest bytea not null,
    audience text not null,
    scopes text[] not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, client_id) references scim_client (tenant_id, id) on delete cascade
  )`,
  // The core knows the digest before it knows the tenant.
  'create unique index access_token_digest on access_token (digest)',

  `create table app_user (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    user_name text not null,
    user_name_key text collate "C" not null,
    external_id text collate "C",
    display_name text,
    display_name_key text collate "C",
    active boolean not null default true,
    profile jsonb not null,
    folded jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
  )`,
  'create unique index app_user_user_name on app_user (tenant_id, user_name_key)',
  'create index app_user_external_id on app_user (tenant_id, external_id) where external_id is not null',

  `create table app_group (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    display_name text not null,
    display_name_key text collate "C" not null,
    unique_name_key text collate "C",
    external_id text collate "C",
    profile jsonb not null,
    folded jsonb not null,
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (tenant_id, id)
  ) with (fillfactor = 70)`, // every change of members updates the group's version: room for HOT updates
  // Where a tenant lets groups share names, the unique key is null, and nulls are never equal.
  'create unique index app_group_unique_name on app_group (tenant_id, unique_name_key)',
  'create index app_group_display_name on app_group (tenant_id, display_name_key)',
  'create index app_group_external_id on app_group (tenant_id, external_id) where external_id is not null',

  // NO ACTION, not CASCADE: members leave by a statement that also moves the groups' versions and records the change.
  `create table membership (
    tenant_id uuid not null,
    group_id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, group_id, user_id),
    constraint membership_group foreign key (tenant_id, group_id) references app_group (tenant_id, id),
    constraint membership_user foreign key (tenant_id, user_id) references app_user (tenant_id, id)
  )`,
  'create index membership_of_user on membership (tenant_id, user_id, group_id)',

  // No foreign key to the tenant: the record of a deletion outlives what was deleted.
  `create table change (
    tenant_id uuid not null,
    transaction_id xid8 not null default pg_current_xact_id(),
    sequence bigint not null generated always as identity,
    at timestamptz not null default now(),
    kind text not null,
    subject_type text not null,
    subject_id uuid not null,
    before jsonb,
    after jsonb,
    door text not null,
    token_id uuid,
    request_id text not null,
    address text,
    primary key (tenant_id, transaction_id, sequence)
  )`,
  'create index change_of_subject on change (tenant_id, subject_id, transaction_id, sequence)',
];
