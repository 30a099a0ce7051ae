/** What a question gives away: who asks by an attribute learns its values, as if reading it. */
import { parseFilter } from '../../../schema/filter.js';
import type { ResourceType } from '../../../schema/resources.js';
import type { AttributeRef, Filter } from '../../../schema/tree.js';
import { type Caller, permit } from '../domain/caller.js';
import { isSaid } from '../domain/reading.js';

interface Asked {
  readonly filter?: string | null | undefined;
  readonly orderBy?: unknown;
}

function targetsIn(filter: Filter): AttributeRef[] {
  if ('terms' in filter) return filter.terms.flatMap(targetsIn);
  if ('term' in filter) return targetsIn(filter.term);
  return 'target' in filter ? [filter.target] : [];
}

/** Which groups somebody is in belongs to the groups: a list of users may be asked by it only by who reads these. Fails with FORBIDDEN, INVALID_FILTER. */
export function permitToAskUsers(caller: Caller, type: ResourceType, { filter }: Asked): void {
  if (type.name !== 'User' || !isSaid(filter) || caller.scopes.includes('groups:read')) return;
  if (targetsIn(parseFilter(type, filter)).some(({ attribute, extension }) => !extension && attribute.name === 'groups')) permit(caller, 'groups:read');
}

/** Filter and order of a relation are about the users and groups in it. Fails with FORBIDDEN. */
export function permitToAskAbout(caller: Caller | undefined, types: readonly ResourceType[], { filter, orderBy }: Asked): void {
  if (!filter && !orderBy) return;
  for (const { name } of types) permit(caller, name === 'User' ? 'users:read' : 'groups:read');
}
