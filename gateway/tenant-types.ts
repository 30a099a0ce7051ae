/**
 * What tenants have declared of attributes of their own. A request is read by what is known here of its token's tenant; the core refuses it
 * where that is no longer so, and it is read again by what the core says then. So nothing that was declared is ever passed over.
 */
import { LRUCache } from 'lru-cache';
import type { Json } from '../schema/change.js';
import { builtInTypes, readExtensions, type TenantTypes, tenantTypes } from '../schema/tenant-types.js';
import type { Exchange } from './exchange.js';
import { ask } from './operations.js';
import { digestOf } from './token-digest.js';

export interface TenantTypesCache {
  /** The types known for the bearer of this token; the built-in ones where none are. */
  typesFor(token: string | undefined): TenantTypes;
  /** Keeps what the core says that the bearer's tenant has declared, and answers the types that come of it. */
  keep(token: string | undefined, version: number, extensions: readonly Json[]): TenantTypes;
}

export function tenantTypesCache(): TenantTypesCache {
  const known = new LRUCache<string, TenantTypes>({ max: 10_000 });
  // Tokens are many, and much is made of types: all who have the same declared share them.
  const declared = new LRUCache<string, TenantTypes>({ max: 1000 });
  return {
    typesFor: (token) => (token === undefined || known.size === 0 ? builtInTypes : (known.get(digestOf(token)) ?? builtInTypes)),
    keep: (token, version, extensions) => {
      const key = digestOf(JSON.stringify([version, extensions]));
      const types = declared.get(key) ?? tenantTypes(version, readExtensions(extensions));
      declared.set(key, types);
      if (token !== undefined) known.set(digestOf(token), types);
      return types;
    },
  };
}

/** Asks the core what the caller's tenant has declared. */
export async function learnTypes(exchange: Exchange): Promise<void> {
  const {
    caller: {
      tenant: { schemaVersion, extensions },
    },
  } = await ask(exchange, 'TenantTypes', {});
  exchange.types = exchange.gateway.tenantTypes.keep(exchange.origin.token, schemaVersion, extensions);
}
