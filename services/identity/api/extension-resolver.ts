/** Attributes of a tenant's own: declared, declared anew, removed. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { formatExtensions, type ResourceName, type TenantTypes } from '../../../schema/tenant-types.js';
import { permit } from '../domain/caller.js';
import { declareExtension, type Loss, removeExtension } from '../domain/tenants/extensions.js';
import type { Context } from './context.js';
import { payload, UserError } from './user-errors.js';
import { enumOf, inCapitals } from './enums.js';

const extensible = enumOf<ResourceName>(
  'ExtensibleResource',
  'What an extension extends.',
  {
    User: 'Users.',
    Group: 'Groups.',
  },
  inCapitals,
);

const acceptLoss = {
  defaultValue: false,
  description: 'Lets values go that could not be kept; otherwise the mutation is refused with how many there are.',
};

@InputType({ description: 'An extension to declare. Declared anew, what it had and has no longer is removed.' })
class DeclareExtensionInput {
  @Field(() => extensible, { description: 'What it extends.' })
  resource!: ResourceName;

  @Field(() => GraphQLJSONObject, {
    description: 'The schema as RFC 7643, section 7, writes it: `id` (a URN), `name`, `description`, `attributes`.',
  })
  schema!: JsonObject;

  @Field(() => Boolean, acceptLoss)
  acceptLoss!: boolean;
}

@InputType({ description: 'An extension to remove.' })
class RemoveExtensionInput {
  @Field(() => String, { description: 'Its URN.' })
  urn!: string;

  @Field(() => Boolean, acceptLoss)
  acceptLoss!: boolean;
}

@ObjectType({ description: 'Values that were lost.', simpleResolvers: true })
class ExtensionLoss {
  @Field(() => String, { description: 'The attribute.' })
  attribute!: string;

  @Field(() => Int, { description: 'How many resources had a value.' })
  resources!: number;
}

@ObjectType({ description: 'The extensions afterwards.', simpleResolvers: true })
class ExtensionsPayload {
  @Field(() => [GraphQLJSONObject], {
    nullable: true,
    description: 'All extensions that the tenant has declared; null where nothing was done.',
  })
  extensions!: JsonObject[] | null;

  @Field(() => [ExtensionLoss], { nullable: true, description: 'What was lost, as accepted.' })
  losses!: Loss[] | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

const answer = (work: () => Promise<{ types: TenantTypes; losses: Loss[] }>) =>
  payload<object>(async () => {
    const { types, losses } = await work();
    return { extensions: formatExtensions(types.extensions), losses };
  });

@Resolver()
export class ExtensionResolver {
  @Mutation(() => ExtensionsPayload, {
    description:
      "Declares an extension of the caller's tenant. It is served in /Schemas, and its attributes are checked, filtered, sorted, patched and shown like built-in ones.",
  })
  declareExtension(
    @Arg('input', () => DeclareExtensionInput) input: DeclareExtensionInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const actor = permit(caller, 'settings:manage');
    return answer(() => declareExtension(services, actor, input.resource, input.schema, input.acceptLoss));
  }

  @Mutation(() => ExtensionsPayload, { description: "Removes an extension of the caller's tenant." })
  removeExtension(
    @Arg('input', () => RemoveExtensionInput) input: RemoveExtensionInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const actor = permit(caller, 'settings:manage');
    return answer(() => removeExtension(services, actor, input.urn, input.acceptLoss));
  }
}
