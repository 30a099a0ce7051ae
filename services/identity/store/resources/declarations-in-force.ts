/**
 * Writes of values that a tenant has declared the attributes of: done by the declarations in force, or not at all (migration
 * `declarations-in-force`).
 */
import { type RawBuilder, sql } from '../query/sql.js';
import type { JsonObject } from '../../../../schema/change.js';
import { holdsDeclared } from '../../../../schema/tenant-types.js';
import type { ResourceTable } from '../query/columns.js';

/**
 * The version of the declarations by which one of the documents was read that holds such values; undefined where none does, and nothing
 * need be looked at.
 */
export const declarationsOf = ({ type }: ResourceTable, ...documents: readonly JsonObject[]): number | undefined =>
  documents.some(holdsDeclared) ? (type.declarations ?? 0) : undefined;

/**
 * What to write after `word` in a statement that fails with SCHEMA_CHANGED where other declarations are in force; nothing where none are
 * needed.
 */
export const inForce = (word: 'from' | ',', tenantId: string, declarations: number | undefined): RawBuilder<unknown> =>
  declarations === undefined ? sql`` : sql`${sql.raw(word)} require_declarations(${tenantId}::uuid, ${declarations}::integer)`;
