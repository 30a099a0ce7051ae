import { Field, ObjectType } from 'type-graphql';

/** Where a page stands in its list (Relay's connection specification). */
@ObjectType({ description: 'Where a page stands in its list, as Relay has it.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page; taken to be so where it was asked for with `before`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether there is more before this page; taken to be so where it was asked for with `after` or `offset`.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first node: pass it as `before` for the page before.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last node: pass it as `after` for the next page.' })
  endCursor!: string | null;
}

/** Makes page info out of the cursors of a page. */
export const pageInfo = (
  cursors: readonly string[],
  { hasNextPage, hasPreviousPage }: Pick<PageInfo, 'hasNextPage' | 'hasPreviousPage'>,
): PageInfo => ({ hasNextPage, hasPreviousPage, startCursor: cursors[0] ?? null, endCursor: cursors.at(-1) ?? null });
