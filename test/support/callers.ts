import { defaultPolicies } from '../../schema/policies.js';
import { type Audience, type Caller, scopesOf } from '../../services/identity/domain/caller.js';
import { newId } from '../../services/identity/store/resources/uuid.js';

/** A caller as the core makes one of a good token. */
export const callerOf = (audience: Audience, tenantId: string, over: Partial<Caller> = {}): Caller => ({
  tenantId,
  audience,
  scopes: scopesOf[audience],
  tokenId: newId(),
  clientRowId: null,
  networks: [],
  door: audience,
  requestId: 'test',
  address: '',
  policies: defaultPolicies,
  schemaVersion: 0,
  requestsPerSecond: undefined,
  ...over,
});
