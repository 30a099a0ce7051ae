/**
 * The rules of users and groups, one transaction each, the same for both doors. Writes are optimistic: read, compute, write if the
 * version still stands; after three rounds with others the row is locked. What changes nothing moves no version and leaves no record.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Attribute } from '../../../schema/attribute.js';
import type { Change, Json, JsonObject } from '../../../schema/change.js';
import { checkAttributes } from '../../../schema/check.js';
import { Failure } from '../../../schema/failure.js';
import { parsePath } from '../../../schema/path.js';
import { coreAttributes, limits, relationOf, type ResourceType } from '../../../schema/resources.js';
import type { Actor, ChangeRecord } from '../store/change-rows.js';
import { type ResourceRow, tableOf } from '../store/columns.js';
import type { Database, Statements } from '../store/database.js';
import { isForeignKeyViolation } from '../store/driver-errors.js';
import { changeMembers, deleteGroupRow, deleteUserRow, type MemberDelta, type MembersCondition } from '../store/membership-rows.js';
import { findRow, insertRow, updateRow } from '../store/resource-rows.js';
import { isUuid, newId } from '../store/uuid.js';
import { applyChanges, atChange, type ReadChange } from './apply-changes.js';
import { memberDelta, memberIds } from './member-changes.js';
import { refuseUnknownMembers } from './unknown-members.js';

export type { ResourceRow } from '../store/columns.js';

const OPTIMISTIC_ROUNDS = 3;

/** A resource that one tenant does not have: the same words for one that never was and one of somebody else. */
const notFound = (type: ResourceType) => new Failure('NOT_FOUND', { detail: `There is no ${type.name.toLowerCase()} with this id.` });

const recordKind = (type: ResourceType, verb: 'CREATED' | 'UPDATED') => ({
  kind: `${type.name.toUpperCase()}_${verb}`,
  subjectType: type.name === 'User' ? 'USER' : 'GROUP',
} as const);

function checkVersion(row: ResourceRow, ifVersion: number | undefined): void {
  if (ifVersion !== undefined && ifVersion !== row.version) throw new Failure('VERSION_MISMATCH');
}

/** Only the attributes that differ, with their old and new values. */
function difference(before: JsonObject, after: JsonObject): Pick<ChangeRecord, 'before' | 'after'> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const pick = (from: JsonObject) => Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]!]));
  return { before: pick(before), after: pick(after) };
}

function withDefaults(type: ResourceType, input: JsonObject): JsonObject {
  const defaults = coreAttributes(type).filter(({ name, defaultValue }) => defaultValue !== undefined && (input[name] ?? null) === null);
  return { ...input, ...Object.fromEntries(defaults.map(({ name, defaultValue }) => [name, defaultValue as Json])) };
}

/** What has a default has no cleared state to ask for: null is as good as absent. */
const isAbsent = ({ name, defaultValue }: Attribute, input: JsonObject) => input[name] === undefined || (defaultValue !== undefined && input[name] === null);

/** PUT clears what is absent, except what the declaration keeps: a missing `active` must not bring a leaver back. */
function withKept(type: ResourceType, input: JsonObject, current: JsonObject): JsonObject {
  const kept = coreAttributes(type).filter((attribute) => attribute.keptWhenAbsent && !attribute.isRelation && isAbsent(attribute, input));
  return { ...input, ...Object.fromEntries(kept.filter(({ name }) => Object.hasOwn(current, name)).map(({ name }) => [name, current[name]!])) };
}

async function updateOnce(on: Statements, type: ResourceType, actor: Actor, current: ResourceRow, document: JsonObject): Promise<ResourceRow | undefined> {
  if (isDeepStrictEqual(document, current.attributes)) return current;
  const record = { ...recordKind(type, 'UPDATED'), ...difference(current.attributes, document) };
  return updateRow(on, tableOf(type), actor, current, document, record);
}

type Rewrite = (current: JsonObject) => JsonObject;

async function currentRow(on: Statements, type: ResourceType, actor: Actor, id: string, ifVersion: number | undefined, lock = false): Promise<ResourceRow> {
  const row = isUuid(id) ? await findRow(on, tableOf(type), actor.tenantId, id, { lock }) : undefined;
  if (!row) throw notFound(type);
  checkVersion(row, ifVersion);
  return row;
}

async function rewriteLocked(on: Statements, type: ResourceType, actor: Actor, id: string, rewrite: Rewrite, ifVersion?: number): Promise<ResourceRow> {
  const current = await currentRow(on, type, actor, id, ifVersion, true);
  const updated = await updateOnce(on, type, actor, current, rewrite(current.attributes));
  if (!updated) throw new Failure('CONFLICT');
  return updated;
}

async function rewriteDocument(database: Database, type: ResourceType, actor: Actor, id: string, rewrite: Rewrite, ifVersion?: number): Promise<ResourceRow> {
  for (let round = 0; round < OPTIMISTIC_ROUNDS; round += 1) {
    const current = await currentRow(database, type, actor, id, ifVersion);
    const updated = await updateOnce(database, type, actor, current, rewrite(current.attributes));
    if (updated) return updated;
  }
  return database.transaction((on) => rewriteLocked(on, type, actor, id, rewrite, ifVersion));
}

/** Changes the members, or says why not: no such group, another version, unknown users. */
async function applyMembers(on: Statements, type: ResourceType, actor: Actor, id: string, delta: MemberDelta, condition: MembersCondition = {}): Promise<ResourceRow> {
  if (!isUuid(id)) throw notFound(type);
  const wanted = delta.kind === 'adjust' ? delta.add : delta.members;
  const malformed = wanted.filter((member) => !isUuid(member));
  if (malformed.length > 0) {
    await currentRow(on, type, actor, id, condition.ifVersion);
    await refuseUnknownMembers(on, actor.tenantId, wanted);
  }
  const known: MemberDelta = delta.kind === 'adjust' ? { ...delta, remove: delta.remove.filter(isUuid) } : delta;
  const outcome = await changeMembers(on, actor, id, known, condition);
  if (!outcome.group) throw notFound(type);
  if (!outcome.versionMatches) throw new Failure('VERSION_MISMATCH');
  if (outcome.unknown.length > 0) {
    await refuseUnknownMembers(on, actor.tenantId, wanted);
    throw new Failure('CONFLICT'); // the unknown user came to be in between
  }
  return outcome.group;
}

/** A member's user was deleted between the look and the write: look again. */
async function repeatOnVanishedMember<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isForeignKeyViolation(error)) throw error;
      if (attempt === 10) throw new Failure('CONFLICT', { cause: error });
    }
  }
}

/** Creates a resource; a group together with its members, all or nothing. Fails with UNIQUENESS, INVALID_VALUE. */
export async function createResource(database: Database, type: ResourceType, actor: Actor, input: JsonObject): Promise<ResourceRow> {
  const document = checkAttributes(type, withDefaults(type, input));
  const record = { ...recordKind(type, 'CREATED'), before: null, after: document };
  const members = type.name === 'Group' ? memberIds(input[relationOf(type).name]) : [];
  const id = newId();
  if (members.length === 0) return insertRow(database, tableOf(type), actor, id, document, record);
  return repeatOnVanishedMember(() => database.transaction(async (on) => {
    await insertRow(on, tableOf(type), actor, id, document, record);
    return applyMembers(on, type, actor, id, { kind: 'replace', members }, { isNew: true });
  }));
}

/** Replaces the whole resource; members only if they were given. */
export async function replaceResource(
  database: Database, type: ResourceType, actor: Actor, id: string, input: JsonObject, ifVersion?: number,
): Promise<ResourceRow> {
  const rewrite: Rewrite = (current) => checkAttributes(type, withDefaults(type, withKept(type, input, current)));
  const members = type.name === 'Group' ? input[relationOf(type).name] : undefined;
  if (members === undefined) return rewriteDocument(database, type, actor, id, rewrite, ifVersion);
  return rewriteWithMembers(database, type, actor, id, rewrite, { kind: 'replace', members: memberIds(members) }, ifVersion);
}

function rewriteWithMembers(
  database: Database, type: ResourceType, actor: Actor, id: string, rewrite: Rewrite, delta: MemberDelta, ifVersion?: number,
): Promise<ResourceRow> {
  return repeatOnVanishedMember(() => database.transaction(async (on) => {
    await rewriteLocked(on, type, actor, id, rewrite, ifVersion);
    return applyMembers(on, type, actor, id, delta);
  }));
}

function readChanges(type: ResourceType, changes: readonly Change[]): ReadChange[] {
  if (changes.length > limits.patchOperations) throw new Failure('TOO_MANY', { detail: `One request takes at most ${limits.patchOperations} operations.` });
  return changes.map((change, at) => {
    const index = at + 1;
    return { ...change, index, target: atChange({ ...change, index }, () => parsePath(type, change.path)) };
  });
}

/** Applies canonical changes in order, all or nothing. Those of members never read the group's other members. */
export async function changeResource(
  database: Database, type: ResourceType, actor: Actor, id: string, changes: readonly Change[], ifVersion?: number,
): Promise<ResourceRow> {
  const read = readChanges(type, changes);
  const isOfMembers = ({ target }: ReadChange) => type.name === 'Group' && target.kind === 'attribute' && target.attribute.isRelation === true;
  const delta = memberDelta(read.filter(isOfMembers));
  const others = read.filter((change) => !isOfMembers(change));
  const rewrite: Rewrite = (current) => applyChanges(type, current, others);
  if (!delta) return rewriteDocument(database, type, actor, id, rewrite, ifVersion);
  if (others.length > 0) return rewriteWithMembers(database, type, actor, id, rewrite, delta, ifVersion);
  return changeGroupMembers(database, type, actor, id, delta, ifVersion);
}

/** What one set of ids does to the members; no id counts twice. */
export function memberDeltaOf(operation: 'add' | 'remove' | 'replace', userIds: readonly string[]): MemberDelta {
  const ids = [...new Set(memberIds(userIds))];
  if (operation === 'replace') return { kind: 'replace', members: ids };
  return { kind: 'adjust', add: operation === 'add' ? ids : [], remove: operation === 'remove' ? ids : [] };
}

/**
 * Changes members alone: one statement for some, two for all. A statement sees what was there when it began, even if it then waits
 * for the group: two replacements at once would each leave the other's members. The second takes the lock first, then looks.
 */
export function changeGroupMembers(
  database: Database, type: ResourceType, actor: Actor, id: string, delta: MemberDelta, ifVersion?: number,
): Promise<ResourceRow> {
  if (delta.kind === 'adjust') return repeatOnVanishedMember(() => applyMembers(database, type, actor, id, delta, { ifVersion }));
  return repeatOnVanishedMember(() => database.transaction(async (on) => {
    await currentRow(on, type, actor, id, ifVersion, true);
    return applyMembers(on, type, actor, id, delta);
  }));
}

/** Deletes a resource; its name is free at once. Fails with NOT_FOUND, VERSION_MISMATCH. */
export async function deleteResource(database: Database, type: ResourceType, actor: Actor, id: string, ifVersion?: number): Promise<void> {
  if (!isUuid(id)) throw notFound(type);
  const remove = type.name === 'User' ? deleteUserRow : deleteGroupRow;
  const outcome = await repeatOnVanishedMember(() => remove(database, actor, id, ifVersion));
  if (!outcome.found) throw notFound(type);
  if (!outcome.versionMatches) throw new Failure('VERSION_MISMATCH');
}
