/** What was refused over SCIM, in GraphQL: told by the facade, read by support. */
import { GraphQLSafeInt } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { Failure } from '../../../schema/failure.js';
import { permit } from '../domain/caller.js';
import { countRefusedRequests, listRefusedRequests, recordRefusals, refusalLimits } from '../domain/tenants/refused-requests.js';
import { CursorArguments } from './common-inputs.js';
import type { Context } from './context.js';
import { countedConnectionOf } from './connections.js';
import { rowConnection } from './connection-source.js';
import { Tenant } from './tenant-resolver.js';
import { payload, UserError } from './user-errors.js';

@ObjectType({
  description: 'A request over SCIM that was refused, or an operation of a Bulk request, and how often: the same again counts up.',
  simpleResolvers: true,
})
class RefusedRequest {
  @Field(() => String, { description: 'When it was first refused, to about a second: ISO 8601 in UTC.' })
  firstAt!: string;

  @Field(() => String, { description: 'When it was last refused.' })
  lastAt!: string;

  @Field(() => GraphQLSafeInt, { description: 'How often, at the least: of very many a second not all are counted.' })
  times!: number;

  @Field(() => String, { description: 'The HTTP method.' })
  method!: string;

  @Field(() => String, {
    description:
      'The path with its query, decoded; up to 2,048 characters. Of an operation of a Bulk request as in `/scim/api/V1/Bulk → /Users/7`.',
  })
  path!: string;

  @Field(() => Int, { description: 'The HTTP status that was answered.' })
  status!: number;

  @Field(() => String, { nullable: true, description: "SCIM's keyword, as in `uniqueness`, where the refusal has one." })
  scimType!: string | null;

  @Field(() => String, { description: 'The sentence that was answered.' })
  detail!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The body, as JSON: up to 8,192 characters, ending with "…" where it was longer. Passwords and other secrets are masked: "***". Null where there was none, or where it was no JSON object or was not read.',
  })
  body!: string | null;

  @Field(() => String, { description: "The id of the request, the last one's: it is in the answer's `X-Request-Id` and in the log." })
  requestId!: string;

  @Field(() => ID, { description: 'The id of the token.' })
  tokenId!: string;

  @Field(() => String, { nullable: true, description: 'The name of the token; null where it has none, or is not known any more.' })
  tokenName!: string | null;

  @Field(() => String, { nullable: true, description: 'What the client calls itself.' })
  userAgent!: string | null;

  @Field(() => String, { description: 'The address that it came from.' })
  address!: string;
}

const { Connection: RefusedRequestConnection, TotalResolver } = countedConnectionOf(
  'RefusedRequest',
  () => RefusedRequest,
  'refused requests',
  'How many there are in all pages, each repeated one counted once.',
);

@ArgsType()
class RefusedRequestArguments extends CursorArguments {
  @Field(() => String, {
    nullable: true,
    description: 'A part of the path, the sentence or the body, in any case: a user name, an e-mail address, an id.',
  })
  text?: string | null;

  @Field(() => Int, { nullable: true, description: 'Only those that were answered with this HTTP status.' })
  status?: number | null;
}

@InputType({ description: 'A request that was refused.' })
class RefusedRequestInput {
  @Field(() => String, { description: 'The HTTP method.' })
  method!: string;

  @Field(() => String, { description: 'The path with its query.' })
  path!: string;

  @Field(() => Int, { description: 'The HTTP status that was answered.' })
  status!: number;

  @Field(() => String, { nullable: true, description: "SCIM's keyword." })
  scimType?: string | null;

  @Field(() => String, { description: 'The sentence that was answered.' })
  detail!: string;

  @Field(() => String, { nullable: true, description: 'The body, without secrets.' })
  body?: string | null;

  @Field(() => String, { description: "The id of the request, the last one's." })
  requestId!: string;

  @Field(() => String, { nullable: true, description: 'What the client calls itself.' })
  userAgent?: string | null;

  @Field(() => Int, { description: 'How often.' })
  times!: number;
}

@InputType({ description: 'What was refused to the bearer of the token.' })
class ReportRefusedRequestsInput {
  @Field(() => [RefusedRequestInput], { description: `The requests, up to ${refusalLimits.perReport}; what is more is passed over.` })
  requests!: RefusedRequestInput[];
}

@ObjectType({ description: 'The result of `reportRefusedRequests`.', simpleResolvers: true })
class ReportRefusedRequestsPayload {
  @Field(() => Int, { nullable: true, description: 'How many are kept; null where nothing was done.' })
  kept!: number | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@Resolver(() => Tenant)
export class RefusedRequestResolver {
  @FieldResolver(() => RefusedRequestConnection, {
    description: `What was refused to the tenant's clients over SCIM, the newest first: the ${refusalLimits.perTenant} newest of the last ${refusalLimits.days} days, a few seconds after they happened. For support. Needs the scope "changes:read".`,
  })
  async refusedRequests(
    @Root() { id }: Tenant,
    @Args(() => RefusedRequestArguments) { text, status, ...page }: RefusedRequestArguments,
    @Ctx() { caller, services }: Context,
  ): Promise<object> {
    permit(caller, 'changes:read');
    const filter = { text, status };
    return rowConnection(await listRefusedRequests(services, id, filter, page), () => countRefusedRequests(services, id, filter));
  }

  @Mutation(() => ReportRefusedRequestsPayload, {
    description:
      'For the SCIM facade, with the token of whom it has refused: keeps the requests for support. Of the bearers of other tokens nothing is kept.',
  })
  reportRefusedRequests(
    @Arg('input', () => ReportRefusedRequestsInput) { requests }: ReportRefusedRequestsInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    if (!caller) throw new Failure('UNAUTHENTICATED');
    return payload<object>(async () => ({ kept: await recordRefusals(services, caller, requests) }));
  }
}

export { TotalResolver as RefusedRequestTotalResolver };
