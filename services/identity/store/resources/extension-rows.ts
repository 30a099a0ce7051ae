/** What tenants have declared of attributes of their own, and the values that are kept under it. */
import { type RawBuilder, sql } from '../query/sql.js';
import type { Json } from '../../../../schema/change.js';
import { type Actor, recordEach, recordRows } from '../changes/change-rows.js';
import { type ResourceTable, tableOf } from '../query/columns.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { lockAlone } from '../tenants/tenant-locks.js';
import type { ResourceType } from '../../../../schema/resources.js';

/** The declarations of a tenant as they are kept. */
export interface DeclaredRow {
  readonly version: number;
  readonly extensions: readonly Json[];
}

const declared = (tenantId: string) =>
  sql<{ schema_version: number; extensions: readonly Json[] }>`select schema_version, extensions from tenant where id = ${tenantId}::uuid`;
const toDeclared = ([row]: readonly { schema_version: number; extensions: readonly Json[] }[]): DeclaredRow => ({
  version: row?.schema_version ?? 0,
  extensions: row?.extensions ?? [],
});

/** What a tenant has declared. */
export const findExtensions = async (on: Statements, tenantId: string): Promise<DeclaredRow> =>
  toDeclared(await on.run(declared(tenantId)));

/**
 * The same, kept so until the transaction ends; nobody writes values of declared attributes meanwhile, and those there are are seen. In the
 * order of arrival.
 */
export async function lockExtensions(on: Statements, tenantId: string): Promise<DeclaredRow> {
  await lockAlone(on, 'declarations', tenantId);
  return toDeclared(await on.run(sql`${declared(tenantId)} for no key update`));
}

/** Writes what the tenant declares, with a record of the declarations that differ. */
export async function updateExtensions(
  on: Statements,
  actor: Actor,
  after: DeclaredRow,
  differing: Readonly<Record<'before' | 'after', readonly Json[]>>,
): Promise<void> {
  const record = {
    kind: 'TENANT_EXTENSIONS_CHANGED',
    subjectType: 'TENANT',
    before: { extensions: differing.before },
    after: { extensions: differing.after },
  } as const;
  await on.run(sql`
    with written as (
      update tenant set extensions = ${JSON.stringify(after.extensions)}::jsonb, schema_version = ${after.version}::integer where id = ${actor.tenantId}::uuid returning id
    ), recorded as (${recordEach(actor, record, sql`written`)})
    select id from written`);
}

const table = ({ table: name }: ResourceTable): RawBuilder<unknown> => sql.table(name);

/** How many resources of the tenant have a value for each of the extension's attributes. */
export async function countValues(on: Statements, type: ResourceType, tenantId: string, urn: string): Promise<ReadonlyMap<string, number>> {
  const rows = await on.run(sql<{ name: string; total: string }>`
    select key as name, count(*) as total from ${table(tableOf(type))}, jsonb_object_keys(profile -> ${urn}::text) as key
    where tenant_id = ${tenantId}::uuid and profile ? ${urn}::text group by key`);
  return new Map(rows.map(({ name, total }) => [name, Number(total)]));
}

/** How many resources of the tenant have the extension. */
export const countWithExtension = (on: Statements, type: ResourceType, tenantId: string, urn: string): Promise<number> =>
  totalOf(on, sql`select count(*) as total from ${table(tableOf(type))} where tenant_id = ${tenantId}::uuid and profile ? ${urn}::text`);

/** How many resources of the tenant have a value of the attribute, or one among several, without the sub-attribute. */
export function countLacking(
  on: Statements,
  type: ResourceType,
  tenantId: string,
  { urn, attribute, sub }: Readonly<Record<'urn' | 'attribute' | 'sub', string>>,
): Promise<number> {
  const value = sql`(profile -> ${urn}::text -> ${attribute}::text)`;
  return totalOf(
    on,
    sql`
    select count(*) as total from ${table(tableOf(type))} where tenant_id = ${tenantId}::uuid and profile -> ${urn}::text ? ${attribute}::text
      and exists (select 1 from jsonb_array_elements(case jsonb_typeof(${value}) when 'array' then ${value} else jsonb_build_array(${value}) end) as element where not element ? ${sub}::text)`,
  );
}

/** A document without these attributes of the extension, and without the extension where nothing is left of it. */
const without = (document: RawBuilder<unknown>, urn: string, names: readonly string[]): RawBuilder<unknown> => sql`
  case when (${document} -> ${urn}::text) - ${[...names]}::text[] = '{}' then ${document} - ${urn}::text
    else jsonb_set(${document}, array[${urn}::text], (${document} -> ${urn}::text) - ${[...names]}::text[]) end`;

/** Takes the values of these attributes from all resources that have one, each with its record. */
export async function dropValues(on: Statements, actor: Actor, type: ResourceType, urn: string, names: readonly string[]): Promise<void> {
  const subjectType = type.name === 'User' ? 'USER' : 'GROUP';
  const record = { kind: `${subjectType}_UPDATED`, subjectType } as const;
  const name = table(tableOf(type));
  await on.run(sql`
    with affected as (
      select id, profile -> ${urn}::text as old from ${name}
      where tenant_id = ${actor.tenantId}::uuid and profile -> ${urn}::text ?| ${[...names]}::text[] order by id for no key update
    ), written as (
      update ${name} set profile = ${without(sql`profile`, urn, names)}, folded = ${without(sql`folded`, urn, names)}, version = version + 1, updated_at = now()
      from affected where ${name}.tenant_id = ${actor.tenantId}::uuid and ${name}.id = affected.id
      returning ${name}.id, ${name}.version, ${name}.external_id, jsonb_build_object(${urn}::text, affected.old) as before,
        case when profile ? ${urn}::text then jsonb_build_object(${urn}::text, profile -> ${urn}::text) else '{}'::jsonb end as after
    ), recorded as (${recordRows(actor, record, sql`written`)})
    select count(*) from written`);
}
