import { expect, test } from 'vitest';
import { builtInTypes } from '../../schema/tenant-types.js';
import { tenantTypesCache } from '../../gateway/tenant-types.js';

test('the tokens of a tenant share what it has declared, and the next declaration is another', () => {
  const tenants = tenantTypesCache();
  const types = tenants.keep('one', 3, []);
  expect(tenants.keep('other', 3, [])).toBe(types);
  expect(tenants.keep('one', 4, [])).not.toBe(types);
  expect([tenants.typesFor('one').version, tenants.typesFor('other').version]).toEqual([4, 3]);
  expect([tenants.typesFor('third'), tenants.typesFor(undefined)]).toEqual([builtInTypes, builtInTypes]);
});
