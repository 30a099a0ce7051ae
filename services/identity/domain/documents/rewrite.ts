/**
 * Rewriting one resource's document. Optimistic: read, compute, write if the version still stands; after three rounds lost to others the
 * row is locked. What changes nothing moves no version and leaves no record.
 */
import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '../../../../schema/change.js';
import { Failure } from '../../../../schema/failure.js';
import type { ResourceType } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import { type ResourceRow, tableOf } from '../../store/query/columns.js';
import { insideOf, type Statements, type Writable } from '../../store/connection/database.js';
import { findRow, lockRow, type WithRelated } from '../../store/resources/resource-rows.js';
import { updateRow } from '../../store/resources/resource-updates.js';
import { isUuid } from '../../store/resources/uuid.js';
import { checkedAgainst, difference } from './document-rules.js';
import { storable } from './document-size.js';

const OPTIMISTIC_ROUNDS = 3;

/** The new document, not yet checked, given the current one. */
export type Rewrite = (current: JsonObject) => JsonObject;

/** What is to be written, and at which version it must be, if at one. */
export interface Target {
  readonly type: ResourceType;
  readonly id: string;
  readonly ifVersion?: number | undefined;
}

/** A resource that one tenant does not have: the same words for one that never was and one of somebody else. */
export const notFound = (type: ResourceType) =>
  new Failure('NOT_FOUND', { detail: `There is no ${type.name.toLowerCase()} with this id.` });

/** How a change of a resource is recorded. */
export function recordKind(type: ResourceType, verb: 'CREATED' | 'UPDATED') {
  const subjectType = type.name === 'User' ? 'USER' : 'GROUP';
  return { kind: `${subjectType}_${verb}`, subjectType } as const;
}

/** The row as it is, if it is at that version; `lock` keeps it so until the transaction ends. */
export async function currentRow(on: Statements, writer: Writer, { type, id, ifVersion }: Target, lock = false): Promise<ResourceRow> {
  const read = lock ? lockRow : findRow;
  const row = isUuid(id) ? await read(on, tableOf(type), writer.tenantId, id) : undefined;
  if (!row) throw notFound(type);
  if (ifVersion !== undefined && ifVersion !== row.version) throw new Failure('VERSION_MISMATCH');
  return row;
}

async function updateOnce(
  on: Writable,
  type: ResourceType,
  writer: Writer,
  current: ResourceRow,
  wanted: JsonObject,
  related?: WithRelated,
): Promise<ResourceRow | undefined> {
  const document = checkedAgainst(type, current.attributes, wanted);
  if (isDeepStrictEqual(document, current.attributes)) return current;
  storable(document, current.attributes);
  const record = { ...recordKind(type, 'UPDATED'), ...difference(current.attributes, document) };
  return updateRow(on, tableOf(type), { writer, current, document, record }, related);
}

/** Rewrites the document inside of a transaction, with the row locked. */
export async function rewriteLocked(on: Statements, writer: Writer, target: Target, rewrite: Rewrite): Promise<ResourceRow> {
  const current = await currentRow(on, writer, target, true);
  const updated = await updateOnce(insideOf(on), target.type, writer, current, rewrite(current.attributes));
  if (!updated) throw new Failure('CONFLICT');
  return updated;
}

/** Rewrites the document in a transaction of its own; what it writes comes with the first elements of the relation that is asked for. */
export async function rewriteDocument(
  database: Writable,
  writer: Writer,
  target: Target,
  rewrite: Rewrite,
  related?: WithRelated,
): Promise<ResourceRow> {
  for (let round = 0; round < OPTIMISTIC_ROUNDS; round += 1) {
    const current = await currentRow(database, writer, target);
    const updated = await updateOnce(database, target.type, writer, current, rewrite(current.attributes), related);
    if (updated) return updated;
  }
  return database.transaction((on) => rewriteLocked(on, writer, target, rewrite));
}
