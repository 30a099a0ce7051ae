import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType('Node', { description: "Anything with an id of its own (Relay's object identification)." })
export abstract class Node {
  @Field(() => ID, { description: 'The id, the same through GraphQL and SCIM; never changes.' })
  id!: string;
}
