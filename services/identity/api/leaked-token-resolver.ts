/** Reports of scanners that have found tokens where they should not be. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, registerEnumType, Resolver } from 'type-graphql';
import { limits } from '../../../schema/resources.js';
import { revokeLeakedTokens } from '../domain/tokens/token-revocation.js';
import type { Context } from './context.js';
import { payload, UserError } from './user-errors.js';

enum LeakLabel {
  TRUE_POSITIVE = 'TRUE_POSITIVE',
  FALSE_POSITIVE = 'FALSE_POSITIVE',
}
registerEnumType(LeakLabel, {
  name: 'LeakLabel',
  description: "What a finding was, as GitHub's secret scanning names it.",
  valuesConfig: {
    TRUE_POSITIVE: { description: 'A token of ours; it is revoked now.' },
    FALSE_POSITIVE: { description: 'None that we have ever issued.' },
  },
});

@InputType({ description: 'A text that looks like a token, and where it was found.' })
class LeakedTokenInput {
  @Field(() => String, { description: 'The text.' })
  token!: string;

  @Field(() => String, { nullable: true, description: "The scanner's name for the kind of token." })
  type?: string | null;

  @Field(() => String, { nullable: true, description: 'Where it was found.' })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'In what it was found, as in "content" or "commit".' })
  source?: string | null;
}

@InputType({ description: 'A report of a scanner.' })
class RevokeLeakedTokensInput {
  @Field(() => [LeakedTokenInput], { description: `What was found, up to ${limits.leakedTokens}.` })
  tokens!: LeakedTokenInput[];
}

@ObjectType({ description: 'What a finding was.', simpleResolvers: true })
class LeakedTokenResult {
  @Field(() => String, { description: 'SHA-256 of the text, in hexadecimal.' })
  tokenHash!: string;

  @Field(() => LeakLabel, { description: 'What it was.' })
  label!: LeakLabel;
}

@ObjectType({ description: 'What became of a report.', simpleResolvers: true })
class RevokeLeakedTokensPayload {
  @Field(() => [LeakedTokenResult], { nullable: true, description: 'In the order of the report; null where nothing was done.' })
  results!: LeakedTokenResult[] | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@Resolver()
export class LeakedTokenResolver {
  @Mutation(() => RevokeLeakedTokensPayload, {
    description: `Revokes tokens that were found where they should not be, up to ${limits.leakedTokens} at once. To hold a token is proof enough: needs no authentication.`,
  })
  revokeLeakedTokens(
    @Arg('input', () => RevokeLeakedTokensInput) { tokens }: RevokeLeakedTokensInput,
    @Ctx() { services, origin }: Context,
  ): Promise<unknown> {
    return payload<object>(async () => {
      const answers = await revokeLeakedTokens(services, tokens, origin);
      return {
        results: answers.map(({ tokenHash, isOurs }) => ({
          tokenHash,
          label: isOurs ? LeakLabel.TRUE_POSITIVE : LeakLabel.FALSE_POSITIVE,
        })),
      };
    });
  }
}
