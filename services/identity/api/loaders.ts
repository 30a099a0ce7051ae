/** Pages of relations, gathered over all parents of one answer: one statement for 1, 10 or 100 of them. */
import DataLoader from 'dataloader';
import type { ResourceType } from '../../../schema/resources.js';
import { countRelations, type RelationPage, relationPages, type RelationName, type RelationPageRows } from '../domain/relations.js';
import { findResources } from '../domain/reading.js';
import type { ResourceRow } from '../domain/resources.js';
import type { Services } from '../domain/services.js';

export interface Loaders {
  page(relation: RelationName, ownerId: string, page: RelationPage): Promise<RelationPageRows>;
  count(relation: RelationName, ownerId: string): Promise<number>;
  resource(type: ResourceType, id: string): Promise<ResourceRow | undefined>;
  /** What the batch finds for the id, among all ids that the answer asks for under this key. */
  by<Value>(key: string, id: string, batch: (ids: readonly string[]) => Promise<Value[]>): Promise<Value>;
}

/** Loaders for one operation of one tenant. */
export function makeLoaders(services: Services, tenantId: string): Loaders {
  const made = new Map<string, DataLoader<string, unknown>>();
  function loader<Value>(key: string, batch: (ids: readonly string[]) => Promise<Value[]>): DataLoader<string, Value> {
    const known = made.get(key) ?? new DataLoader<string, unknown>(batch, { cache: false });
    made.set(key, known);
    return known as DataLoader<string, Value>;
  }
  return {
    by: (key, id, batch) => loader(`by ${key}`, batch).load(id),
    page: (relation, ownerId, page) => loader(`${relation} ${page.first} ${page.after ?? ''}`, (ids) =>
      relationPages(services.database, tenantId, relation, ids, page)).load(ownerId),
    count: (relation, ownerId) => loader(`${relation} count`, (ids) => countRelations(services.database, tenantId, relation, ids)).load(ownerId),
    resource: (type, id) => loader(type.name, (ids) => findResources(services.database, type, tenantId, ids)).load(id),
  };
}
