import { Migration } from '@mikro-orm/migrations';

/** What a write ends with that was read by other declarations than those in force; one of ours among PostgreSQL's codes. */
export const OTHER_DECLARATIONS = 'CD001';

/**
 * Values of attributes that a tenant has declared are written by the declarations in force when they are written, and not when the request
 * was read: a request may be under way for long. Who writes such values shares the lock; who declares has it alone
 * (`store/resources/extension-rows.ts`), and so sees all values there are. Volatile, so that what is read after waiting is what was
 * committed meanwhile.
 */
export class DeclarationsInForce extends Migration {
  override name = '20261128-declarations-in-force';

  override up(): void {
    this.addSql(`create function require_declarations(of_tenant uuid, known integer) returns void language plpgsql volatile as $$ begin
      perform pg_advisory_xact_lock_shared(hashtextextended('declarations of ' || of_tenant, 0));
      if exists (select from tenant where id = of_tenant and schema_version <> known) then
        raise exception 'the declarations are others than %', known using errcode = '${OTHER_DECLARATIONS}';
      end if;
    end $$`);
  }
}
