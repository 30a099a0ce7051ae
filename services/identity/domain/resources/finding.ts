/** Finding users and groups by what tools know of them: ids, or values that may be another's as well. */
import { Failure } from '../../../../schema/failure.js';
import { identifiers } from '../../../../schema/identifiers.js';
import { parseAttributeRef } from '../../../../schema/path.js';
import { limits, type ResourceType } from '../../../../schema/resources.js';
import { isStorable } from '../../../../schema/value.js';
import { type ResourceRow, tableOf } from '../../store/query/columns.js';
import type { Statements } from '../../store/connection/database.js';
import { listRows } from '../../store/resources/resource-lists.js';
import { type Along, findRows } from '../../store/resources/resource-rows.js';
import { isUuid } from '../../store/resources/uuid.js';

/** Who is named: by one of the names in `schema/identifiers.ts`. */
export interface Named {
  readonly by: string;
  readonly value: string;
}

/**
 * The one resource with this value; undefined where there is none. Fails with AMBIGUOUS where several have it: which is meant, only the
 * caller knows.
 */
export async function findNamed(
  on: Statements,
  type: ResourceType,
  tenantId: string,
  { by, value }: Named,
  along?: Along,
): Promise<ResourceRow | undefined> {
  const { path } = identifiers[type.name].find(({ name }) => name === by)!;
  if (!isStorable(value)) return undefined;
  const target = parseAttributeRef(type, path);
  const [found, another] = await listRows(on, tableOf(type), tenantId, {
    along,
    filter: { kind: 'compare', target, operator: 'eq', value },
    limit: 2,
  });
  if (!another) return found;
  const many = `${type.name.toLowerCase()}s`;
  throw new Failure('AMBIGUOUS', {
    field: by,
    detail: `Several ${many} have this ${by}. List them with ${many}(filter: ${JSON.stringify(`${path} eq "…"`)}), and name one by its id.`,
  });
}

/** The resources of these ids, in no order; ids that the tenant has none of are left out. */
export async function findByIds(
  on: Statements,
  type: ResourceType,
  tenantId: string,
  ids: readonly string[],
  along?: Along,
): Promise<ResourceRow[]> {
  const possible = [...new Set(ids.filter(isUuid))];
  return possible.length > 0 ? findRows(on, tableOf(type), tenantId, possible, along) : [];
}

/** Fails with TOO_MANY where more is asked for than a page holds. */
export function requireFew(count: number, field: string, what: string): void {
  if (count > limits.maxPageSize) {
    throw new Failure('TOO_MANY', { field, detail: `One request takes at most ${limits.maxPageSize} ${what}; ${count} were sent.` });
  }
}
