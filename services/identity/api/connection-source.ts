/** A page of a list as the source of a connection. */
import { type RowPage, toCursor } from '../domain/resources/paging.js';
import { type PageInfo, pageInfo } from './page-info.js';

/** A page as GraphQL reads it; the total is counted only when it is asked for. */
export interface ConnectionSource {
  readonly edges: readonly { readonly cursor: string; readonly node: unknown; readonly type?: string }[];
  readonly nodes: readonly unknown[];
  readonly pageInfo: PageInfo;
  readonly total: () => number | Promise<number>;
}

interface Making extends Pick<ConnectionSource, 'nodes' | 'total'> {
  readonly edges: () => ConnectionSource['edges'];
  readonly pageInfo: () => PageInfo;
}

/**
 * Makes edges and cursors when they are asked for: of a page of a thousand mostly nobody does. The getters are the class's: those of an
 * object literal would make V8 keep a hidden class for each page, and all that its closures hold, until the next large collection.
 */
class PageSource implements ConnectionSource {
  readonly nodes: ConnectionSource['nodes'];
  readonly total: ConnectionSource['total'];
  readonly #making: Making;

  constructor(making: Making) {
    this.nodes = making.nodes;
    this.total = making.total;
    this.#making = making;
  }

  get edges(): ConnectionSource['edges'] {
    return this.#making.edges();
  }

  get pageInfo(): PageInfo {
    return this.#making.pageInfo();
  }
}

export const connectionSource = (making: Making): ConnectionSource => new PageSource(making);

/** The source of a connection out of rows that come in the order of their ids. */
export function rowConnection<Row extends { readonly id: string }>(
  { rows, hasNextPage, hasPreviousPage }: RowPage<Row>,
  total: () => Promise<number>,
): ConnectionSource {
  const cursors = rows.map(({ id }) => toCursor({ value: null, id }, undefined));
  return {
    edges: rows.map((node, at) => ({ node, cursor: cursors[at]! })),
    nodes: rows,
    pageInfo: pageInfo(cursors, { hasNextPage, hasPreviousPage }),
    total,
  };
}
