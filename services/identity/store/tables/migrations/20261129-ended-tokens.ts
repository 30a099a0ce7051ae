import { Migration } from '@mikro-orm/migrations';

/** Finds tokens that ended long ago, among any number that have not. */
export class EndedTokens extends Migration {
  override name = '20261129-ended-tokens';

  override up(): void {
    this.addSql('create index access_token_end on access_token (least(expires_at, revoked_at))');
  }
}
