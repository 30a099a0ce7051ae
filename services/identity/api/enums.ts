import { registerEnumType } from 'type-graphql';

export const inCapitals = (value: string): string => value.toUpperCase();

/** An enum of GraphQL for what is text in our code: each value with what it means, named by itself or as `nameOf` says. */
export function enumOf<Value extends string>(
  name: string,
  description: string,
  meanings: Readonly<Record<Value, string>>,
  nameOf: (value: Value) => string = (value) => value,
): object {
  const values = Object.keys(meanings) as Value[];
  const byName = Object.fromEntries(values.map((value) => [nameOf(value), value]));
  const valuesConfig = Object.fromEntries(values.map((value) => [nameOf(value), { description: meanings[value] }]));
  registerEnumType(byName, { name, description, valuesConfig });
  return byName;
}
