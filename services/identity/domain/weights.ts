/** How much of its quota a write takes: what is as much work as many requests counts as many. */
import { quotaLimits } from '../../../schema/quota.js';

const UUID_AND_COMMA = 37;

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

/** Of UUIDs with a comma between each two; shorter ones are nobody's, and the write is refused. To look for the commas of 100,000 takes a while. */
const countIn = (joined: Joined | null | undefined): number => Math.ceil((joined?.joinedMemberIds?.length ?? 0) / UUID_AND_COMMA);

const membersIn = ({ memberIds, group, changes }: Weighed): number =>
  lengthOf(memberIds) + lengthOf(group?.members) + countIn(group) + (changes ?? []).reduce((sum, change) => sum + lengthOf(change.value) + countIn(change), 0);

const weightOfOne = (write: Weighed): number => Math.max(1, Math.ceil(membersIn(write) / quotaLimits.membersPerUnit));

/** The units that a write takes: one, or one for each operation of a bulk; and one more for each further thousand members begun. */
export const weightOf = (write: Weighed): number =>
  (write.operations ? Math.max(1, write.operations.reduce((sum, operation) => sum + weightOfOne(operation), 0)) : weightOfOne(write));
