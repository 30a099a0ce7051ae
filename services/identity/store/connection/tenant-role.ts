/**
 * The role as which statements of one tenant's callers run; nobody logs in as it. Roles belong to the server and not to the database, and a
 * dump may come without rights: so it is looked after at every start, and not by a migration.
 */
import type { Statements } from './database.js';
import { sql } from '../query/sql.js';

export const TENANT_ROLE = 'condeco_tenant';

// Another database of ours, or another process, may make it at the same moment. A login that may not make roles is told what to ask for.
const MAKE = `do $$ begin
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

// What is written by the tables' owner alone: how far the change feed is, who the tenants are, when cached tokens are good for nothing any
// more.
const GRANT = `do $$ begin
  if not exists (select from pg_class where relkind = 'r' and relnamespace = current_schema::regnamespace and relname not in ('mikro_orm_migrations', 'token_era')
    and not has_table_privilege('${TENANT_ROLE}', oid, 'select')) then return; end if;
  execute format('grant usage on schema %I to ${TENANT_ROLE}', current_schema);
  execute format('grant select, insert, update, delete on all tables in schema %I to ${TENANT_ROLE}', current_schema);
  execute format('grant usage on all sequences in schema %I to ${TENANT_ROLE}', current_schema);
  revoke all on mikro_orm_migrations, token_era from ${TENANT_ROLE};
  revoke insert, update, delete on change_feed from ${TENANT_ROLE};
  revoke insert, delete on tenant from ${TENANT_ROLE};
end $$`;

/** Makes the role, before there is anything that needs it. */
export const makeTenantRole = async (on: Statements): Promise<void> => void (await on.run(sql.raw(MAKE)));

/** Gives it its rights in the tables as they are now, where they are not what they should be. */
export const grantTenantRole = async (on: Statements): Promise<void> => void (await on.run(sql.raw(GRANT)));
