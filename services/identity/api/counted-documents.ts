/** What counting an operation depends on: of most documents it is always the same, and is counted once. */
import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

interface Dependence {
  /** Whether there is anything to count. */
  readonly isCounted: boolean;
  /** Whether it depends on the variables. */
  readonly varies: boolean;
}

function holdsVariable(node: ArgumentNode | DirectiveNode): boolean {
  let found = false;
  visit(node, {
    [Kind.VARIABLE]: () => {
      found = true;
    },
  });
  return found;
}

function dependenceOf(schema: GraphQLSchema, document: DocumentNode, sizes: readonly string[]): Dependence {
  let [isCounted, varies] = [false, false];
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      // How many items a payload has depends on how many were sent.
      OperationDefinition: ({ operation }) => {
        varies ||= operation !== OperationTypeNode.QUERY;
      },
      Field: ({ arguments: given = [] }) => {
        isCounted ||= getNamedType(types.getType())?.name.endsWith('Connection') ?? false;
        for (const argument of given.filter(({ name }) => sizes.includes(name.value))) {
          isCounted = true;
          varies ||= holdsVariable(argument);
        }
      },
      Directive: (directive) => {
        varies ||= holdsVariable(directive);
      },
    }),
  );
  return { isCounted, varies };
}

/**
 * Remembers by the document, which Apollo keeps as long as it is asked for. `count` is asked where nothing is remembered, and looks at
 * connections and at the arguments of the names in `sizes`; undefined is not remembered.
 */
export function rememberingCount<
  Count,
  Request extends { readonly document: DocumentNode; readonly operationName?: string | null | undefined },
>(
  schema: GraphQLSchema,
  sizes: readonly string[],
  nothing: Count,
  count: (request: Request) => Count | undefined,
): (request: Request) => Count | undefined {
  const known = new WeakMap<DocumentNode, Dependence & { readonly counts: Map<string, Count> }>();
  return (request) => {
    const { document, operationName } = request;
    const entry = known.get(document) ?? { ...dependenceOf(schema, document, sizes), counts: new Map<string, Count>() };
    known.set(document, entry);
    if (!entry.isCounted) return nothing;
    const counted = (entry.varies ? undefined : entry.counts.get(operationName ?? '')) ?? count(request);
    if (!entry.varies && counted !== undefined) entry.counts.set(operationName ?? '', counted);
    return counted;
  };
}
