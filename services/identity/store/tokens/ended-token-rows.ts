/** Tokens that are good no more, by their digests. */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';
import { stateOf, type TokenState } from './token-columns.js';

export interface EndedToken {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly state: TokenState;
}

/** Those of the digests that are of tokens which have ended. */
export const findEndedTokens = (on: Statements, digests: readonly Uint8Array[]): Promise<readonly EndedToken[]> =>
  on.run(sql<EndedToken>`
    select tenant_id as "tenantId", id as "tokenId", state from access_token, lateral (select ${stateOf} as state) as now
    where digest = any(${[...digests]}::bytea[]) and state <> 'LIVE'`);
