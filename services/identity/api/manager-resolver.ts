/**
 * What GraphQL tells of a manager beside the id that the user's document has: looked up for all users of an answer at once, and only where
 * it is asked for. Whoever has come to a user may read users.
 */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { enterpriseUserSchema } from '../../../schema/user.js';
import { userResource } from '../../../schema/resources.js';
import type { Context } from './context.js';
import { objectType } from './derived-types.js';

const { description, subAttributes } = enterpriseUserSchema.attributes.find(({ name }) => name === 'manager')!;
const Manager = objectType('Manager', description, subAttributes!);

@Resolver(() => Manager)
export class ManagerResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'The name of the manager: the display name, or else the user name; null where no user has the id.',
  })
  async displayName(@Root() { value }: JsonObject, @Ctx() { loaders }: Context): Promise<unknown> {
    const row = typeof value === 'string' ? await loaders.resource(userResource, value.toLowerCase()) : undefined; // ids are found in any case
    return row && (row.attributes['displayName'] ?? row.attributes['userName']);
  }
}
