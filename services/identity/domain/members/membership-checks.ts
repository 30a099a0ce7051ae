/** Whether users belong to groups: many questions at once, as a tool has them that decides what people may do. */
import type { Statements } from '../../store/connection/database.js';
import { membershipKinds, type Pair } from '../../store/members/membership-checks.js';
import { isUuid } from '../../store/resources/uuid.js';
import { requireFew } from '../resources/finding.js';

/** The answer about one pair. */
export interface MembershipCheck extends Pair {
  /** Whether the user was put into the group itself. */
  readonly isDirect: boolean;
  /** Whether the user is in the group, directly or through groups in it. */
  readonly isEffective: boolean;
}

/** Answers each pair, in their order; ids that are nobody's belong to nothing. Fails with TOO_MANY. */
export async function checkMemberships(on: Statements, tenantId: string, pairs: readonly Pair[]): Promise<MembershipCheck[]> {
  requireFew(pairs.length, 'pairs', 'pairs');
  const possible = pairs.filter(({ userId, groupId }) => isUuid(userId) && isUuid(groupId));
  const kinds = possible.length > 0 ? await membershipKinds(on, tenantId, possible) : [];
  const kindOf = new Map(possible.map((pair, at) => [pair, kinds[at]]));
  return pairs.map((pair) => {
    const kind = kindOf.get(pair) ?? null;
    return { ...pair, isDirect: kind === 'direct', isEffective: kind !== null };
  });
}
