/** The ways to name one resource, as an input of which one field is given; made from `schema/identifiers.ts`. */
import { type ClassType, Field, ID, InputType } from 'type-graphql';
import { identifiers } from '../../../schema/identifiers.js';
import type { ResourceType } from '../../../schema/resources.js';

/** Makes the class the input that names a resource of the type. */
export function addIdentifiers(input: ClassType, { name }: ResourceType): void {
  InputType(`${name}By`, {
    description: `One way to name a ${name.toLowerCase()}. Of several with the same value none is answered: the query fails with AMBIGUOUS.`,
  })(input);
  Field(() => ID, { nullable: true, description: 'The id, the same as in SCIM.' })(input.prototype, 'id');
  for (const identifier of identifiers[name]) {
    Field(() => String, { nullable: true, description: identifier.description })(input.prototype, identifier.name);
  }
}
