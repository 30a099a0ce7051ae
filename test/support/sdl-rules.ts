/**
 * What our SDL must keep to, as functions of a schema: each answers what breaks it. GraphQL-ESLint has such rules, too, but would bring
 * ESLint beside the linter that is here.
 */
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

type Element = GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLArgument | GraphQLEnumValue;
interface Named {
  readonly path: string;
  readonly element: Element;
  readonly owner: GraphQLNamedType;
}
type Rule = (schema: GraphQLSchema) => string[];

const PASCAL = /^[A-Z][A-Za-z0-9]*$/;
const CAMEL = /^[a-z][A-Za-z0-9]*$/;
const UPPER = /^[A-Z][A-Z0-9_]*$/;
/** When what is deprecated may go, as the reason must say it. */
export const REMOVAL = /Removed after (\d{4}-\d{2}-\d{2})\.$/;

export const typesOf = (schema: GraphQLSchema): GraphQLNamedType[] =>
  Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
const objectsOf = (schema: GraphQLSchema): GraphQLObjectType[] => typesOf(schema).filter(isObjectType);

const elementsOf = (schema: GraphQLSchema): Named[] =>
  typesOf(schema).flatMap((owner): Named[] => {
    if (isEnumType(owner)) return owner.getValues().map((element) => ({ path: `${owner.name}.${element.name}`, element, owner }));
    if (!isObjectType(owner) && !isInterfaceType(owner) && !isInputObjectType(owner)) return [];
    return Object.values(owner.getFields()).flatMap((element) => [
      { path: `${owner.name}.${element.name}`, element, owner },
      ...('args' in element ? element.args : []).map((arg: GraphQLArgument) => ({
        path: `${owner.name}.${element.name}(${arg.name})`,
        element: arg,
        owner,
      })),
    ]);
  });

/** What is said of an input object is said at its type. */
const isDescribed = ({ element }: Named): boolean =>
  Boolean(element.description) || ('type' in element && isInputObjectType(getNamedType(element.type)));
const isRoot = (schema: GraphQLSchema, type: GraphQLNamedType): boolean =>
  type === schema.getQueryType() || type === schema.getMutationType();
const mutationsOf = (schema: GraphQLSchema): GraphQLField<unknown, unknown>[] => Object.values(schema.getMutationType()?.getFields() ?? {});
const typeOf = (type: GraphQLObjectType | undefined, field: string): string => String(type?.getFields()[field]?.type);

export const sdlRules: Readonly<Record<string, Rule>> = {
  'every type, field, argument and value has a description': (schema) => [
    ...typesOf(schema)
      .filter((type) => !type.description && !isRoot(schema, type))
      .map(({ name }) => name),
    ...elementsOf(schema)
      .filter((named) => !isDescribed(named))
      .map(({ path }) => path),
  ],
  'descriptions are sentences': (schema) => [
    ...typesOf(schema)
      .filter(({ description }) => description && !/[.:)]$/.test(description.trim()))
      .map(({ name }) => name),
    ...elementsOf(schema)
      .filter(({ element: { description } }) => description && !/[.:)]$/.test(description.trim()))
      .map(({ path }) => path),
  ],
  'types are named in PascalCase, fields and arguments in camelCase, values in UPPER_CASE': (schema) => [
    ...typesOf(schema)
      .filter(({ name }) => !PASCAL.test(name))
      .map(({ name }) => name),
    // What RFC 7643, sections 4.1.2 and 4.2, calls the ways to belong to a group, and the types of members.
    ...elementsOf(schema)
      .filter(({ element, owner }) => !(isEnumType(owner) ? UPPER : CAMEL).test(element.name))
      .map(({ path }) => path)
      .filter((path) => !/^(UserGroupType\.(in)?direct|GroupMemberType\.(User|Group))$/.test(path)),
  ],
  'what is called an input is one': (schema) =>
    typesOf(schema)
      .filter((type) => type.name.endsWith('Input') && !isInputObjectType(type))
      .map(({ name }) => name),
  'a mutation needs one input and nothing else, and answers a payload with user errors': (schema) =>
    mutationsOf(schema)
      .filter(({ args, type }) => {
        const needed = args.filter((arg) => String(arg.type).endsWith('!') && arg.defaultValue === undefined);
        const payload = getNamedType(type) as GraphQLObjectType;
        return (
          needed.length !== 1 ||
          !/^(\w+Input!|\[\w+Input!\]!)$/.test(String(needed[0]!.type)) ||
          !/^\w+Payload!$/.test(String(type)) ||
          typeOf(payload, 'userErrors') !== '[UserError!]!'
        );
      })
      .map(({ name }) => name),
  // The feed of changes has no end that could be counted.
  'a connection has edges, nodes, page info and a total': (schema) =>
    objectsOf(schema)
      .filter((type) => type.name.endsWith('Connection'))
      .filter((type) => {
        const edge = getNamedType(type.getFields()['edges']?.type) as GraphQLObjectType | undefined;
        return (
          typeOf(type, 'edges') !== `[${edge?.name}!]!` ||
          !edge?.name.endsWith('Edge') ||
          typeOf(edge, 'cursor') !== 'String!' ||
          typeOf(type, 'pageInfo') !== 'PageInfo!' ||
          (typeOf(type, 'totalCount') !== 'Int!' && type.name !== 'ChangeConnection') ||
          typeOf(type, 'nodes') !== `[${typeOf(edge, 'node')}]!`
        );
      })
      .map(({ name }) => name),
  'a field with a connection is paged through': (schema) =>
    objectsOf(schema).flatMap((owner) =>
      Object.values(owner.getFields())
        .filter(
          ({ type, args }) =>
            getNamedType(type).name.endsWith('Connection') && !['first', 'after'].every((name) => args.some((arg) => arg.name === name)),
        )
        .map(({ name }) => `${owner.name}.${name}`),
    ),
  'a node has an id': (schema) =>
    objectsOf(schema)
      .filter((type) => type.getInterfaces().some(({ name }) => name === 'Node') && typeOf(type, 'id') !== 'ID!')
      .map(({ name }) => name),
  'what is deprecated says why, and from when on it may be gone': (schema) =>
    elementsOf(schema)
      .filter(
        ({ element: { deprecationReason: reason } }) =>
          reason !== null && reason !== undefined && (!REMOVAL.test(reason) || reason.replace(REMOVAL, '').trim().length < 10),
      )
      .map(({ path }) => path),
  'what is required is not deprecated': (schema) =>
    elementsOf(schema)
      .filter(
        ({ element }) =>
          element.deprecationReason &&
          'defaultValue' in element &&
          element.defaultValue === undefined &&
          String(element.type).endsWith('!'),
      )
      .map(({ path }) => path),
  'every type can be reached': (schema) => {
    const reachable = new GraphQLSchema({ query: schema.getQueryType(), mutation: schema.getMutationType() }).getTypeMap();
    return typesOf(schema)
      .filter(({ name }) => !reachable[name])
      .map(({ name }) => name);
  },
};
