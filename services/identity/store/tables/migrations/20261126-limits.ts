import { Migration } from '@mikro-orm/migrations';

/** How many requests a second a tenant may send to each door, where an operator has set it. */
export class Limits extends Migration {
  override name = '20261126-limits';

  override up(): void {
    this.addSql('alter table tenant add column requests_per_second integer');
  }
}
