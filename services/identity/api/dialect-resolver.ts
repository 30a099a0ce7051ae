/** What a tenant's clients do beside the standard, in GraphQL; the names are those of `schema/habits.ts`. */
import { GraphQLSafeInt } from 'graphql-scalars';
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { type Client, clientNames, clients, type Habit, habits } from '../../../schema/habits.js';
import { listDialects } from '../domain/tenants/dialect-sightings.js';
import { permitOrOperate } from '../domain/tenants/tenant-target.js';
import type { Context } from './context.js';
import { enumOf } from './enums.js';
import { Tenant } from './tenant-resolver.js';

const meaningsOf = <Name extends string>(names: readonly Name[], meaningOf: (name: Name) => string) =>
  Object.fromEntries(names.map((name) => [name, meaningOf(name)])) as Record<Name, string>;

const clientEnum = enumOf(
  'DialectClient',
  'A product that speaks SCIM, by what its User-Agent says.',
  meaningsOf(clientNames, (name) => clients[name].description),
);
const habitEnum = enumOf('DialectHabit', 'A choice between several ways of the standard, or a deviation from it.', habits);

@ObjectType({ description: 'A habit that a client of the tenant has shown over SCIM. Counted within a few seconds.' })
class DialectSighting {
  @Field(() => clientEnum, { description: 'The product that has shown it.' })
  client!: Client;

  @Field(() => habitEnum, { description: 'The habit.' })
  habit!: Habit;

  @Field(() => String, { description: 'What the habit is, and who is known for it.' })
  description(): string {
    return habits[this.habit];
  }

  @Field(() => String, { description: 'When it was first shown: ISO 8601 in UTC.' })
  firstSeenAt!: string;

  @Field(() => String, { description: 'When it was last shown: ISO 8601 in UTC.' })
  lastSeenAt!: string;

  @Field(() => GraphQLSafeInt, { description: 'How many requests have shown it.' })
  requests!: number;
}

@Resolver(() => Tenant)
export class DialectResolver {
  @FieldResolver(() => [DialectSighting], {
    description:
      'What the tenant\'s clients do beside the standard or in one of its ways: for support. Needs the scope "settings:manage", or "tenants:manage" for operators.',
  })
  async dialects(@Root() { id }: Tenant, @Ctx() { caller, services, loaders }: Context): Promise<DialectSighting[]> {
    permitOrOperate(caller, 'settings:manage'); // others see no tenant but their own
    const rows = await loaders.by('dialects', id, (ids) => listDialects(services, ids));
    return rows.map((row) => Object.assign(new DialectSighting(), row));
  }
}
