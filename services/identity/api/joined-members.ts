/** Members whose ids came in one text, listed one by one: the other way to say the same. */
import { idsIn } from '../domain/members/named-ids.js';

interface Joined {
  readonly joinedMemberIds?: string | null;
}

/** A group's input; whoever says it in both ways is refused later. */
export function withMembersListed(group: Joined & { readonly members?: unknown }): object {
  const { joinedMemberIds, ...others } = group;
  return typeof joinedMemberIds === 'string' && (group.members ?? null) === null
    ? { ...others, members: idsIn(joinedMemberIds).map((value) => ({ value })) }
    : group;
}

/** The same of a change. */
export function withValueListed<Change extends Joined & { readonly value?: unknown }>(change: Change): Omit<Change, 'joinedMemberIds'> {
  const { joinedMemberIds, ...others } = change;
  return typeof joinedMemberIds === 'string' && (change.value ?? null) === null ? { ...others, value: idsIn(joinedMemberIds) } : change;
}

interface Given {
  readonly group?: Joined | null;
  readonly changes?: readonly Joined[] | null;
}

/** The whole input of a mutation of one resource. */
export const listed = (input: Given): object => ({
  ...input,
  ...(input.group && { group: withMembersListed(input.group) }),
  ...(input.changes && { changes: input.changes.map(withValueListed) }),
});
