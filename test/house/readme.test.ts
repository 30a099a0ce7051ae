/** What README and the guides say can be done: their GraphQL fits the schema, their variables and commands are there. */
import { globSync, readFileSync } from 'node:fs';
import { buildSchema, Kind, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { gatewayVariables } from '../../gateway/config.js';
import { identityVariables } from '../../services/identity/config.js';

const root = new URL('../..', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8');
const README = read('README.md');
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root }), ...globSync('examples/*/README.md', { cwd: root })];

describe('README', () => {
  const schema = buildSchema(read('schema/identity.graphql'));
  const operations = Array.from(README.matchAll(/^```graphql\n([\s\S]*?)^```$/gm), ([, text]) => parse(text!)).flatMap(
    ({ definitions }) => definitions,
  );

  test('has GraphQL to look at', () => expect(operations.length).toBeGreaterThan(10));

  test.each(operations.map((operation) => [print(operation).split('\n').slice(0, 2).join(' '), operation] as const))(
    '%s fits the schema',
    (_, operation) => {
      expect(validate(schema, { kind: Kind.DOCUMENT, definitions: [operation] })).toEqual([]);
    },
  );

  test('tells of every variable, and of no other', () => {
    const [, table = ''] = /^\| variable \|.*\n((?:\|.*\n)+)/m.exec(README) ?? [];
    const told = table.split('\n').flatMap((line) => Array.from((line.split(' | ')[0] ?? '').matchAll(/`(\w+)`/g), ([, name]) => name!));
    const taken = new Set([...Object.keys(identityVariables.shape), ...Object.keys(gatewayVariables.shape)]);
    expect(told.toSorted()).toEqual([...taken].toSorted());
  });
});

describe('commands', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

  test.each(pages)('that %s names are there', (page) => {
    const named = Array.from(read(page).matchAll(/npm run (?:-s |--silent )?([a-z][a-z:-]*)/g), ([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
