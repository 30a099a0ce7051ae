/** The query of a list or a read: what to find, in what order, and what to show of it (RFC 7644, sections 3.4.2 and 3.9). */
import { parseFilter } from '../../schema/filter.js';
import { parseAttributeRef } from '../../schema/path.js';
import { limits, type ResourceType } from '../../schema/resources.js';
import { type Parameters, readParameters, refused } from './parameters.js';
import { defaultProjection, type Projection, readProjection } from './projection.js';

/** What the core is asked for. */
export interface ListVariables {
  readonly filter?: string | undefined;
  readonly orderBy?: { readonly field: string; readonly direction: 'ASC' | 'DESC' } | undefined;
  readonly offset: number;
  readonly first: number;
}

const LARGEST = 2 ** 31 - 1; // GraphQL's Int

/** What to show of a resource. */
export function readShown(type: ResourceType, query: string): Projection {
  if (query === '') return defaultProjection(type);
  const { attributes, excludedAttributes } = readParameters(query);
  return readProjection(type, attributes, excludedAttributes);
}

/** Whether the client says which attributes it wants. */
export const namesAttributes = (query: string): boolean => (readParameters(query).attributes ?? '').trim() !== '';

/** What to list. The filter is read here for a refusal with its position, and passed on as it came. */
export function readList(type: ResourceType, query: string): ListVariables {
  const parameters = readParameters(query);
  const { filter } = parameters;
  if (filter !== undefined) parseFilter(type, filter);
  return {
    filter,
    orderBy: orderOf(type, parameters),
    offset: Math.max(1, integerOf(parameters, 'startIndex') ?? 1) - 1,
    first: Math.min(Math.max(0, integerOf(parameters, 'count') ?? limits.defaultPageSize), limits.maxPageSize),
  };
}

/** An empty text is no number given; one that does not fit GraphQL's Int is the nearest that does. */
function integerOf(parameters: Parameters, name: 'startIndex' | 'count'): number | undefined {
  const text = parameters[name]?.trim() ?? '';
  if (text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw refused('INVALID_VALUE', name, 'takes a whole number');
  return Math.min(Math.max(Number(text), -LARGEST), LARGEST);
}

function orderOf(type: ResourceType, { sortBy, sortOrder }: Parameters): ListVariables['orderBy'] {
  const field = sortBy?.trim() ?? '';
  const direction = directionOf(sortOrder);
  if (field === '') return undefined;
  parseAttributeRef(type, field);
  return { field, direction };
}

function directionOf(sortOrder = ''): 'ASC' | 'DESC' {
  const order = sortOrder.trim().toLowerCase();
  if (order === '' || order === 'ascending') return 'ASC';
  if (order === 'descending') return 'DESC';
  throw refused('INVALID_VALUE', 'sortOrder', 'takes "ascending" or "descending"');
}
