/** What the rules need to do their work; made once at start, passed as an argument. */
import type { AttemptLimiter } from '../store/redis/attempt-limiter.js';
import type { Admission } from './admission/admission.js';
import type { Database } from '../store/connection/database.js';
import type { DialectSightings } from './tenants/dialect-sightings.js';
import type { TenantDeletions } from './tenants/tenant-deletion.js';
import type { TypeRegistry } from './tenants/tenant-types.js';
import type { TokenUses } from './tokens/token-uses.js';
import type { TokenVerifier } from './tokens/token-verifier.js';
import type { TokenCache } from '../store/redis/token-cache.js';
import type { WalkMemory } from '../store/redis/walk-memory.js';

export interface Services {
  readonly database: Database;
  readonly tokenCache: TokenCache;
  readonly verifier: TokenVerifier;
  /** Wrong credentials of one client from one address, and of one address. */
  readonly clientAttempts: AttemptLimiter;
  readonly addressAttempts: AttemptLimiter;
  /** Reports of leaked tokens from one address. */
  readonly scannerAttempts: AttemptLimiter;
  readonly tokenUses: TokenUses;
  readonly admission: Admission;
  readonly sightings: DialectSightings;
  readonly walks: WalkMemory;
  readonly types: TypeRegistry;
  readonly deletions: TenantDeletions;
  /** Where the facade is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
}
