/** Reading relations in pages: the members of groups, the groups of users, in groups in groups as well. */
import { Failure } from '../../../schema/failure.js';
import type { Statements } from '../store/database.js';
import { countRelated, relatedRows, type RelatedRow, type RelationName } from '../store/related-rows.js';
import { isUuid } from '../store/uuid.js';
import { checkSize } from './paging.js';

export type { RelatedRow, RelationName } from '../store/related-rows.js';

/** The members of a group or the groups of a user; `effective` are those through groups in groups, too. */
export function relationNamed(name: 'members' | 'groups', effective: boolean): RelationName {
  if (name === 'members') return effective ? 'effectiveMembers' : 'members';
  return effective ? 'effectiveGroups' : 'groups';
}

export interface RelationPage {
  readonly first: number;
  /** The id of the element after which the page begins. */
  readonly after?: string | null | undefined;
}

export interface RelationPageRows {
  readonly rows: readonly RelatedRow[];
  readonly hasNextPage: boolean;
}

/** The same page of a relation for each of many owners, in the order of the owners. */
export async function relationPages(
  on: Statements, tenantId: string, name: RelationName, ownerIds: readonly string[], { first, after }: RelationPage,
): Promise<RelationPageRows[]> {
  checkSize(first);
  if (after && !isUuid(after)) throw new Failure('INVALID_CURSOR', { field: 'after', detail: 'The cursor is not one of ours.' });
  const found = await relatedRows(on, tenantId, name, ownerIds, { after: after ?? undefined, limit: first + 1 });
  return ownerIds.map((ownerId) => toPage(found.get(ownerId) ?? [], first));
}

/** A page out of one row more than was asked for, which says whether there is a next page. */
export const toPage = (rows: readonly RelatedRow[], first: number): RelationPageRows => ({ rows: rows.slice(0, first), hasNextPage: rows.length > first });

/** How many elements the relation has for each of many owners, in their order. */
export async function countRelations(on: Statements, tenantId: string, name: RelationName, ownerIds: readonly string[]): Promise<number[]> {
  const counts = await countRelated(on, tenantId, name, ownerIds);
  return ownerIds.map((ownerId) => counts.get(ownerId) ?? 0);
}
