import { Migration } from '@mikro-orm/migrations';
import { TENANT_SETTING } from './20261126-row-security.js';

/** What was refused to a tenant's clients over SCIM, for support (docs/decisions/0024-refused-requests.md). */
export class RefusedRequests extends Migration {
  override name = '20261129-refused-requests';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // The id is new with each repetition: by it the rows are in the order in which they last happened.
  `create table refused_request (
    tenant_id uuid not null references tenant (id) on delete cascade,
    id uuid not null,
    fingerprint bytea not null,
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now(),
    times bigint not null,
    method text not null,
    path text not null,
    status integer not null,
    scim_type text,
    detail text not null,
    body text,
    request_id text not null,
    token_id uuid not null,
    user_agent text,
    address text not null,
    primary key (tenant_id, id),
    unique (tenant_id, fingerprint)
  )`,
  'create index refused_request_age on refused_request (last_at)',
  'alter table refused_request enable row level security',
  `create policy own_tenant on refused_request using (tenant_id = nullif(current_setting('${TENANT_SETTING}', true), '')::uuid)`,
];
