import { Field, ObjectType } from 'type-graphql';
import { toFailure } from '../../../schema/failure.js';
import { currentRequest } from '../domain/current-request.js';

/** What the caller can mend. */
@ObjectType({ description: 'Why a mutation did nothing, where the caller can mend it.', simpleResolvers: true })
export class UserError {
  @Field(() => String, { description: 'A stable code, as in UNIQUENESS.' })
  code!: string;

  @Field(() => String, { nullable: true, description: 'The attribute or argument at fault, where it is one.' })
  field!: string | null;

  @Field(() => String, { description: 'What is wrong and what to change, for a person.' })
  message!: string;
}

/** The payload of a mutation: its result with no errors, or the errors that the caller can mend; everything else is thrown on. */
export async function payload<Result extends object>(
  work: () => Promise<Result>,
  otherwise: object = {},
): Promise<Partial<Result> & { userErrors: UserError[] }> {
  try {
    return { ...(await work()), userErrors: [] };
  } catch (error) {
    const failure = toFailure(error);
    if (!failure.kind.mendable) throw failure;
    const request = currentRequest.getStore();
    if (request) request.refused ??= failure.code;
    return {
      ...otherwise,
      userErrors: [{ code: failure.code, field: failure.field ?? null, message: failure.message }],
    } as unknown as Partial<Result> & { userErrors: UserError[] };
  }
}
