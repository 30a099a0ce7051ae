/** The values of a multi-valued attribute as rows: the elements of a list in the document, or the rows of a relation. */
import { type RawBuilder, sql } from './sql.js';
import type { AttributeRef } from '../../../../schema/tree.js';
import { asText, asUuid, type Condition, refuse, typed, typedValue } from './attribute-sql.js';
import { extensionUrns, type ResourceTable } from './columns.js';
import { allGroups, directMembers, nameOf } from './relation-sql.js';

/** Values as rows named `element`, and how a sub-attribute of one is read. */
export interface Values {
  readonly rows: RawBuilder<unknown>;
  readonly read: (target: AttributeRef) => Condition;
}

/** The members of a group as it shows them, or all groups of a user. */
const relatedValues = (table: ResourceTable, tenantId: string): Values =>
  valuesAmong(tenantId, table.type.name === 'User' ? allGroups(tenantId, sql`app_user.id`) : directMembers(tenantId, sql`app_group.id`));

/**
 * Rows of `id` and `type` as the values of a relation; `end` is the end of the SELECT. Types and names are folded, as what they are
 * compared with is.
 */
export function valuesAmong(tenantId: string, elements: RawBuilder<unknown>, end: RawBuilder<unknown> = sql``): Values {
  const name = nameOf(tenantId, { id: sql`related.id`, type: sql`related.type` }, 'key');
  return {
    rows: sql`(select related.id as value, lower(related.type) as type, ${name} as display from (${elements}) as related ${end}) as element`,
    read: (target) => {
      if (target.sub?.name === 'display') return asText(sql`element.display`);
      if (target.sub?.name === 'type') return asText(sql`element.type`);
      return target.sub?.name === '$ref' ? refuse(target) : asUuid(sql`element.value`);
    },
  };
}

/** Every resource has its own schema, and an extension where it has values of it. */
function schemaValues(table: ResourceTable): Values {
  const own = sql`select ${table.type.schema.id}::text as value`;
  const extensions = extensionUrns(table.type).map((urn) => sql`select ${urn}::text where folded -> ${urn} is not null`);
  return { rows: sql`(${sql.join([own, ...extensions], sql` union all `)}) as element`, read: () => asText(sql`element.value`) };
}

/** An attribute of a tenant's own may have been declared anew, as a list. */
const listOf = (value: RawBuilder<unknown>) => sql`case jsonb_typeof(${value}) when 'array' then ${value} end`;

export function valuesOf(table: ResourceTable, tenantId: string, target: AttributeRef): Values {
  const { attribute, extension } = target;
  if (attribute.name === 'schemas') return schemaValues(table);
  if (attribute.isRelation) return relatedValues(table, tenantId);
  const list = extension ? listOf(sql`(folded -> ${extension.id} -> ${attribute.name})`) : sql`folded -> ${attribute.name}`;
  const read =
    attribute.type === 'complex'
      ? (inner: AttributeRef) => typed(inner, sql`element`)
      : () => typedValue(attribute, sql`(element #>> '{}')`);
  return { rows: sql`jsonb_array_elements(${list}) as element`, read };
}
