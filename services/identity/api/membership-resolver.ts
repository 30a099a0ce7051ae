/** Membership checks in GraphQL. */
import { Arg, Ctx, Field, ID, InputType, ObjectType, Query, Resolver } from 'type-graphql';
import { limits } from '../../../schema/resources.js';
import { permit } from '../domain/caller.js';
import { checkMemberships, type MembershipCheck } from '../domain/members/membership-checks.js';
import type { Context } from './context.js';

@InputType({ description: 'A user and a group.' })
class MembershipPairInput {
  @Field(() => ID, { description: 'The id of the user.' })
  userId!: string;

  @Field(() => ID, { description: 'The id of the group.' })
  groupId!: string;
}

@ObjectType({ description: 'Whether a user belongs to a group.', simpleResolvers: true })
class Membership implements MembershipCheck {
  @Field(() => ID, { description: 'The id of the user, as it was asked for.' })
  userId!: string;

  @Field(() => ID, { description: 'The id of the group, as it was asked for.' })
  groupId!: string;

  @Field(() => Boolean, { description: 'Whether the user was put into the group itself.' })
  isDirect!: boolean;

  @Field(() => Boolean, { description: 'Whether the user is in the group, directly or through groups in it, at any depth.' })
  isEffective!: boolean;
}

@Resolver()
export class MembershipResolver {
  @Query(() => [Membership], {
    description: `Whether users belong to groups: an answer for each pair, in their order, up to ${limits.maxPageSize} in one statement. Nobody belongs to what is not there.`,
  })
  memberships(
    @Arg('pairs', () => [MembershipPairInput], { description: 'Whom to look for, and where.' }) pairs: MembershipPairInput[],
    @Ctx() { caller, services }: Context,
  ): Promise<MembershipCheck[]> {
    return checkMemberships(services.database, permit(caller, 'groups:read').tenantId, pairs);
  }
}
