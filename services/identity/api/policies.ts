/** A tenant's policies in GraphQL, made from their declaration in `schema/policies.ts`. */
import { type ClassType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { policies, type PolicyName, policyNames } from '../../../schema/policies.js';
import { tenantMeant } from './common-inputs.js';
import { enumOf } from './enums.js';

const enums = Object.fromEntries(
  policyNames.map((name) => {
    const { values, description } = policies[name];
    return [name, enumOf(`${name[0]!.toUpperCase()}${name.slice(1)}Policy`, description, values as Readonly<Record<string, string>>)];
  }),
) as Record<PolicyName, object>;

function addPolicies(type: ClassType, nullable: boolean): void {
  for (const name of policyNames) Field(() => enums[name], { nullable, description: policies[name].description })(type.prototype, name);
}

/** Adds to the payload of a change what the tenant has decided about answers to PATCH. */
export function addPatchAnswer(payload: ClassType): void {
  Field(() => enums.patchAnswer, { description: policies.patchAnswer.description })(payload.prototype, 'patchAnswer');
}

@ObjectType({ description: 'What a tenant has decided where two honest servers could decide differently.', simpleResolvers: true })
export class TenantPolicies {}
addPolicies(TenantPolicies, false);

@InputType({ description: 'What to decide; what is absent stays as it is, and null is refused.' })
export class TenantPoliciesInput {
  @Field(() => ID, tenantMeant)
  tenantId?: string | null;
}
addPolicies(TenantPoliciesInput, true);
