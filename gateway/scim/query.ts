/** What a query finds, in what order, and what is shown of it (RFC 7644, sections 3.4.2 and 3.9), wherever its parameters came from. */
import type { ResourceType } from '../../schema/resources.js';
import { type PageRequest, type PageVariables, readPage } from './paging.js';
import { type Parameters, refused } from './parameters.js';
import { type Projection, readProjection } from './projection.js';

/** What the core is asked for. */
export interface ListVariables extends PageVariables {
  readonly filter?: string | undefined;
  readonly orderBy?: { readonly field: string; readonly direction: 'ASC' | 'DESC' } | undefined;
}

export interface ListRequest extends PageRequest {
  readonly variables: ListVariables;
}

/** The type that a list is of; undefined where it is of several. */
export const soleOf = (types: readonly ResourceType[]): ResourceType | undefined => (types.length === 1 ? types[0] : undefined);

/** What to show of a resource. */
export const readShown = (type: ResourceType, { attributes, excludedAttributes }: Parameters): Projection =>
  readProjection(type, attributes, excludedAttributes);

/** Whether the client says which attributes it wants. */
export const namesAttributes = ({ attributes = '' }: Parameters): boolean => attributes.trim() !== '';

/** What to list of these types. Filter and order are passed on as they came: the core reads them, and says at which position it cannot. */
export function readList(types: readonly ResourceType[], parameters: Parameters, now: number): ListRequest {
  const { filter } = parameters;
  const orderBy = orderOf(parameters);
  const query = () => queryOf(types, filter, orderBy);
  return { variables: { filter, orderBy, ...readPage(parameters, query, now) }, query, now };
}

/** RFC 9865 wants all parameters repeated, yet its own example changes the case of a name: the case makes no difference here. */
const queryOf = (types: readonly ResourceType[], filter = '', orderBy: ListVariables['orderBy']): string =>
  JSON.stringify([types.map(({ name }) => name), filter.trim(), orderBy?.field, orderBy?.direction]).toLowerCase();

function orderOf({ sortBy, sortOrder }: Parameters): ListVariables['orderBy'] {
  const field = sortBy?.trim() ?? '';
  const direction = directionOf(sortOrder);
  return field === '' ? undefined : { field, direction };
}

function directionOf(sortOrder = ''): 'ASC' | 'DESC' {
  const order = sortOrder.trim().toLowerCase();
  if (order === '' || order === 'ascending') return 'ASC';
  if (order === 'descending') return 'DESC';
  throw refused('INVALID_VALUE', 'sortOrder', 'takes "ascending" or "descending"');
}
