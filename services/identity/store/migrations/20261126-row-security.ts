import { Migration } from '@mikro-orm/migrations';

/** The role as which statements of one tenant's callers run; nobody logs in as it. */
export const TENANT_ROLE = 'condeco_tenant';
/** The setting that says which tenant that is. */
export const TENANT_SETTING = 'condeco.tenant';

/**
 * Row-level security: whoever is the tenant role sees and writes the rows of one tenant, whatever the statement asks for. The owner of the tables is
 * not held by it: migrations, and work that is about all tenants, go on as before.
 */
export class RowSecurity extends Migration {
  override name = '20261126-row-security';

  override up(): void {
    for (const statement of [makeRole, ...grants, ...tables.flatMap(secure), ...secureTenant]) this.addSql(statement);
  }
}

// Roles belong to the whole server: another database of ours, or another process, may have made it. A login that may not make roles is told what to ask for.
const makeRole = `do $$ begin
  if not exists (select from pg_roles where rolname = '${TENANT_ROLE}') then
    begin
      create role ${TENANT_ROLE} nologin;
    exception when duplicate_object or unique_violation then null;
    end;
  end if;
  if not (select rolsuper or pg_has_role(oid, '${TENANT_ROLE}', 'usage') from pg_roles where rolname = current_user) then
    execute format('grant ${TENANT_ROLE} to %I', current_user);
  end if;
exception when insufficient_privilege then
  raise exception 'Ask an administrator of the database server to run: CREATE ROLE ${TENANT_ROLE} NOLOGIN; GRANT ${TENANT_ROLE} TO %;', current_user
    using errcode = 'insufficient_privilege';
end $$`;

// Later migrations are run by the same owner: their tables come with the same grants.
const RIGHTS = `select, insert, update, delete on tables to ${TENANT_ROLE}`;
const grants = [
  `do $$ begin
    execute format('grant usage on schema %I to ${TENANT_ROLE}', current_schema);
    execute format('grant select, insert, update, delete on all tables in schema %I to ${TENANT_ROLE}', current_schema);
    execute format('grant usage on all sequences in schema %I to ${TENANT_ROLE}', current_schema);
    execute format('alter default privileges in schema %I grant ${RIGHTS}', current_schema);
    execute format('alter default privileges in schema %I grant usage on sequences to ${TENANT_ROLE}', current_schema);
  end $$`,
  `revoke all on mikro_orm_migrations, token_era from ${TENANT_ROLE}`,
  `revoke insert, update, delete on change_feed from ${TENANT_ROLE}`,
  `revoke insert, delete on tenant from ${TENANT_ROLE}`,
];

const tables = ['access_token', 'app_group', 'app_user', 'change', 'dialect_sighting', 'idempotency_key', 'membership', 'nesting', 'resource_count', 'scim_client'];

// Compared with a constant: where the statement names the same tenant, and all of ours do, PostgreSQL compares the two once, and plans as without a policy.
const current = `nullif(current_setting('${TENANT_SETTING}', true), '')::uuid`;
const secure = (table: string) => [
  `alter table ${table} enable row level security`,
  `create policy own_tenant on ${table} to ${TENANT_ROLE} using (tenant_id = ${current})`,
];

const secureTenant = [
  'alter table tenant enable row level security',
  `create policy own_tenant on tenant to ${TENANT_ROLE} using (id = ${current})`,
];
