/** The GraphQL classes that every resource type has: inputs and payloads, made from its node class. */
import { type ClassType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ChangeInput } from './common-inputs.js';
import type { WriteOptions } from '../domain/resources/perform.js';
import { addWriteOptions, addPerformed } from './performed.js';
import { UserError } from './user-errors.js';

export interface MutationInput extends WriteOptions {
  readonly id: string;
  readonly ifVersion?: number | null;
  readonly changes?: readonly ChangeInput[];
  readonly [resource: string]: unknown;
}

const version = { nullable: true, description: 'Only if the resource is still at this version; otherwise VERSION_MISMATCH.' };

/** An input with nothing but the resource's id, with the options of all mutations. */
export function targetInput(name: string, description: string): ClassType {
  @InputType(name, { description })
  class Target {
    @Field(() => ID, { description: 'The id.' })
    id!: string;

    @Field(() => Int, version)
    ifVersion?: number | null;
  }
  addWriteOptions(Target);
  return Target;
}

/** `CreateUserInput`, `ReplaceUserInput`, `UpdateUserInput`, `ChangeUserInput`, `DeleteUserInput` and so on. */
export function inputsOf(
  name: string,
  resource: () => ClassType,
): Record<'Create' | 'Replace' | 'Update' | 'Change' | 'Delete', ClassType> {
  const field = name.toLowerCase();
  class Create {}
  InputType(`Create${name}Input`, { description: `A ${field} to create.` })(Create);
  Field(() => resource(), { description: `The ${field}.` })(Create.prototype, field);

  @InputType(`Replace${name}Input`, {
    description: `A ${field} to replace as a whole: what is absent is cleared, except what must not be lost by omission.`,
  })
  class Replace {
    @Field(() => ID, { description: 'The id.' })
    id!: string;

    @Field(() => Int, version)
    ifVersion?: number | null;
  }
  Field(() => resource(), { description: `The whole ${field}.` })(Replace.prototype, field);

  const Update = targetInput(`Update${name}Input`, `Attributes of a ${field} to change.`);
  Field(() => resource(), {
    description:
      'What to change: what is absent stays, null clears. Lists are replaced as wholes; parts of a complex value or an extension that are not named stay.',
  })(Update.prototype, field);

  @InputType(`Change${name}Input`, { description: `Changes of a ${field}, applied in order, all or nothing.` })
  class Change {
    @Field(() => ID, { description: 'The id.' })
    id!: string;

    @Field(() => [ChangeInput], { description: 'The changes.' })
    changes!: ChangeInput[];

    @Field(() => Int, version)
    ifVersion?: number | null;
  }

  const Delete = targetInput(`Delete${name}Input`, `A ${field} to delete.`);
  for (const input of [Create, Replace, Change]) addWriteOptions(input);
  return { Create, Replace, Update, Change, Delete };
}

/** The payload of a mutation that answers the resource, or says why it did nothing. */
export function payloadOf(
  mutation: string,
  field: string,
  node: () => ClassType,
  addMore: (payload: ClassType) => void = () => undefined,
): ClassType {
  @ObjectType(`${mutation}Payload`, {
    description: `The result of \`${mutation[0]!.toLowerCase()}${mutation.slice(1)}\`.`,
    simpleResolvers: true,
  })
  class Payload {
    @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
    userErrors!: UserError[];
  }
  Field(() => node(), { nullable: true, description: 'The resource afterwards; null where nothing was done.' })(Payload.prototype, field);
  addPerformed(Payload);
  addMore(Payload);
  return Payload;
}

/** The payload of a deletion. */
export function deletionPayloadOf(mutation: string): ClassType {
  @ObjectType(`${mutation}Payload`, {
    description: `The result of \`${mutation[0]!.toLowerCase()}${mutation.slice(1)}\`.`,
    simpleResolvers: true,
  })
  class Payload {
    @Field(() => ID, { nullable: true, description: 'The id that is no longer; null where nothing was done.' })
    deletedId!: string | null;

    @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
    userErrors!: UserError[];
  }
  addPerformed(Payload);
  return Payload;
}
