/** The two kinds of membership, each with a table: users in groups, and groups in groups. */
import type { ResourceType } from '../../../../schema/resources.js';
import { groupTable, type ResourceTable, userTable } from '../query/columns.js';

export interface MemberTable {
  readonly table: string;
  /** The column with the id of the member; the other one is `group_id`. */
  readonly member: string;
  /** Where the members themselves are. */
  readonly of: ResourceTable;
}

export const membership: MemberTable = { table: 'membership', member: 'user_id', of: userTable };
export const nesting: MemberTable = { table: 'nesting', member: 'subgroup_id', of: groupTable };
export const memberTables: readonly MemberTable[] = [membership, nesting];

/** What a member may be. */
export type MemberType = ResourceType['name'];
