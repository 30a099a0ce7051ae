/**
 * What is wrong with the values of variables, told in place of what graphql-js says: a few faults, in sentences of a bounded length. It
 * looks for all of them where an operation is counted, and writes the whole value into each sentence: a body of a megabyte kept everybody
 * waiting for half a minute.
 */
import {
  coerceInputValue,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

const MOST_FAULTS = 20;
const LONGEST_VALUE = 100; // characters
const LONGEST_REASON = 500;

const ENOUGH = new Error('enough faults are known');

const printPath = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');

const shortened = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

function printValue(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : shortened(JSON.stringify(value), LONGEST_VALUE);
}

type Values = Readonly<Record<string, unknown>>;

/** The type of a variable, of whose value there is something to say; that one is missing, or is null, is told by the execution. */
function typeOf(schema: GraphQLSchema, { variable, type }: VariableDefinitionNode, values: Values): GraphQLInputType | undefined {
  if (!Object.hasOwn(values, variable.name.value) || values[variable.name.value] === null) return undefined;
  const found = typeFromAST(schema, type);
  return isInputType(found) ? found : undefined;
}

/** The first faults, in the order in which they stand; none where all values fit. */
export function variableFaults(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Values = {},
): readonly GraphQLError[] {
  const faults: GraphQLError[] = [];

  function check(definition: VariableDefinitionNode, type: GraphQLInputType): void {
    const name = definition.variable.name.value;
    coerceInputValue(values[name], type, (path, value, { message }) => {
      const where = path.length > 0 ? ` at "${shortened(name + printPath(path), LONGEST_VALUE)}"` : '';
      faults.push(
        new GraphQLError(`Variable "$${name}" got invalid value ${printValue(value)}${where}; ${shortened(message, LONGEST_REASON)}`, {
          nodes: definition,
        }),
      );
      if (faults.length >= MOST_FAULTS) throw ENOUGH;
    });
  }

  try {
    for (const definition of variableDefinitions) {
      const type = typeOf(schema, definition, values);
      if (type) check(definition, type);
    }
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
  return faults;
}
