/** How much of its quota a write takes: what is as much work as many requests counts as many. */
import { quotaLimits } from '../../../../schema/quota.js';

/** Members whose ids are in one text. */
interface Joined {
  readonly joinedMemberIds?: string | null;
}

/** What of a mutation's input makes work. */
export interface Weighed {
  readonly operations?: readonly Weighed[] | null;
  readonly memberIds?: readonly unknown[] | null;
  readonly group?: ({ readonly members?: readonly unknown[] | null } & Joined) | null;
  readonly changes?: readonly ({ readonly value?: unknown } & Joined)[] | null;
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function countIn(joined: Joined | null | undefined): number {
  const text = joined?.joinedMemberIds ?? '';
  let count = Number(text !== '');
  for (let at = text.indexOf(','); at >= 0; at = text.indexOf(',', at + 1)) count += 1;
  return count;
}

const membersIn = ({ memberIds, group, changes }: Weighed): number =>
  lengthOf(memberIds) +
  lengthOf(group?.members) +
  countIn(group) +
  (changes ?? []).reduce((sum, change) => sum + lengthOf(change.value) + countIn(change), 0);

const weightOfOne = (write: Weighed): number => Math.max(1, Math.ceil(membersIn(write) / quotaLimits.membersPerUnit));

/** The units that a write takes: one, or one for each operation of a bulk; and one more for each further thousand members begun. */
export const weightOf = (write: Weighed): number =>
  write.operations
    ? Math.max(
        1,
        write.operations.reduce((sum, operation) => sum + weightOfOne(operation), 0),
      )
    : weightOfOne(write);
