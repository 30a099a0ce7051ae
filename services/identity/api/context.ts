/** What one GraphQL operation carries with it; made for the operation and gone with it. */
import type { TenantTypes } from '../../../schema/tenant-types.js';
import type { Caller, RequestOrigin } from '../domain/caller.js';
import type { Leave } from '../domain/admission/fair-queue.js';
import type { Services } from '../domain/services.js';
import type { Loaders } from './loaders.js';
import type { OperationCost } from './operation-cost.js';

export interface Context {
  /** Absent where no token was sent; a token that is not good never gets this far. */
  readonly caller: Caller | undefined;
  readonly origin: RequestOrigin;
  readonly services: Services;
  /** The resource types as the caller's tenant has them. */
  readonly types: TenantTypes;
  readonly loaders: Loaders;
  /** `admission.enterFurther`, and the caller's token must be good still when it is their turn. */
  readonly enterFurther: (caller: Caller, units: number) => Promise<Leave>;
  /** What the operation asks for, where it came through the tools' door. */
  counted?: OperationCost | undefined;
}
