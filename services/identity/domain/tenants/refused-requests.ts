/** What was refused to a tenant's clients over SCIM, for support: told by the facade, kept in bounds, listed. */
import { createHash } from 'node:crypto';
import { Failure } from '../../../../schema/failure.js';
import { isStorable, storablePart } from '../../../../schema/value.js';
import type { Statements } from '../../store/connection/database.js';
import {
  addRefusals,
  countRefusals,
  keepNewest,
  listRefusals,
  type NewRefusal,
  type RefusalFilter,
  type RefusalRow,
} from '../../store/tenants/refused-request-rows.js';
import { newId } from '../../store/resources/uuid.js';
import type { Caller } from '../caller.js';
import { pageById, type PageRequest, type RowPage } from '../resources/paging.js';

export type { RefusalFilter, RefusalRow } from '../../store/tenants/refused-request-rows.js';

interface Stores {
  readonly database: Statements;
}

/** A refusal as the facade tells it. */
export interface ReportedRefusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly scimType?: string | null;
  readonly detail: string;
  readonly body?: string | null;
  readonly requestId: string;
  readonly userAgent?: string | null;
  readonly times: number;
}

export const refusalLimits = { perTenant: 1000, days: 30, perReport: 20 } as const;
/** Characters; what the facade tells is not longer. */
const LONGEST = { word: 64, line: 256, text: 2048, body: 8200 } as const;
const MOST_TIMES = 1_000_000;

const storableOrNull = (text: string | null | undefined, most: number): string | null =>
  text === null || text === undefined ? null : storablePart(text, most);

function toRow({ tokenId }: Caller, { status, times, ...told }: ReportedRefusal): NewRefusal {
  const shown = {
    method: storablePart(told.method, LONGEST.word),
    path: storablePart(told.path, LONGEST.text),
    status,
    scimType: storableOrNull(told.scimType, LONGEST.word),
    detail: storablePart(told.detail, LONGEST.text),
    body: storableOrNull(told.body, LONGEST.body),
  };
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([tokenId, shown]))
    .digest();
  return {
    id: newId(),
    fingerprint,
    times: Math.min(Math.max(times, 1), MOST_TIMES),
    ...shown,
    requestId: storablePart(told.requestId, LONGEST.line),
    userAgent: storableOrNull(told.userAgent, LONGEST.line),
  };
}

/** Those that are the same as one. */
function together(rows: readonly NewRefusal[]): NewRefusal[] {
  const byFingerprint = new Map<string, NewRefusal>();
  for (const row of rows) {
    const key = Buffer.from(row.fingerprint).toString('base64');
    const known = byFingerprint.get(key);
    byFingerprint.set(key, known ? { ...row, times: known.times + row.times } : row);
  }
  return [...byFingerprint.values()];
}

const isRefusal = ({ status }: ReportedRefusal): boolean => status >= 400 && status < 600;

/**
 * Keeps what was refused to the bearer of the token; answers how many different refusals that are. Only of SCIM's door: other callers are
 * told what happens by their own answers.
 */
export async function recordRefusals({ database }: Stores, caller: Caller, refusals: readonly ReportedRefusal[]): Promise<number> {
  if (caller.audience !== 'scim') return 0;
  const rows = together(
    refusals
      .filter(isRefusal)
      .slice(0, refusalLimits.perReport)
      .map((refusal) => toRow(caller, refusal)),
  );
  if (rows.length === 0) return 0;
  await addRefusals(database, { ...caller, address: caller.address ?? '' }, rows);
  await keepNewest(database, caller.tenantId, refusalLimits.perTenant);
  return rows.length;
}

/** A tenant's refusals, the newest first. Fails with INVALID_VALUE, INVALID_CURSOR. */
export function listRefusedRequests(
  { database }: Stores,
  tenantId: string,
  filter: RefusalFilter,
  request: PageRequest,
): Promise<RowPage<RefusalRow>> {
  if (!isStorable(filter.text ?? '')) {
    throw new Failure('INVALID_VALUE', { field: 'text', detail: '"text" holds a character that no text here can hold.' });
  }
  return pageById(request, (page) => listRefusals(database, tenantId, filter, page));
}

export const countRefusedRequests = ({ database }: Stores, tenantId: string, filter: RefusalFilter): Promise<number> =>
  countRefusals(database, tenantId, filter);
