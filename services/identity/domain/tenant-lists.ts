/** Tenants as operators see them: in pages, filtered, with what they have in numbers. */
import type { IdPage } from '../store/keyset.js';
import { countTenantRows, listTenantRows, type TenantFilter } from '../store/tenant-list-rows.js';
import { findTenant, type TenantRow } from '../store/tenant-rows.js';
import { isUuid } from '../store/uuid.js';
import { OPERATOR_TENANT } from './caller.js';
import { cutPage, type PageRequest, readPage } from './paging.js';
import type { Services } from './services.js';

export { countResourcesOf, countTokensOf, type TenantFilter } from '../store/tenant-list-rows.js';
export type { TenantRow, TenantState } from '../store/tenant-rows.js';

export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** A page of rows that come in the order of their ids; backwards they are read from its end. Fails with INVALID_VALUE, INVALID_CURSOR. */
export async function pageById<Row>(request: PageRequest, read: (page: IdPage) => Promise<Row[]>): Promise<RowPage<Row>> {
  const page = readPage(request, undefined);
  const { from, isBackward } = page;
  const rows = await read({ from, isBackward, limit: page.size + 1 });
  return cutPage(isBackward ? rows.toReversed() : rows, page);
}

type Stores = Pick<Services, 'database'>;

export const listTenants = ({ database }: Stores, filter: TenantFilter, request: PageRequest): Promise<RowPage<TenantRow>> =>
  pageById(request, (page) => listTenantRows(database, OPERATOR_TENANT, filter, page));

export const countTenants = ({ database }: Stores, filter: TenantFilter): Promise<number> => countTenantRows(database, OPERATOR_TENANT, filter);

/** A customer; undefined where there is none such. */
export const findCustomer = async ({ database }: Stores, id: string): Promise<TenantRow | undefined> =>
  (isUuid(id) && id !== OPERATOR_TENANT ? findTenant(database, id) : undefined);
