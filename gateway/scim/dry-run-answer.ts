/** What a rehearsal answers: a message of our own, with the status that the write would have and the changes that it would record. */
import type { JsonObject } from '../../schema/change.js';
import { messages } from '../../schema/resources.js';

/** A change record as the core tells it. */
export interface PlannedChange {
  readonly kind: string;
  readonly subjectId: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

export function presentPlan(status: number, changes: readonly PlannedChange[], more: JsonObject): JsonObject {
  const shown = changes.map(({ kind, subjectId, before, after }): JsonObject => ({
    kind,
    id: subjectId,
    ...(before && { before }),
    ...(after && { after }),
  }));
  return { schemas: [messages.dryRun], status: String(status), ...more, changes: shown };
}
