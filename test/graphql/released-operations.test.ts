/**
 * While a release is being rolled out, gateways of the one before ask its cores: by the names they know, with their variables, for their
 * answers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../schema/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const current = readdirSync(new URL('operations/', folder))
  .map((file) => read(`operations/${file}`))
  .join('\n');

const operationsIn = ({ definitions }: DocumentNode): OperationDefinitionNode[] =>
  definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);

/** What an answer holds, as paths of the names in it. */
function answered(selectionSet: SelectionSetNode | undefined, path = ''): string[] {
  return (selectionSet?.selections ?? []).flatMap((one) => {
    if (one.kind === Kind.FRAGMENT_SPREAD) throw new Error(`${path}: the operations have fragments of no name`);
    if (one.kind === Kind.INLINE_FRAGMENT) return answered(one.selectionSet, `${path} ... on ${one.typeCondition?.name.value}`);
    const here = `${path} ${(one.alias ?? one.name).value}`;
    return [here, ...answered(one.selectionSet, here)];
  });
}

const typesOf = ({ variableDefinitions = [] }: OperationDefinitionNode) =>
  new Map(variableDefinitions.map((one) => [one.variable.name.value, one]));
const isOptional = ({ type, defaultValue }: VariableDefinitionNode) => type.kind !== Kind.NON_NULL_TYPE || defaultValue !== undefined;
/** A variable may come to be optional; what it holds stays. */
const takes = (now: VariableDefinitionNode | undefined, before: VariableDefinitionNode) =>
  now !== undefined && [print(before.type), print(before.type).replace(/!$/, '')].includes(print(now.type));

function brokenIn(before: OperationDefinitionNode, now: OperationDefinitionNode | undefined): string[] {
  const name = before.name!.value;
  if (now?.operation !== before.operation) return [`${name} is gone`];
  const [old, next] = [typesOf(before), typesOf(now)];
  const kept = answered(now.selectionSet);
  return [
    ...[...old]
      .filter(([variable, one]) => !takes(next.get(variable), one))
      .map(([variable]) => `${name} no longer takes $${variable} as it did`),
    ...[...next]
      .filter(([variable, one]) => !old.has(variable) && !isOptional(one))
      .map(([variable]) => `${name} requires $${variable}, which nobody sends yet`),
    ...answered(before.selectionSet)
      .filter((path) => !kept.includes(path))
      .map((path) => `${name} no longer answers${path}`),
  ];
}

function broken(released: string, next: string): string[] {
  const byName = new Map(operationsIn(parse(next)).map((one) => [one.name!.value, one]));
  return operationsIn(parse(released)).flatMap((one) => brokenIn(one, byName.get(one.name!.value)));
}

test('cores answer gateways of the last release (schema/released-operations.graphql): give what is to be different another name, and keep the old one for a release', () => {
  expect(broken(read('released-operations.graphql'), current)).toEqual([]);
});

describe('a change', () => {
  const released = 'query A($a: Int, $b: [String!]!) { page: a(a: $a, b: $b) { x ... on U { y } } }';
  test.each<[string, string, string[]]>([
    ['of the name', 'query B($a: Int, $b: [String!]!) { page: a(a: $a, b: $b) { x ... on U { y } } }', ['A is gone']],
    ['of the kind', 'mutation A($a: Int, $b: [String!]!) { page: a(a: $a, b: $b) { x ... on U { y } } }', ['A is gone']],
    ['of a variable gone', 'query A($b: [String!]!) { page: a(b: $b) { x ... on U { y } } }', ['A no longer takes $a as it did']],
    [
      'of a variable that comes to be required',
      'query A($a: Int!, $b: [String!]!) { page: a(a: $a, b: $b) { x ... on U { y } } }',
      ['A no longer takes $a as it did'],
    ],
    [
      'of a variable more that is required',
      'query A($a: Int, $b: [String!]!, $c: Int!) { page: a(a: $a, b: $b, c: $c) { x ... on U { y } } }',
      ['A requires $c, which nobody sends yet'],
    ],
    [
      'of another alias',
      'query A($a: Int, $b: [String!]!) { list: a(a: $a, b: $b) { x ... on U { y } } }',
      ['A no longer answers page', 'A no longer answers page x', 'A no longer answers page ... on U y'],
    ],
    ['of a field gone', 'query A($a: Int, $b: [String!]!) { page: a(a: $a, b: $b) { ... on U { y } } }', ['A no longer answers page x']],
    [
      'of a field of another type',
      'query A($a: Int, $b: [String!]!) { page: a(a: $a, b: $b) { x ... on V { y } } }',
      ['A no longer answers page ... on U y'],
    ],
  ])('%s is refused', (_, next, expected) => expect(broken(released, next)).toEqual(expected));

  test.each([
    [
      'that adds',
      'query A($a: Int, $b: [String!]!, $c: Int, $d: Int! = 1) { page: a(a: $a, b: $b, c: $c, d: $d) { x z ... on U { y } } } query B { b }',
    ],
    ['by which a variable comes to be optional', 'query A($a: Int, $b: [String!]) { page: a(a: $a, b: $b) { x ... on U { y } } }'],
  ])('%s is taken', (_, next) => expect(broken(released, next)).toEqual([]));
});
