/** What the rules need to do their work; made once at start, passed as an argument. */
import type { AttemptLimiter } from '../store/attempt-limiter.js';
import type { Admission } from './admission.js';
import type { Database } from '../store/database.js';
import type { DialectSightings } from './dialect-sightings.js';
import type { TenantDeletions } from './tenant-deletion.js';
import type { TypeRegistry } from './tenant-types.js';
import type { TokenUses } from './token-uses.js';
import type { TokenVerifier } from './token-verifier.js';
import type { TokenCache } from '../store/token-cache.js';
import type { WalkMemory } from '../store/walk-memory.js';

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
