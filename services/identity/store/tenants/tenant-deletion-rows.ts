/** The end of a tenant: its rows go in batches, each a short transaction that any process may do. */
import { type RawBuilder, sql } from '../query/sql.js';
import { type Actor, recordEach } from '../changes/change-rows.js';
import { oneRow } from '../query/counts.js';
import type { Statements } from '../connection/database.js';

export interface OwnedTable {
  readonly name: string;
  /** The primary key after the tenant, with its types. */
  readonly key: readonly (readonly [column: string, type: 'uuid' | 'text'])[];
}

/**
 * What a tenant owns, in an order in which nothing points to what is gone; what is not named here is little, and goes with the tenant's
 * row.
 */
export const ownedTables: readonly OwnedTable[] = [
  {
    name: 'nesting',
    key: [
      ['group_id', 'uuid'],
      ['subgroup_id', 'uuid'],
    ],
  },
  {
    name: 'membership',
    key: [
      ['group_id', 'uuid'],
      ['user_id', 'uuid'],
    ],
  },
  { name: 'app_group', key: [['id', 'uuid']] },
  { name: 'app_user', key: [['id', 'uuid']] },
  { name: 'idempotency_key', key: [['key', 'text']] },
  {
    name: 'dialect_sighting',
    key: [
      ['client', 'text'],
      ['habit', 'text'],
    ],
  },
  { name: 'access_token', key: [['id', 'uuid']] },
  { name: 'scim_client', key: [['id', 'uuid']] },
];

/** Tenants that are being deleted. */
export async function deletingTenants(on: Statements): Promise<string[]> {
  return (await on.run(sql<{ id: string }>`select id from tenant where state = 'DELETING' order by id`)).map(({ id }) => id);
}

/** Takes the deletion of the tenant for the transaction under way; false where another process has it, or where it is done. */
export async function claimDeletion(on: Statements, tenantId: string): Promise<boolean> {
  const rows = await on.run(sql`select id from tenant where id = ${tenantId}::uuid and state = 'DELETING' for no key update skip locked`);
  return rows.length > 0;
}

/** A place in a table: the key of the last row deleted. */
export type Place = readonly string[];

const listed = (parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql.join(parts);

/**
 * Deletes up to so many rows beyond the place, in the order of the key; answers the place reached, or undefined where there was nothing
 * more. Beginning at the place spares the pages of dead rows before it.
 */
export async function deleteSome(
  on: Statements,
  { name, key }: OwnedTable,
  tenantId: string,
  place: Place | undefined,
  most: number,
): Promise<Place | undefined> {
  const table = sql.table(name);
  const columns = listed(key.map(([column]) => sql.ref(column)));
  const beyond = place ? sql`and (${columns}) > (${listed(key.map(([, type], index) => sql`${place[index]}::${sql.raw(type)}`))})` : sql``;
  const same = sql.join(
    key.map(([column]) => sql`${sql.ref(`${name}.${column}`)} = ${sql.ref(`doomed.${column}`)}`),
    sql` and `,
  );
  const rows = await on.run(sql<Record<string, string>>`
    with doomed as (
      select ${columns} from ${table} where tenant_id = ${tenantId}::uuid ${beyond} order by ${columns} limit ${most}::integer
    ), gone as (
      delete from ${table} using doomed where ${sql.ref(`${name}.tenant_id`)} = ${tenantId}::uuid and ${same}
    )
    select ${columns} from doomed order by ${listed(key.map(([column]) => sql`${sql.ref(column)} desc`))} limit 1`);
  return rows[0] && key.map(([column]) => rows[0]![column]!);
}

type Begun = Omit<Actor, 'tenantId'> & { readonly users: number; readonly groups: number };

/** Deletes what is left: the tenant itself, where it owns nothing more, with the record of it. Answers whether it did. */
export async function deleteEmptyTenant(on: Statements, tenantId: string): Promise<boolean> {
  const [tenant] = await on.run(sql<{ name: string; reference: string | null; deletion: Begun }>`
    select name, reference, deletion from tenant where id = ${tenantId}::uuid and state = 'DELETING' for update`);
  if (!tenant) return false;
  const owned = sql.join(
    ownedTables.map(({ name }) => sql`exists (select 1 from ${sql.table(name)} where tenant_id = ${tenantId}::uuid)`),
    sql` or `,
  );
  const { owns } = await oneRow(on, sql<{ owns: boolean }>`select ${owned} as owns`);
  if (owns) return false;
  const { users, groups, ...by } = tenant.deletion;
  const before = { name: tenant.name, ...(tenant.reference !== null && { reference: tenant.reference }), users, groups };
  const record = { kind: 'TENANT_DELETED', subjectType: 'TENANT', before, after: null } as const;
  await on.run(sql`
    with gone as (delete from tenant where id = ${tenantId}::uuid returning id),
      uncounted as (delete from resource_count where tenant_id = ${tenantId}::uuid),
      recorded as (${recordEach({ ...by, tenantId }, record, sql`gone`)})
    select id from gone`);
  return true;
}
