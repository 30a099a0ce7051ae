/** Inputs and enums that users and groups share. */
import { GraphQLJSON } from 'graphql-scalars';
import { ArgsType, Field, InputType, Int, registerEnumType } from 'type-graphql';
import { limits } from '../../../schema/resources.js';
import type { ChangeOperation, Json } from '../../../schema/change.js';
import { enumOf, inCapitals } from './enums.js';

/** For the field that names the tenant of a caller who may be an operator. */
export const tenantMeant = {
  nullable: true,
  description: "For operators: the tenant that is meant. Elsewhere it is the caller's.",
} as const;

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which way a list is ordered.',
  valuesConfig: {
    ASC: { description: 'Smallest first; resources without the value come last.' },
    DESC: { description: 'Largest first; resources without the value come first.' },
  },
});

@InputType({ description: 'What a list is ordered by; ties are broken by id.' })
class OrderBy {
  @Field(() => String, {
    description: "The path of an attribute in SCIM's notation, as in `userName`, `name.familyName` or `meta.created`.",
  })
  field!: string;

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which way.' })
  direction!: OrderDirection;
}

/** Which page of a list, as arguments of a field (Relay's connection specification). */
@ArgsType()
export class CursorArguments {
  @Field(() => Int, {
    nullable: true,
    description: `How many at the most, up to ${limits.maxPageSize}; ${limits.defaultPageSize} where nothing is said.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many at the most of those before `before`, or of the last ones; goes with neither `first` nor `after`.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor before which the page ends.' })
  before?: string | null;
}

/** The same of a list that can be filtered and put in another order. */
@ArgsType()
export class PageArguments extends CursorArguments {
  @Field(() => String, {
    nullable: true,
    description: 'A filter in SCIM\'s grammar (RFC 7644, 3.4.2.2), as in `active eq true` or `displayName sw "Sales"`.',
  })
  filter?: string | null;

  @Field(() => OrderBy, { nullable: true, description: 'Another order than that of creation.' })
  orderBy?: OrderBy | null;
}

/** The same for lists of a whole tenant, which can be asked for by offsets, too, as SCIM does. */
@ArgsType()
export class ListArguments extends PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: 'How many to pass over, after the cursor if there is one; goes with neither `last` nor `before`.',
  })
  offset?: number | null;
}

const operations = enumOf<ChangeOperation>(
  'ChangeOperation',
  'What a change does (RFC 7644, section 3.5.2).',
  {
    add: 'Adds values to a list, or sets a single value.',
    replace: 'Replaces the target; parts of a complex value that are not named stay.',
    remove: 'Removes the target; with a list of values, just those.',
  },
  inCapitals,
);

@InputType({
  description:
    'One canonical change of a resource: the language of SCIM PATCH with every choice made. One whose filter finds nothing, and does not say by `eq` what a new value would be, is passed over beside others, and refused by itself.',
})
export class ChangeInput {
  @Field(() => operations, { description: 'What to do.' })
  op!: ChangeOperation;

  @Field(() => String, { description: 'The target, as in `displayName`, `emails[type eq "work"].value` or `urn:…:User:department`.' })
  path!: string;

  @Field(() => GraphQLJSON, { nullable: true, description: 'The value, as JSON; a list for a multi-valued attribute without a filter.' })
  value?: Json;

  @Field(() => String, {
    nullable: true,
    description:
      'In place of `value`, for `members` as a whole: ids of users and groups in one text, with a comma between each two. Of 100,000 it takes a fraction of the time that a list takes.',
  })
  joinedMemberIds?: string;

  @Field(() => Int, {
    nullable: true,
    description: "The number of the caller's own operation, for refusals; the place in the list where absent.",
  })
  operation?: number;
}
