/** Tenants as operators see them: in pages, filtered, with what they have in numbers. */
import { countTenantRows, listTenantRows, type TenantFilter } from '../../store/tenants/tenant-list-rows.js';
import { findTenant, type TenantRow } from '../../store/tenants/tenant-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import { OPERATOR_TENANT } from '../caller.js';
import { pageById, type PageRequest, type RowPage } from '../resources/paging.js';
import type { Services } from '../services.js';

export { countResourcesOf, countTokensOf, type TenantFilter } from '../../store/tenants/tenant-list-rows.js';
export type { TenantRow, TenantState } from '../../store/tenants/tenant-rows.js';

type Stores = Pick<Services, 'database'>;

export const listTenants = ({ database }: Stores, filter: TenantFilter, request: PageRequest): Promise<RowPage<TenantRow>> =>
  pageById(request, (page) => listTenantRows(database, OPERATOR_TENANT, filter, page));

export const countTenants = ({ database }: Stores, filter: TenantFilter): Promise<number> =>
  countTenantRows(database, OPERATOR_TENANT, filter);

/** A customer; undefined where there is none such. */
export const findCustomer = async ({ database }: Stores, id: string): Promise<TenantRow | undefined> =>
  isUuid(id) && id !== OPERATOR_TENANT ? findTenant(database, id) : undefined;
