/**
 * The contract in `schema/` against what is built from it: GraphQL types, operations, tables. Lists that must agree are walked both ways.
 */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type GraphQLArgument,
  GraphQLInputObjectType,
  type GraphQLNamedType,
  GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attribute } from '../../schema/attribute.js';
import { failures } from '../../schema/failure.js';
import { coreAttributes, groupResource, limits, type ResourceType, userResource } from '../../schema/resources.js';
import { printErrorTable } from '../../services/identity/api/error-table.js';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { printIdentitySchema } from '../../services/identity/api/sdl.js';
import { type ResourceTable, groupTable, userTable } from '../../services/identity/store/query/columns.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { ormOptions } from '../../services/identity/store/tables/migrate.js';
import { entities } from '../../services/identity/store/tables/entities.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

const schema = buildIdentitySchema();
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const fieldsOf = (name: string) => Object.keys((schema.getType(name) as GraphQLObjectType | GraphQLInputObjectType).getFields());

describe('schema/identity.graphql', () => {
  it('is what the core serves (if not: npm run schema, and read the difference)', () => {
    expect(read('schema/identity.graphql')).toBe(printIdentitySchema());
  });

  it('describes every type, field, argument and value', () => {
    const ours = Object.values(schema.getTypeMap()).filter(
      ({ name }) => !name.startsWith('__') && !['String', 'Boolean', 'Int', 'ID', 'Query', 'Mutation'].includes(name),
    );
    expect(ours.flatMap(undescribed)).toEqual([]);
  });
});

function undescribed(type: GraphQLNamedType): string[] {
  const missing = type.description ? [] : [type.name];
  if (isEnumType(type)) {
    return [
      ...missing,
      ...type
        .getValues()
        .filter(({ description }) => !description)
        .map(({ name }) => `${type.name}.${name}`),
    ];
  }
  if (!isObjectType(type) && !isInputObjectType(type) && !isInterfaceType(type)) return missing;
  const fields = Object.values(type.getFields());
  const args = fields.flatMap((field) =>
    'args' in field
      ? (field.args as readonly GraphQLArgument[]).map((arg) => ({ name: `${field.name}(${arg.name})`, description: arg.description }))
      : [],
  );
  return [...missing, ...[...fields, ...args].filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`)];
}

describe('schema/operations', () => {
  it.each(readdirSync(new URL('../../schema/operations', import.meta.url)))('%s fits the schema', (file) => {
    const document = parse(read(`schema/operations/${file}`));
    expect(validate(schema, document)).toEqual([]);
    expect(document.definitions.map((definition) => 'name' in definition && definition.name?.value)).toEqual([
      file.replace('.graphql', ''),
    ]);
  });
});

const isNode = ({ name }: Attribute) => !['schemas', 'meta'].includes(name);
const isShown = ({ returned }: Attribute) => returned !== 'never';
const isWritable = ({ mutability, returned }: Attribute) => mutability === 'readWrite' && returned !== 'never';

describe.each([
  ['User', userResource],
  ['Group', groupResource],
] as [string, ResourceType][])('the GraphQL type %s', (name, type) => {
  const own = ['version', 'createdAt', 'updatedAt', 'attributes', 'document'];
  const extensions = type.extensions.map(({ field }) => field!);

  it('shows every declared attribute and nothing else', () => {
    const declared = coreAttributes(type)
      .filter(isNode)
      .filter(isShown)
      .map((attribute) => attribute.name);
    expect(fieldsOf(name).toSorted()).toEqual([...declared, ...extensions, ...own].toSorted());
  });

  it('takes every writable attribute and nothing else', () => {
    const declared = coreAttributes(type)
      .filter(isNode)
      .filter(isWritable)
      .map((attribute) => attribute.name);
    const ways = name === 'Group' ? ['joinedMemberIds'] : []; // another way to say the members
    expect(fieldsOf(`${name}Input`).toSorted()).toEqual([...declared, ...extensions, ...ways, 'extensions'].toSorted()); // the last for those that tenants declare
  });

  it.each(type.extensions)('has the attributes of $name', ({ name: extension, attributes }) => {
    expect(fieldsOf(extension)).toEqual(attributes.map((attribute) => attribute.name));
  });
});

describe('the tables', () => {
  let own: OwnStore;
  let database: Database;
  beforeAll(async () => {
    own = await createOwnEmbedded();
    database = await openDatabase(own.location);
  });
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  it('have the columns that the entities say', async () => {
    const rows = await database.run(sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and table_name <> 'mikro_orm_migrations'`);
    const said = entities.flatMap(({ meta }) => Object.keys(meta.properties).map((property) => `${meta.tableName}.${property}`));
    expect(rows.map(({ name }) => name).toSorted()).toEqual(said.toSorted());
  });

  it('lead with the tenant in every key', async () => {
    const rows = await database.run(sql<{ name: string; first: string }>`
      select c.conname::text as name, a.attname as first from pg_constraint c
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype in ('p', 'f') and c.connamespace = 'public'::regnamespace and c.conrelid::regclass::text not in ('tenant', 'mikro_orm_migrations')`);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ first }) => first !== 'tenant_id')).toEqual([]);
  });

  it.each([
    ['users', userTable],
    ['groups', groupTable],
  ] as [string, ResourceTable][])('hold columns of declared attributes only: %s', (_, { type, columns }) => {
    const declared = coreAttributes(type).map(({ name }) => name);
    expect(columns.filter(({ attribute }) => !declared.includes(attribute))).toEqual([]);
  });

  it('are migrated once: another start finds nothing to do', async () => {
    await database.close();
    database = await openDatabase(own.location);
    const [row] = await database.run(sql<{ count: number }>`select count(*)::integer as count from mikro_orm_migrations`);
    expect(row!.count).toBe(ormOptions.migrations.migrationsList.length);
  });
});

describe('the limits', () => {
  it('let a whole page of a relation come with an operation', () => {
    expect(read('schema/operations/PageUserRelation.graphql')).toContain(`first: ${limits.maxPageSize}`);
  });

  it('fit what PostgreSQL can index', () => {
    expect(limits.indexedStringLength * 4).toBeLessThan(2704); // bytes of a B-tree entry
  });
});

describe('the failures', () => {
  it('are told in docs/errors.md as they are (if not: npm run errors)', () => {
    expect(read('docs/errors.md')).toBe(printErrorTable());
  });

  it.each(Object.entries(failures))('%s tells a caller something', (_, { status, sentence }) => {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(sentence).toMatch(/^[A-Z].{10,}\.$/);
  });
});
