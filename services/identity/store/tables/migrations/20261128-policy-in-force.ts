import { Migration } from '@mikro-orm/migrations';

/**
 * The token policy of a tenant as it is when nobody is changing it, kept so until the transaction ends. Who issues tokens shares the lock;
 * who changes the policy, or counts tokens, has it alone (`store/tokens/token-policy-rows.ts`). It is a lock of its own and not that of the
 * tenant's row: whoever adds a user holds the row, for its foreign key, and a change of the tenant's attributes holds it for long.
 * Volatile, so that what is read after waiting is what was committed meanwhile.
 */
export class PolicyInForce extends Migration {
  override name = '20261128-policy-in-force';

  override up(): void {
    this.addSql(`create function token_policy_in_force(of_tenant uuid) returns setof jsonb language sql volatile rows 1 as $$
      select pg_advisory_xact_lock_shared(hashtextextended('tokens of ' || of_tenant, 0));
      select token_policy from tenant where id = of_tenant
    $$`);
  }
}
