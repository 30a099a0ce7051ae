import { Field, ObjectType } from 'type-graphql';

/** Where a page stands in its list (Relay's connection specification). */
@ObjectType({ description: 'Where a page stands in its list, as Relay has it.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether this page was asked for with a cursor or an offset.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first node.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last node: pass it as `after` for the next page.' })
  endCursor!: string | null;
}

/** Makes page info out of the cursors of a page. */
export const pageInfo = (cursors: readonly string[], hasNextPage: boolean, hasPreviousPage: boolean): PageInfo =>
  ({ hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null });

