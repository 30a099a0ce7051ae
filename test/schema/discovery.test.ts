import { describe, expect, it } from 'vitest';
import type { Attribute } from '../../schema/attribute.js';
import type { Json, JsonObject } from '../../schema/change.js';
import { resourceTypeResources, schemaResources, serviceProviderConfig } from '../../schema/discovery.js';
import { limits, resourceTypes, schemasOf, userResource } from '../../schema/resources.js';
import { ENTERPRISE } from './kinds.js';

const location = (path: string) => `https://scim.example.com/v2${path}`;
const all = [serviceProviderConfig(location), ...schemaResources(location), ...resourceTypeResources(location)];
const schemaOf = (id: string) => schemaResources(location).find((schema) => schema['id'] === id)!;

const valuesIn = (value: Json | undefined): (Json | undefined)[] => [
  value,
  ...(typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : []),
];

describe('every answer', () => {
  it.each(all)('$id says what and where it is, and holds no null', (resource) => {
    const [schema] = resource['schemas'] as string[];
    expect(schema).toMatch(/^urn:ietf:params:scim:schemas:core:2\.0:(ServiceProviderConfig|Schema|ResourceType)$/);
    expect(resource['meta']).toEqual({ resourceType: schema?.split(':').at(-1), location: expect.stringContaining('/v2/') });
    expect(valuesIn(resource).filter((value) => value === null || value === undefined)).toEqual([]);
  });
});

describe('/ServiceProviderConfig', () => {
  it('says what is supported (RFC 7643, section 5)', () => {
    expect(serviceProviderConfig(location)).toMatchObject({
      patch: { supported: true },
      bulk: { supported: true, maxOperations: limits.bulkOperations, maxPayloadSize: limits.groupBodyBytes },
      filter: { supported: true, maxResults: limits.maxPageSize },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 100,
        maxPageSize: 1000,
        cursorTimeout: 86_400,
      },
      authenticationSchemes: [{ type: 'oauthbearertoken', name: expect.any(String), description: expect.any(String) }],
      meta: { location: 'https://scim.example.com/v2/ServiceProviderConfig' },
    });
  });
});

const CHARACTERISTICS = ['name', 'type', 'multiValued', 'description', 'required', 'caseExact', 'mutability', 'returned', 'uniqueness'];
const OPTIONAL = ['canonicalValues', 'referenceTypes'] as const;

describe('/Schemas', () => {
  it('has every declared schema once, by URN', () => {
    expect(schemaResources(location).map(({ id }) => id)).toEqual(resourceTypes.flatMap(schemasOf).map(({ id }) => id));
    expect(schemaOf(ENTERPRISE)['meta']).toMatchObject({ location: `https://scim.example.com/v2/Schemas/${ENTERPRISE}` });
  });

  it('has every declared attribute but the password, which is taken and never kept, with all its characteristics (RFC 7643, section 7)', () => {
    const walk = (declared: readonly Attribute[], told: readonly JsonObject[]) => {
      expect(told.map(({ name }) => name)).toEqual(declared.map(({ name }) => name));
      declared.forEach((attribute, index) => {
        const { subAttributes: subs = [], ...rest } = told[index]!;
        expect(attribute).toMatchObject(rest);
        expect(Object.keys(rest)).toEqual([...CHARACTERISTICS, ...OPTIONAL.filter((name) => attribute[name])]);
        walk(attribute.subAttributes ?? [], subs as JsonObject[]);
      });
    };
    const kept = resourceTypes
      .flatMap(schemasOf)
      .map(({ id, attributes }) => ({ id, attributes: attributes.filter(({ name }) => name !== 'password') }));
    for (const { id, attributes } of kept) walk(attributes, schemaOf(id)['attributes'] as JsonObject[]);
  });

  it('lists relations, and not what every resource has anyway', () => {
    const names = (schemaOf(userResource.schema.id)['attributes'] as JsonObject[]).map(({ name }) => name);
    expect(names).toContain('groups');
    expect(names).not.toEqual(expect.arrayContaining(['id']));
  });
});

describe('/ResourceTypes', () => {
  it('names schema and extensions of each (RFC 7643, section 6)', () => {
    expect(resourceTypeResources(location)).toMatchObject([
      {
        id: 'User',
        name: 'User',
        endpoint: '/Users',
        schema: userResource.schema.id,
        schemaExtensions: userResource.extensions.map(({ id }) => ({ schema: id, required: false })),
      },
      { id: 'Group', name: 'Group', endpoint: '/Groups', meta: { location: 'https://scim.example.com/v2/ResourceTypes/Group' } },
    ]);
  });
});
