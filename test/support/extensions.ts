/** Declaring extensions of a tenant, as its admin does. */
import { expect } from 'vitest';
import type { Tenant } from './world.js';

const DECLARE =
  'mutation ($input: DeclareExtensionInput!) { declareExtension(input: $input) { extensions losses { attribute resources } userErrors { code field message } } }';
const REMOVE =
  'mutation ($input: RemoveExtensionInput!) { removeExtension(input: $input) { extensions losses { attribute resources } userErrors { code message } } }';
export type Payload = Record<string, unknown> & { userErrors: { code: string; field: string; message: string }[] };

export const attribute = (name: string, more: object = {}) => ({ name, ...more });

/** What the declaration is answered, done or not. */
export async function declare(tenant: Tenant, schema: object, more: object = {}): Promise<Payload> {
  const { data, errors } = await tenant.graphql(DECLARE, { input: { resource: 'USER', schema, ...more } });
  expect(errors).toBeUndefined();
  return data!['declareExtension'] as Payload;
}

/** The same for a declaration that must be done. */
export async function declared(tenant: Tenant, schema: object, more: object = {}): Promise<Payload> {
  const payload = await declare(tenant, schema, more);
  expect(payload.userErrors).toEqual([]);
  return payload;
}

export const removeDeclared = async (tenant: Tenant, urn: string, acceptLoss: boolean): Promise<unknown> =>
  (await tenant.graphql(REMOVE, { input: { urn, acceptLoss } })).data!['removeExtension'];
