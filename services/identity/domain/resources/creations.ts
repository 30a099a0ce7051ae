/** Creating many resources at once: those that need nothing but a row of their own. */
import type { JsonObject } from '../../../../schema/change.js';
import { Failure } from '../../../../schema/failure.js';
import type { ResourceType } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import { type ResourceRow, tableOf } from '../../store/query/columns.js';
import type { Statements } from '../../store/connection/database.js';
import { insertOrRefuse, type NewResource } from '../../store/resources/resource-writes.js';
import { newDocument } from '../documents/document-rules.js';
import { memberListChange } from '../members/member-changes.js';
import { membersIn } from './resources.js';
import { recordKind } from '../documents/rewrite.js';

/** Whether creating it writes one row: no members, and no leaver to bring back. */
export function isPlainCreation(type: ResourceType, { policies }: Writer, input: JsonObject): boolean {
  const { value = [], joinedMemberIds } = membersIn(type, input) ?? {};
  const mayRestore = type.name === 'User' && policies.inactiveDuplicates === 'RESTORE' && input['externalId'] !== undefined;
  return !mayRestore && joinedMemberIds === undefined && (value === null || (Array.isArray(value) && value.length === 0));
}

/** Creates them in one statement; each answer is the resource, or why it was not made. The inputs must be plain. */
export async function createManyResources(
  on: Statements,
  type: ResourceType,
  writer: Writer,
  wanted: readonly { readonly id: string; readonly input: JsonObject }[],
): Promise<(ResourceRow | Failure)[]> {
  const checked = wanted.map(({ id, input }) => check(type, writer, id, input));
  const good = checked.filter((one): one is NewResource => !(one instanceof Failure));
  const made = await insertOrRefuse(on, tableOf(type), good, recordKind(type, 'CREATED'));
  const madeOf = new Map(good.map(({ id }, at) => [id, made[at]!]));
  return checked.map((one) => (one instanceof Failure ? one : madeOf.get(one.id)!));
}

function check(type: ResourceType, writer: Writer, id: string, input: JsonObject): NewResource | Failure {
  try {
    memberListChange('add', membersIn(type, input) ?? {});
    return { id, writer, document: newDocument(type, input) };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
