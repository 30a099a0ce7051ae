/** The change feed as its readers ask for it. */
import { expect } from 'vitest';
import type { GraphQLResult } from './world.js';

export interface Change {
  readonly id: string;
  readonly tenantId: string;
  readonly at: string;
  readonly kind: string;
  readonly subjectType: string;
  readonly subjectId: string;
  readonly version: number | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly actor: {
    readonly door: string;
    readonly tokenId: string | null;
    readonly tokenName: string | null;
    readonly clientId: string | null;
    readonly clientName: string | null;
    readonly address: string | null;
  };
  readonly requestId: string;
}

export interface ChangesPage {
  readonly nodes: readonly Change[];
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string;
    readonly endCursor: string;
  };
}

export const CHANGES = `query ($first: Int, $after: String, $last: Int, $before: String, $kinds: [String!], $subject: ChangeSubject, $member: ID, $since: String, $until: String, $tenantId: ID) {
  changes(first: $first, after: $after, last: $last, before: $before, kinds: $kinds, subject: $subject, member: $member, since: $since, until: $until, tenantId: $tenantId) {
    nodes { id tenantId at kind subjectType subjectId version before after actor { door tokenId tokenName clientId clientName address } requestId }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

export type Ask = (query: string, variables?: object) => Promise<GraphQLResult>;

export async function readPage(ask: Ask, variables: object = {}): Promise<ChangesPage> {
  const answer = await ask(CHANGES, variables);
  expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
  return answer.data!['changes'] as unknown as ChangesPage;
}

/** Reads on from a cursor to the end of the feed, in pages of these sizes, one after the other. */
export async function readOn(
  ask: Ask,
  after: string | undefined,
  variables: object = {},
  sizes: readonly number[] = [1000],
): Promise<{ changes: Change[]; endCursor: string }> {
  const changes: Change[] = [];
  for (let cursor = after, turn = 0; ; turn += 1) {
    const { nodes, pageInfo } = await readPage(ask, { ...variables, after: cursor, first: sizes[turn % sizes.length] });
    changes.push(...nodes);
    cursor = pageInfo.endCursor;
    if (!pageInfo.hasNextPage) return { changes, endCursor: cursor };
  }
}

/** The cursor of the end of the feed. */
export async function endOfFeed(ask: Ask): Promise<string> {
  const { data } = await ask('{ changesCursor }');
  return data!['changesCursor'] as unknown as string;
}

/**
 * Reads until the condition holds. Whoever writes at the same time, in any database of the server, delays what can be read: there is
 * nothing to wait for but the records themselves.
 */
export async function readUntil(
  ask: Ask,
  holds: (changes: readonly Change[]) => boolean,
  variables: object = {},
  milliseconds = 60_000,
): Promise<Change[]> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const { changes } = await readOn(ask, undefined, variables);
    if (holds(changes) || Date.now() > deadline) return changes;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** All records once this many are there. */
export const readCount = async (ask: Ask, count: number, variables: object = {}): Promise<Change[]> => {
  const changes = await readUntil(ask, ({ length }) => length >= count, variables);
  expect(changes).toHaveLength(count);
  return changes;
};
