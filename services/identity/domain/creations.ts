/** Creating many resources at once: those that need nothing but a row of their own. */
import type { JsonObject } from '../../../schema/change.js';
import { checkAttributes } from '../../../schema/check.js';
import { Failure } from '../../../schema/failure.js';
import type { ResourceType } from '../../../schema/resources.js';
import type { Writer } from '../store/change-rows.js';
import { type ResourceRow, tableOf } from '../store/columns.js';
import type { Statements } from '../store/database.js';
import { insertRows, type NewResource, refusalsOf } from '../store/resource-writes.js';
import { withDefaults } from './document-rules.js';
import { memberListChange } from './member-changes.js';
import { membersIn } from './resources.js';
import { recordKind } from './rewrite.js';

/** Whether creating it writes one row: no members, and no leaver to bring back. */
export function isPlainCreation(type: ResourceType, { policies }: Writer, input: JsonObject): boolean {
  const { value = [], joinedMemberIds } = membersIn(type, input) ?? {};
  const mayRestore = type.name === 'User' && policies.inactiveDuplicates === 'RESTORE' && input['externalId'] !== undefined;
  return !mayRestore && joinedMemberIds === undefined && (value === null || (Array.isArray(value) && value.length === 0));
}

/** Creates them in one statement; each answer is the resource, or why it was not made. The inputs must be plain. */
export async function createManyResources(
  on: Statements, type: ResourceType, writer: Writer, wanted: readonly { readonly id: string; readonly input: JsonObject }[],
): Promise<(ResourceRow | Failure)[]> {
  const checked = wanted.map(({ id, input }) => check(type, id, input));
  const good = checked.filter((one): one is NewResource => !(one instanceof Failure));
  const rows = good.length === 0 ? [] : await insertRows(on, tableOf(type), writer, good, recordKind(type, 'CREATED'));
  const byId = new Map(rows.map((row) => [row.id, row]));
  const refused = good.filter(({ id }) => !byId.has(id));
  const refusals = await refusalsOf(on, tableOf(type), writer, refused.map(({ document }) => document));
  const refusalOf = new Map(refused.map(({ id }, at) => [id, refusals[at]!]));
  return checked.map((one) => (one instanceof Failure ? one : byId.get(one.id) ?? refusalOf.get(one.id)!));
}

function check(type: ResourceType, id: string, input: JsonObject): NewResource | Failure {
  try {
    memberListChange('add', membersIn(type, input) ?? {});
    return { id, document: checkAttributes(type, withDefaults(type, input)) };
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
