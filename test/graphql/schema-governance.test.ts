/** How the API may change: its SDL keeps to rules, and what a release has promised stays until a date that the deprecation has said. */
import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  buildSchema,
  type ConstDirectiveNode,
  findBreakingChanges,
  GraphQLSchema,
  parse,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { REMOVAL, sdlRules } from '../support/sdl-rules.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const current = read('schema/identity.graphql');

describe('the SDL', () => {
  const schema = buildSchema(current);
  test.each(Object.entries(sdlRules))('%s', (_, rule) => expect(rule(schema)).toEqual([]));
});

describe('the rules catch', () => {
  const error = '"Why." type UserError { "The code." code: String! }';
  const info = '"Where." type PageInfo { "More." hasNextPage: Boolean! }';
  test.each([
    ['every type, field', '"A." type Query { a: Int }', ['Query.a']],
    ['every type, field', 'type Query { "A." a(b: Int): A } type A { "B." b: Int } ', ['A', 'Query.a(b)']],
    ['every type, field', 'type Query { "A." a: E } "An enum." enum E { A }', ['E.A']],
    ['descriptions are', 'type Query { "no sentence" a: Int }', ['Query.a']],
    ['types are named', 'type Query { "A." a_b: a } "A." type a { "B." B: E } enum E { a }', ['a', 'Query.a_b', 'a.B', 'E.a']],
    ['what is called', 'type Query { a(b: BInput): AInput } input BInput { a: Int } type AInput { a: Int }', ['AInput']],
    [
      'a mutation needs',
      `type Query { a: Int } type Mutation { a(id: ID!): Int b(input: BInput!): BPayload! c(input: BInput!): CPayload! } input BInput { a: Int } type BPayload { a: Int } type CPayload { userErrors: [UserError!]! } ${error}`,
      ['a', 'b'],
    ],
    [
      'a connection has',
      `type Query { a: AConnection b: BConnection } type AConnection { nodes: [Int!]! } type BConnection { edges: [BEdge!]! nodes: [Int!]! totalCount: Int! pageInfo: PageInfo! } type BEdge { cursor: String! node: Int! } ${info}`,
      ['AConnection'],
    ],
    ['a field with a connection', 'type Query { a(first: Int): AConnection } type AConnection { a: Int }', ['Query.a']],
    [
      'what is deprecated',
      'type Query { a: Int @deprecated b: Int @deprecated(reason: "Use something else.") c: Int @deprecated(reason: "Use a instead. Removed after 2027-01-01.") d: Int @deprecated(reason: "Removed after 2027-01-01.") }',
      ['Query.a', 'Query.b', 'Query.d'],
    ],
    ['a node has', 'type Query { a: A } type A implements Node { id: ID } interface Node { id: ID }', ['A']],
    [
      'what is required',
      'type Query { a(b: Int! @deprecated(reason: "x"), c: Int! = 1 @deprecated(reason: "x")): A } type A { a: Int! @deprecated(reason: "x") }',
      ['Query.a(b)'],
    ],
    ['every type can', 'type Query { a: Int } type Lost { a: Int }', ['Lost']],
  ] as [string, string, string[]][])('%s', (name, sdl, expected) => {
    const [, rule] = Object.entries(sdlRules).find(([rule]) => rule.startsWith(name))!;
    expect(rule(buildSchema(sdl, { assumeValidSDL: true }))).toEqual(expected);
  });
});

/** What a release promises on a day: all of it but what it has announced to be gone by then, and the types of nothing else. */
function promised(released: string, day: string): GraphQLSchema {
  const goneByThen = ({ directives = [] }: { readonly directives?: readonly ConstDirectiveNode[] | undefined }) => {
    const [, removal = day] =
      REMOVAL.exec(directives.map(({ arguments: [reason] = [] }) => (reason ? valueFromASTUntyped(reason.value) : '')).join('')) ?? [];
    return removal < day ? null : undefined;
  };
  const left = buildASTSchema(
    visit(parse(released), { FieldDefinition: goneByThen, InputValueDefinition: goneByThen, EnumValueDefinition: goneByThen }),
  );
  return new GraphQLSchema({ query: left.getQueryType(), mutation: left.getMutationType() });
}

const broken = (released: string, next: string, day: string): string[] =>
  findBreakingChanges(promised(released, day), buildSchema(next)).map(({ description }) => description);
const today = new Date().toISOString().slice(0, 10);

describe('a change', () => {
  test('breaks nothing that the last release has promised (if on purpose: deprecate it with a date first; schema/released.graphql is the last release)', () => {
    expect(broken(read('schema/released.graphql'), current, today)).toEqual([]);
  });

  const released =
    'type Query { a(old: Int @deprecated(reason: "Not used. Removed after 2027-01-01.")): Int b: Old @deprecated(reason: "Use a instead. Removed after 2027-01-01.") c: E } type Old { a: Int } enum E { X Y @deprecated(reason: "Never there. Removed after 2027-01-01.") }';
  const next = 'type Query { a: Int c: E } enum E { X }';
  test('that takes away is refused until the day it was announced for', () => {
    expect(broken(released, next, '2027-01-01')).toHaveLength(4);
    expect(broken(released, next, '2027-01-02')).toEqual([]);
  });

  test.each([
    ['a field gone', 'type Query { a(old: Int): Int b: Old } enum E { X Y } type Old { a: Int }'],
    ['another type', 'type Query { a(old: Int): String b: Old c: E } enum E { X Y } type Old { a: Int }'],
    ['an argument more that is required', 'type Query { a(old: Int, more: Int!): Int b: Old c: E } enum E { X Y } type Old { a: Int }'],
    ['a value gone', 'type Query { a(old: Int): Int b: Old c: E } enum E { Y } type Old { a: Int }'],
  ])('%s is refused', (_, sdl) => expect(broken(released, sdl, '2026-12-01')).not.toEqual([]));

  test.each([
    ['a field more', 'type Query { a(old: Int): Int b: Old c: E d: Int } enum E { X Y } type Old { a: Int b: Int }'],
    ['an argument more', 'type Query { a(old: Int, more: Int): Int b: Old c: E } enum E { X Y } type Old { a: Int }'],
  ])('%s is fine', (_, sdl) => expect(broken(released, sdl, '2026-12-01')).toEqual([]));
});
