/**
 * What is wrong with the values of variables, told before they are used: a few faults, in sentences of a bounded length. graphql-js looks
 * for all of them where an operation is counted, and writes the whole value into each sentence: a body of a megabyte kept everybody waiting
 * for half a minute.
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
import { oncePerPair } from '../../../schema/once-per.js';

const MOST_FAULTS = 20;
const LONGEST_VALUE = 100; // characters
const LONGEST_REASON = 500;

const isEnough = new Error('enough faults are known');

const printPath = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');

const shortened = (text: string, longest: number): string => (text.length > longest ? `${text.slice(0, longest)}…` : text);

function printValue(value: unknown): string {
  if (Array.isArray(value)) return '[…]';
  return typeof value === 'object' && value !== null ? '{…}' : shortened(JSON.stringify(value), LONGEST_VALUE);
}

type Values = Readonly<Record<string, unknown>>;

interface Variable {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly definition: VariableDefinitionNode;
}

/** The variables of an operation that have an input type; of others the validation tells. */
const variablesOf = oncePerPair((schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode): readonly Variable[] =>
  variableDefinitions.flatMap((definition) => {
    const type = typeFromAST(schema, definition.type);
    return isInputType(type) ? { name: definition.variable.name.value, type, definition } : [];
  }),
);

/** Whether there is something to say of its value; that one is missing, or is null, is told by the execution. */
const isGiven = (values: Values, name: string): boolean => Object.hasOwn(values, name) && values[name] !== null;

/** The first faults, in the order in which they stand; none where all values fit. */
export function variableFaults(schema: GraphQLSchema, operation: OperationDefinitionNode, values: Values = {}): readonly GraphQLError[] {
  const faults: GraphQLError[] = [];

  function check({ name, type, definition }: Variable): void {
    coerceInputValue(values[name], type, (path, value, { message }) => {
      const where = path.length > 0 ? ` at "${shortened(name + printPath(path), LONGEST_VALUE)}"` : '';
      faults.push(
        new GraphQLError(`Variable "$${name}" got invalid value ${printValue(value)}${where}; ${shortened(message, LONGEST_REASON)}`, {
          nodes: definition,
        }),
      );
      if (faults.length >= MOST_FAULTS) throw isEnough;
    });
  }

  try {
    for (const variable of variablesOf(schema, operation)) if (isGiven(values, variable.name)) check(variable);
  } catch (error) {
    if (error !== isEnough) throw error;
  }
  return faults;
}
