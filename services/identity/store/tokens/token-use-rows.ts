/** When tokens were last used, and from where. */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';

export interface TokenUse {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly address: string;
  readonly userAgent: string;
}

export interface PastUse extends TokenUse {
  /** How long ago. */
  readonly seconds: number;
}

/** Notes when these tokens, each named once, were used; passes over those of which somebody has noted it less than a minute ago. */
export async function noteTokenUses(on: Statements, uses: readonly PastUse[]): Promise<void> {
  if (uses.length === 0) return;
  await on.run(sql`
    update access_token set last_used_at = used.at, last_used_address = used.address, last_used_agent = used.agent
    from (select *, now() - make_interval(secs => seconds) as at from unnest(${uses.map(({ tenantId }) => tenantId)}::uuid[], ${uses.map(({ tokenId }) => tokenId)}::uuid[],
      ${uses.map(({ address }) => address)}::text[], ${uses.map(({ userAgent }) => userAgent)}::text[], ${uses.map(({ seconds }) => seconds)}::float8[])
      as given (tenant_id, id, address, agent, seconds)) as used
    where access_token.tenant_id = used.tenant_id and access_token.id = used.id
      and (last_used_at is null or last_used_at < used.at - interval '1 minute')`);
}
