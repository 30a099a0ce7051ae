/** Pages of relations, gathered over all parents of one answer: one statement for 1, 10 or 100 of them. */
import DataLoader from 'dataloader';
import type { ResourceType } from '../../../schema/resources.js';
import {
  countRelations,
  relationPages,
  type RelationOf,
  type RelationPageRows,
  type RelationRequest,
} from '../domain/members/relations.js';
import { findResources } from '../domain/resources/reading.js';
import type { ResourceRow } from '../domain/resources/resources.js';
import type { Services } from '../domain/services.js';

export interface Loaders {
  page(of: RelationOf, ownerId: string, request: RelationRequest): Promise<RelationPageRows>;
  count(of: RelationOf, ownerId: string, filter: string | null | undefined): Promise<number>;
  resource(type: ResourceType, id: string): Promise<ResourceRow | undefined>;
  /** What the batch finds for the id, among all ids that the answer asks for under this key. */
  by<Value>(key: string, id: string, batch: (ids: readonly string[]) => Promise<Value[]>): Promise<Value>;
}

/** Loaders for one operation of one tenant. */
export function makeLoaders(services: Services, tenantId: string): Loaders {
  let made: Map<string, DataLoader<string, unknown>> | undefined; // most operations need none
  function loader<Value>(key: readonly unknown[], batch: (ids: readonly string[]) => Promise<Value[]>): DataLoader<string, Value> {
    const name = JSON.stringify(key);
    made ??= new Map();
    const known = made.get(name) ?? new DataLoader<string, unknown>(batch, { cache: false });
    made.set(name, known);
    return known as DataLoader<string, Value>;
  }
  return {
    by: (key, id, batch) => loader(['by', key], batch).load(id),
    page: (of, ownerId, request) =>
      loader(['page', of.name, request], (ids) => relationPages(services.database, tenantId, of, ids, request)).load(ownerId),
    count: (of, ownerId, filter) =>
      loader(['count', of.name, filter], (ids) => countRelations(services.database, tenantId, of, ids, filter)).load(ownerId),
    resource: (type, id) => loader(['resource', type.name], (ids) => findResources(services.database, type, tenantId, ids)).load(id),
  };
}
