import { Migration } from '@mikro-orm/migrations';

/**
 * Tokens with a life to look after: names, where they may be used from, who made them, which they replace, when they were last used and
 * when to warn of their end. What a tenant decides about its tokens is beside its other decisions.
 * - `warn_at` is the next time at which a warning is due: one index finds the few that are, among any number of tokens.
 * - The sequence is the era of the verdicts in Redis (store/redis/token-era.ts).
 */
export class TokenLives extends Migration {
  override name = '20261126-token-lives';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `alter table tenant add column token_policy jsonb not null default '{}'`,

  `create function next_token_warning(expires_at timestamptz, since timestamptz) returns timestamptz
    language sql stable parallel safe as $$
      select min(expires_at - make_interval(days => days)) from unnest(array[90, 30, 7, 1]) as days
      where expires_at - make_interval(days => days) > since
    $$`,

  `alter table access_token
    add column name text,
    add column description text,
    add column allowed_networks text[] not null default '{}',
    add column created_by uuid,
    add column family uuid,
    add column rotated_from uuid,
    add column rotated_to uuid,
    add column last_used_address text,
    add column last_used_agent text,
    add column warn_at timestamptz`,
  // Tokens that an older version of ours issues while this one starts have no family: they are their own.
  'alter table access_token set (fillfactor = 80)', // a use is noted up to once a minute: room for HOT updates
  'update access_token set warn_at = next_token_warning(expires_at, now()) where revoked_at is null and expires_at > now()',
  'create index access_token_warn on access_token (warn_at) where warn_at is not null',
  'create index access_token_of_client on access_token (tenant_id, client_id)',
  'create sequence token_era',
];
