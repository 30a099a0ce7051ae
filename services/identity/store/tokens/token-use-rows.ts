/** When tokens were last used, and from where. */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';

export interface TokenUse {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly address: string;
  readonly userAgent: string;
}

/** Notes that these tokens, each named once, are used now; passes over those of which somebody has noted it less than a minute ago. */
export async function noteTokenUses(on: Statements, uses: readonly TokenUse[]): Promise<void> {
  if (uses.length === 0) return;
  await on.run(sql`
    update access_token set last_used_at = now(), last_used_address = used.address, last_used_agent = used.agent
    from unnest(${uses.map(({ tenantId }) => tenantId)}::uuid[], ${uses.map(({ tokenId }) => tokenId)}::uuid[],
      ${uses.map(({ address }) => address)}::text[], ${uses.map(({ userAgent }) => userAgent)}::text[]) as used (tenant_id, id, address, agent)
    where access_token.tenant_id = used.tenant_id and access_token.id = used.id
      and (last_used_at is null or last_used_at < now() - interval '1 minute')`);
}
