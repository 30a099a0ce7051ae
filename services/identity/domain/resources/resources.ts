/** The rules of users and groups, one transaction each, the same for both doors. */
import type { Change, JsonObject } from '../../../../schema/change.js';
import type { SharedComparisons } from '../../../../schema/comparison-budget.js';
import { Failure } from '../../../../schema/failure.js';
import { parsePath } from '../../../../schema/path.js';
import { limits, relationOf, type ResourceType, writesRelation } from '../../../../schema/resources.js';
import type { Path } from '../../../../schema/tree.js';
import type { Writer } from '../../store/changes/change-rows.js';
import { type ResourceRow, tableOf } from '../../store/query/columns.js';
import { insideOf, type Writable } from '../../store/connection/database.js';
import { deleteGroupRow, deleteUserRow } from '../../store/resources/deletion-rows.js';
import { findLeavers, type Leaver, type WithRelated } from '../../store/resources/resource-rows.js';
import { insertRow } from '../../store/resources/resource-writes.js';
import { isUuid, newId } from '../../store/resources/uuid.js';
import { applyChanges, atChange, type ReadChange } from '../documents/apply-changes.js';
import { newDocument, withDefaults, withKept } from '../documents/document-rules.js';
import { changeGroupMembers } from '../members/group-members.js';
import { type Listed, type MemberChange, memberChange, memberListChange, namedIn } from '../members/member-changes.js';
import { memberTransaction, repeatOnVanishedMember } from '../members/member-transactions.js';
import { notFound, recordKind, type Rewrite, rewriteDocument, rewriteLocked, type Target } from '../documents/rewrite.js';

export type { ResourceRow } from '../../store/query/columns.js';
export type { Writable } from '../../store/connection/database.js';

/** The members that an input of a group lists; undefined where it lists none, which is not the same as an empty list. */
export function membersIn(type: ResourceType, input: JsonObject): Listed | undefined {
  if (type.name !== 'Group') return undefined;
  const { [relationOf(type).name]: value, joinedMemberIds } = input;
  if (typeof joinedMemberIds !== 'string') return value === undefined ? undefined : { value };
  if (value === undefined || value === null) return { joinedMemberIds };
  throw new Failure('INVALID_VALUE', {
    field: 'joinedMemberIds',
    detail: 'The members come either as "members" or as "joinedMemberIds", not as both.',
  });
}

/** Creates a resource; a group together with its members, all or nothing. Fails with UNIQUENESS, INVALID_VALUE. */
export async function createResource(
  database: Writable,
  type: ResourceType,
  writer: Writer,
  input: JsonObject,
  id = newId(),
): Promise<ResourceRow> {
  const document = newDocument(type, input);
  const restored = await restoredTwin(database, type, writer, document);
  if (restored) return restored;
  const made = { id, document, writer };
  const record = recordKind(type, 'CREATED');
  const members = memberListChange('add', membersIn(type, input) ?? {});
  if (namedIn(members.delta).length === 0) return { ...(await insertRow(database, tableOf(type), made, record)), ...NEW };
  return memberTransaction(database, writer, members, async (on, apply) => {
    await insertRow(insideOf(on), tableOf(type), made, record);
    return apply(id, { isNew: true });
  });
}

/** Who is new is in no group, and what is new without members has none: nobody need look. */
const NEW = { related: [] };

/** Says that a leaver who was found is not the one any more. */
const NO_LEAVER = new Failure('NOT_FOUND');

/**
 * The leaver whom a new user with the same external id brings back, where the tenant wants that (Okta assigns anew by POST). Who is active
 * again by the time of the write, deleted, or somebody else's, is left alone: of two requests that have found one leaver, the second is as
 * if it had come later.
 */
async function restoredTwin(
  database: Writable,
  type: ResourceType,
  writer: Writer,
  document: JsonObject,
): Promise<ResourceRow | undefined> {
  const { externalId, userName } = document;
  if (type.name !== 'User' || writer.policies.inactiveDuplicates !== 'RESTORE') return undefined;
  if (typeof externalId !== 'string' || typeof userName !== 'string') return undefined;
  const leaver = soleOf(await findLeavers(database, writer.tenantId, externalId, userName), externalId, userName);
  if (!leaver) return undefined;
  return rewriteDocument(database, writer, { type, id: leaver.id }, (current) => {
    if (current['active'] !== false || current['externalId'] !== externalId) throw NO_LEAVER;
    return document;
  }).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'NOT_FOUND') return restoredTwin(database, type, writer, document);
    throw error;
  });
}

/**
 * Of several leavers the one of the user name comes back. To choose among the others would give somebody the groups and bookings of
 * another.
 */
function soleOf([first, second]: readonly Leaver[], externalId: string, userName: string): Leaver | undefined {
  if (!second || first!.isNamed) return first;
  throw new Failure('UNIQUENESS', {
    field: 'externalId',
    detail: `Several inactive users have the externalId "${externalId}", and none of them the userName "${userName}": reactivate the one who is meant, or take the externalId from all the others.`,
  });
}

/** Replaces the whole resource; members only if they were given. `related` is read along where a single statement does it. */
export async function replaceResource(
  database: Writable,
  writer: Writer,
  target: Target,
  input: JsonObject,
  related?: WithRelated,
): Promise<ResourceRow> {
  const { type } = target;
  const rewrite: Rewrite = (current) => withDefaults(type, withKept(type, input, current));
  const members = membersIn(type, input);
  if (members === undefined) return rewriteDocument(database, writer, target, rewrite, related);
  return rewriteWithMembers(database, writer, target, rewrite, memberListChange('replace', members));
}

/** Rewrites the document and changes the members, all or nothing. */
export function rewriteWithMembers(
  database: Writable,
  writer: Writer,
  target: Target,
  rewrite: Rewrite,
  members: MemberChange,
): Promise<ResourceRow> {
  return memberTransaction(database, writer, members, async (on, apply) => {
    await rewriteLocked(on, writer, target, rewrite);
    return apply(target.id);
  });
}

function readChanges(type: ResourceType, changes: readonly Change[]): ReadChange[] {
  if (changes.length > limits.patchOperations) {
    throw new Failure('TOO_MANY', { detail: `One request takes at most ${limits.patchOperations} operations.` });
  }
  return changes.map((change, at) => {
    const index = change.operation ?? at + 1;
    return { ...change, index, target: atChange({ ...change, index }, () => targetOf(type, change)) };
  });
}

function targetOf(type: ResourceType, { path, value, joinedMemberIds }: Change): Path {
  const target = parsePath(type, path);
  if (typeof joinedMemberIds !== 'string') return target;
  const isOfAll = target.kind === 'attribute' && target.attribute === relationOf(type) && !target.sub && !target.filter;
  if (writesRelation(type) && isOfAll && (value === undefined || value === null)) return target;
  throw new Failure('INVALID_VALUE', {
    field: 'joinedMemberIds',
    detail: '"joinedMemberIds" stands in place of "value", and for "members" as a whole.',
  });
}

/**
 * Applies canonical changes in order, all or nothing. Those of members named by their ids never read the group's other members. `related`
 * is read along where a single statement does it; `shared` is what the operations of a Bulk request may compare.
 */
export async function changeResource(
  database: Writable,
  writer: Writer,
  target: Target,
  changes: readonly Change[],
  { related, shared }: { readonly related?: WithRelated | undefined; readonly shared?: SharedComparisons } = {},
): Promise<ResourceRow> {
  const { type, id, ifVersion } = target;
  const read = readChanges(type, changes);
  const isOfMembers = ({ target: path }: ReadChange) =>
    type.name === 'Group' && path.kind === 'attribute' && path.attribute.isRelation === true;
  const members = memberChange(read.filter(isOfMembers));
  const others = read.filter((change) => !isOfMembers(change));
  const rewrite: Rewrite = (current) => applyChanges(current, others, shared, members !== undefined);
  if (!members) return rewriteDocument(database, writer, target, rewrite, related);
  if (others.length > 0) return rewriteWithMembers(database, writer, target, rewrite, members);
  return changeGroupMembers(database, writer, id, members, ifVersion);
}

/** Deletes a resource; its name is free at once. Fails with NOT_FOUND, VERSION_MISMATCH. */
export async function deleteResource(database: Writable, writer: Writer, { type, id, ifVersion }: Target): Promise<void> {
  if (!isUuid(id)) throw notFound(type);
  // Of a group of a million, a million memberships go, and are told: that may take longer than a statement usually has.
  const remove = () =>
    type.name === 'User'
      ? deleteUserRow(database, writer, id, ifVersion)
      : database.transaction((on) => deleteGroupRow(on, writer, id, ifVersion), 'long');
  const outcome = await repeatOnVanishedMember(database, remove);
  if (!outcome.found) throw notFound(type);
  if (!outcome.versionMatches) throw new Failure('VERSION_MISMATCH');
}
