import { Migration } from '@mikro-orm/migrations';

/**
 * What is new in the indexes of what is searched is sorted in by the core itself (`store/tables/search-upkeep.ts`), before the list of it
 * is as long as this, in kB: only where the core does not come to it a write must. Takes a moment, for which it waits until nobody reads or
 * writes users.
 */
export class SearchUpkeepOfIndexes extends Migration {
  override name = '20261127-search-upkeep';

  override up(): void {
    for (const index of ['app_user_search', 'app_group_search']) this.addSql(`alter index ${index} set (gin_pending_list_limit = 4096)`);
  }
}
