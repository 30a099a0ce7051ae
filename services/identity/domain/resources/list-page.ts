/** A page of a list, whatever it is of: where it begins, what is in it, and how many there are in all. */
import type { Order, Position } from '../../store/resources/resource-lists.js';
import { seenBy, type Walk } from './offset-paging.js';
import { cutPage, isForTotal, type Page, pageOfNobody, type PageRequest, readPage, type RowPage, toCursor } from './paging.js';

export interface ResourcePage<Row> extends RowPage<Row> {
  /** The place of a row: of most pages nobody asks for them. */
  readonly cursorOf: (row: Row) => string;
  /** How many there are in all pages. */
  readonly total: () => number | Promise<number>;
}

interface List<Row> {
  readonly order: Order | undefined;
  readonly walk: Walk;
  /** Reads a row more than the page has, where there is one. */
  readonly read: (page: Page) => Promise<readonly Row[]>;
  readonly count: () => Promise<number>;
  /** Whether counting takes so long that who walks is told what was counted before. */
  readonly isDearToCount: boolean;
}

/** Fails with INVALID_VALUE, INVALID_CURSOR. */
export async function readListPage<Row extends { readonly position: Position }>(
  request: PageRequest,
  { order, walk, read, count, isDearToCount }: List<Row>,
): Promise<ResourcePage<Row>> {
  const asked = readPage(request, order);
  if (isForTotal(asked)) return pageOfNobody(asked, await count());
  const cut = cutPage(await read(await walk.locate(asked)), asked);
  await walk.leave(asked, cut);
  const isWhole = !asked.isBackward && !asked.from && asked.offset === 0 && !cut.hasNextPage;
  const counted = async () =>
    Math.max(seenBy(asked, cut.rows, cut.hasNextPage), await (isDearToCount ? walk.total(asked, count) : count()));
  return { ...cut, cursorOf: ({ position }) => toCursor(position, order), total: () => (isWhole ? cut.rows.length : counted()) };
}
