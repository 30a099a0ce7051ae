/** Lists of the core, page after page. */
import type { Column } from './output.js';
import type { ListOptions } from './options.js';
import type { Session } from './session.js';

export interface Connection<Node> {
  readonly totalCount?: number;
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export type ReadPage<Node> = (page: { first: number; after: string | null }) => Promise<Connection<Node>>;

const MOST_IN_A_PAGE = 1000;

/** The pages, up to so many nodes. */
export async function* pagesOf<Node>(read: ReadPage<Node>, limit = Infinity, size = MOST_IN_A_PAGE): AsyncGenerator<Connection<Node>> {
  for (let after: string | null = null, left = limit; ;) {
    const page: Connection<Node> = await read({ first: Math.min(left, size), after });
    yield page;
    left -= page.nodes.length;
    if (!page.pageInfo.hasNextPage || left <= 0) return;
    after = page.pageInfo.endCursor;
  }
}

/** Prints a list, and says on stderr where there is more. */
export async function printList<Node extends object>(
  session: Session,
  columns: readonly Column<Node>[],
  { limit, all }: ListOptions,
  read: ReadPage<Node>,
): Promise<void> {
  const print = session.table(columns);
  let printed = 0;
  let hasMore = false;
  let total: number | undefined;
  for await (const { nodes, pageInfo, totalCount } of pagesOf(read, all ? Infinity : limit)) {
    await print(nodes);
    printed += nodes.length;
    hasMore = pageInfo.hasNextPage;
    total = totalCount ?? total;
  }
  if (hasMore) {
    await session.note(`These are the first ${printed}${total === undefined ? '' : ` of ${total}`}; --limit or --all shows more.`);
  }
}
