/** Which columns of users and groups a statement reads. */
import { type RawBuilder, sql } from './sql.js';
import type { ResourceTable } from './columns.js';

/** Names of top-level attributes and URNs of extensions to read; all of them where undefined. */
export type Wanted = readonly string[] | undefined;

/**
 * The columns that make a ResourceRow, of the table or of what is called `alias`; of the document just what is wanted, which the row then
 * looks like it has.
 */
export function columnList(table: ResourceTable, wanted?: Wanted, alias = table.table): RawBuilder<unknown> {
  const columns = table.columns.filter(({ attribute }) => wanted?.includes(attribute) ?? true).map(({ column }) => column);
  const named = ['id', 'version', 'created_at', 'updated_at', ...columns].map((column) => sql.ref(`${alias}.${column}`));
  return sql.join([...named, wanted ? partOfProfile(table, wanted, alias) : sql.ref(`${alias}.profile`)]);
}

/** A profile may be long and kept apart from its row (TOAST): it is not touched where nothing of it is wanted. */
function partOfProfile(table: ResourceTable, wanted: readonly string[], alias: string): RawBuilder<unknown> {
  const declared = [...table.type.schema.attributes.map(({ name }) => name), ...table.type.extensions.map(({ id }) => id)];
  const names = declared.filter((name) => wanted.includes(name) && !table.columns.some(({ attribute }) => attribute === name));
  if (names.length === 0) return sql`'{}'::jsonb as profile`;
  const pairs = names.flatMap((name) => [sql.lit(name), sql`${sql.ref(`${alias}.profile`)} -> ${sql.lit(name)}`]);
  return sql`jsonb_strip_nulls(jsonb_build_object(${sql.join(pairs)})) as profile`;
}
