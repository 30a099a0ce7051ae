import { Migration } from '@mikro-orm/migrations';

export const CASELESS_MANAGERS = '20261128-caseless-managers';

/**
 * The id of a manager compares without case (RFC 7643, 8.7.1), and is kept folded like all such text. What earlier versions of ours have
 * kept as it came is folded before this is noted as done, in steps of its own (`store/tables/refolding.ts`): a migration is one
 * transaction, which would hold its rows for too long.
 */
export class CaselessManagers extends Migration {
  override name = CASELESS_MANAGERS;

  override up(): void {}
}
