/**
 * Declaring attributes of a tenant's own. To add is free; what would lose values is refused with how many, unless the caller accepts it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Attribute, Schema } from '../../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../../schema/change.js';
import { readDeclaration } from '../../../../schema/declaration.js';
import { Failure } from '../../../../schema/failure.js';
import { findAttribute, type ResourceType } from '../../../../schema/resources.js';
import { formatExtensions, type ResourceName, type TenantTypes, withExtension, withoutExtension } from '../../../../schema/tenant-types.js';
import type { Actor } from '../../store/changes/change-rows.js';
import type { Statements } from '../../store/connection/database.js';
import {
  countLacking,
  countValues,
  countWithExtension,
  dropValues,
  lockExtensions,
  updateExtensions,
} from '../../store/resources/extension-rows.js';
import type { Services } from '../services.js';
import { readTypes } from './tenant-types.js';
import { endVerdictsOfTenant } from '../tokens/verdicts.js';

/** How many resources would lose their value of an attribute. */
export interface Loss {
  readonly attribute: string;
  readonly resources: number;
}

/** What of an attribute decides how its values are kept. */
const shape = ({ type, multiValued, caseExact, subAttributes = [] }: Attribute): string[] => [
  `${type} ${multiValued} ${caseExact}`,
  ...subAttributes.map((sub) => `${sub.name} ${sub.type} ${sub.multiValued} ${sub.caseExact}`),
];

/** The attributes whose values could not be kept: removed ones, and those that are to hold something else. */
function narrowed(before: Schema, after: Schema | undefined): string[] {
  return before.attributes
    .filter((old) => {
      const now = after?.attributes.find(({ name }) => name === old.name);
      return !now || !shape(old).every((part) => shape(now).includes(part));
    })
    .map(({ name }) => name);
}

async function lossesOf(
  on: Statements,
  types: TenantTypes,
  resource: ResourceName,
  tenantId: string,
  urn: string,
  names: readonly string[],
): Promise<Loss[]> {
  if (names.length === 0) return [];
  const counts = await countValues(on, types[resource], tenantId, urn);
  return names.flatMap((attribute) => (counts.has(attribute) ? [{ attribute, resources: counts.get(attribute)! }] : []));
}

const told = (losses: readonly Loss[]): string => losses.map(({ attribute, resources }) => `"${attribute}" of ${resources}`).join(', ');

interface Plan {
  readonly types: TenantTypes;
  readonly resource: ResourceName;
  readonly before: Schema | undefined;
  readonly after: Schema | undefined;
}

/** What is required now, and was not of what was there. */
const newlyRequired = (before: readonly Attribute[] = [], after: readonly Attribute[] = []): readonly Attribute[] =>
  after.filter(({ name, required }) => required && !before.some((old) => old.name === name && old.required));

const notYet = (name: string, resources: number, what: string): Failure =>
  new Failure('INVALID_VALUE', {
    field: 'attributes',
    detail: `"${name}" cannot be required yet: ${resources} resources have ${what} without it.`,
  });

/** An extension as it was, with the attributes that keep their values, and as it is to be. */
interface Redeclared {
  readonly type: ResourceType;
  readonly kept: Schema;
  readonly after: Schema;
}

async function refuseMissingAttributes(on: Statements, tenantId: string, { type, kept, after }: Redeclared): Promise<void> {
  const required = newlyRequired(kept.attributes, after.attributes);
  if (required.length === 0) return;
  const all = await countWithExtension(on, type, tenantId, kept.id);
  const counts = await countValues(on, type, tenantId, kept.id);
  const lackingOf = (name: string) => all - (counts.get(name) ?? 0);
  const missing = required.find(({ name }) => lackingOf(name) > 0);
  if (missing) throw notYet(missing.name, lackingOf(missing.name), 'the extension');
}

async function refuseMissingParts(on: Statements, tenantId: string, { type, kept, after }: Redeclared): Promise<void> {
  for (const { name, subAttributes } of kept.attributes) {
    for (const sub of newlyRequired(subAttributes, findAttribute(after.attributes, name)?.subAttributes)) {
      const lacking = await countLacking(on, type, tenantId, { urn: kept.id, attribute: name, sub: sub.name });
      if (lacking > 0) throw notYet(`${name}.${sub.name}`, lacking, `"${name}"`);
    }
  }
}

/**
 * What is newly required must be there already, in what is left once the lost values are gone: otherwise nobody could write these any more.
 */
async function refuseMissing(
  on: Statements,
  tenantId: string,
  { types, resource, before, after }: Plan,
  lost: readonly string[],
): Promise<void> {
  if (!before || !after) return;
  const redeclared = {
    type: types[resource],
    kept: { ...before, attributes: before.attributes.filter(({ name }) => !lost.includes(name)) },
    after,
  };
  await refuseMissingAttributes(on, tenantId, redeclared);
  await refuseMissingParts(on, tenantId, redeclared);
}

const sameUrn = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/** Those of the declarations that are not among the others, as JSON has them. */
const unlike = (these: readonly Json[], those: readonly Json[]): readonly Json[] =>
  these.filter((one) => !those.some((other) => isDeepStrictEqual(JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other)))));

const FIRST_SECOND = Date.UTC(2026, 0) / 1000;

/**
 * A number that no declarations of the tenant have had: the second, or the next number. Where the database has lost the last ones (a
 * restore, a standby that took over), processes and facades may still know them, and would take others with the same number for them.
 */
const versionAfter = (version: number): number => Math.max(version + 1, Math.trunc(Date.now() / 1000) - FIRST_SECOND);

/** Puts the plan into force, in one transaction; answers what is lost. */
async function putInForce(
  services: Services,
  actor: Actor,
  acceptLoss: boolean,
  plan: (current: TenantTypes) => Plan,
): Promise<{ types: TenantTypes; losses: Loss[] }> {
  const { tenantId } = actor;
  const outcome = await services.database.transaction(async (on) => {
    const row = await lockExtensions(on, tenantId);
    const planned = plan(readTypes(row));
    const { types, resource, before, after } = planned;
    const names = before ? narrowed(before, after) : [];
    const losses = before ? await lossesOf(on, types, resource, tenantId, before.id, names) : [];
    if (losses.length > 0 && !acceptLoss) {
      throw new Failure('LOSES_VALUES', {
        detail: `This would lose values of ${told(losses)} resources. Accept the loss, or keep these attributes as they are.`,
      });
    }
    const extensions = formatExtensions(types.extensions);
    const differing = { before: unlike(row.extensions, extensions), after: unlike(extensions, row.extensions) };
    if (differing.before.length + differing.after.length === 0) return { types: readTypes(row), losses };
    if (losses.length > 0) await dropValues(on, actor, types[resource], before!.id, names);
    await refuseMissing(on, tenantId, planned, names);
    await updateExtensions(on, actor, { version: versionAfter(row.version), extensions }, differing);
    return { types, losses };
  }, 'long');
  await endVerdictsOfTenant(services, tenantId);
  return outcome;
}

/** Declares an extension, or declares it anew. Fails with INVALID_VALUE, LOSES_VALUES. */
export function declareExtension(
  services: Services,
  actor: Actor,
  resource: ResourceName,
  declared: JsonObject,
  acceptLoss: boolean,
): Promise<{ types: TenantTypes; losses: Loss[] }> {
  const after = readDeclaration(declared);
  return putInForce(services, actor, acceptLoss, (current) => ({
    types: withExtension(current, { resource, schema: after }),
    resource,
    after,
    before: current.extensions.find(({ schema }) => sameUrn(schema.id, after.id))?.schema,
  }));
}

/** Removes a declared extension. Fails with NOT_FOUND, LOSES_VALUES. */
export function removeExtension(
  services: Services,
  actor: Actor,
  urn: string,
  acceptLoss: boolean,
): Promise<{ types: TenantTypes; losses: Loss[] }> {
  return putInForce(services, actor, acceptLoss, (current) => {
    const types = withoutExtension(current, urn);
    const known = current.extensions.find(({ schema }) => sameUrn(schema.id, urn));
    if (!types || !known) throw new Failure('NOT_FOUND', { field: 'urn', detail: 'The tenant has declared no extension with this URN.' });
    return { types, resource: known.resource, before: known.schema, after: undefined };
  });
}
