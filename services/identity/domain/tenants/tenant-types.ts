/** The types as each tenant has them, kept in this process by their version: the version travels with the caller's token. */
import { LRUCache } from 'lru-cache';
import type { Json } from '../../../../schema/change.js';
import { builtInTypes, readExtensions, type TenantTypes, tenantTypes } from '../../../../schema/tenant-types.js';
import type { Database } from '../../store/connection/database.js';
import { findExtensions } from '../../store/resources/extension-rows.js';

export interface TypeRegistry {
  /**
   * The types of the tenant at this version of its declarations. Where another one is kept, or a facade has read a newer one, they are as
   * they are declared now: a database that was restored, or a standby that took over, may have lost the last declarations, and what is kept
   * of them must not outlive them.
   */
  typesOf(tenantId: string, version: number, readByFacade?: number): Promise<TenantTypes>;
}

export const readTypes = ({ version, extensions }: { readonly version: number; readonly extensions: readonly Json[] }): TenantTypes =>
  version === 0 ? builtInTypes : tenantTypes(version, readExtensions(extensions));

export function typeRegistry(database: Database): TypeRegistry {
  const known = new LRUCache<string, TenantTypes>({ max: 1000 });
  return {
    typesOf: async (tenantId, version, readByFacade = 0) => {
      if (version === 0 && readByFacade === 0) return builtInTypes;
      const kept = known.get(tenantId);
      if (kept?.version === version && readByFacade <= version) return kept;
      const types = readTypes(await findExtensions(database, tenantId));
      known.set(tenantId, types);
      return types;
    },
  };
}
