/** Walks through lists by startIndex, and what has been seen on the way. For the tests of walks. */
import { expect } from 'vitest';

export interface Page {
  readonly ids: readonly string[];
  readonly total: number;
  readonly startIndex: number;
}
export type Read = (startIndex: number) => Promise<Page>;

/** Page after page, as clients go: the next begins where this one ended. */
export async function* walk(read: Read): AsyncGenerator<Page, void> {
  for (let page = await read(1); page.ids.length > 0; page = await read(page.startIndex + page.ids.length)) yield page;
}

/** What one walker has seen. */
export class Walker {
  readonly seen = new Set<string>();
  readonly twice: string[] = [];
  see(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.seen.has(id)) this.twice.push(id);
      this.seen.add(id);
    }
  }
}

/** Who was there at the start of the walk, and stayed as they were, has been seen, and seen once. */
export function expectAllSeen({ seen, twice }: Walker, before: Iterable<string>, moved: ReadonlySet<string>): void {
  const stable = [...before].filter((id) => !moved.has(id));
  expect(stable.length).toBeGreaterThan(500);
  expect(stable.filter((id) => !seen.has(id))).toEqual([]);
  expect(twice.filter((id) => !moved.has(id))).toEqual([]);
}
