/** The GraphQL guide: each of its examples is run, in order, in one tenant, and must answer what the guide says. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { newTenant, type Tenant } from '../support/world.js';

const TEXT = readFileSync(new URL('../../docs/graphql.md', import.meta.url), 'utf8');

interface Example {
  readonly line: number;
  readonly query: string;
  variables: string;
  answer: string | undefined;
  /** Names of ids, with where they are in the answer. */
  readonly keep: [name: string, path: string][];
}

/** The blocks of the guide: `graphql`, then `json variables` and `json answer` where it has them, and comments that say what to keep. */
function readExamples(): Example[] {
  const examples: Example[] = [];
  const parts = /^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$|^<!-- keep (\w+) = ([\w.]+) -->$/gm;
  for (const { 1: language, 2: kind, 3: text = '', 4: name, 5: path, index } of TEXT.matchAll(parts)) {
    const last = examples.at(-1);
    if (language === 'graphql') {
      examples.push({ line: TEXT.slice(0, index).split('\n').length, query: text, variables: '{}', answer: undefined, keep: [] });
    } else if (name) last!.keep.push([name, path!]);
    else if (language === 'json' && kind === 'variables') last!.variables = text;
    else if (language === 'json' && kind === 'answer') last!.answer = text;
    else throw new Error(`The guide has a block that nobody runs: ${language} ${kind}`);
  }
  return examples;
}

const examples = readExamples();
const ids: Record<string, string> = {};
const filled = (text: string): unknown =>
  JSON.parse(text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => ids[name] ?? `unknown ${name}`));

/** The answer as the guide tells it: `…` is whatever there is. */
const expected = (value: unknown): unknown => {
  if (value === '…') return expect.anything();
  if (Array.isArray(value)) return value.map(expected);
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, expected(part)]))
    : value;
};

const at = (data: unknown, path: string): unknown =>
  path.split('.').reduce((part, key) => (part as Record<string, unknown> | null)?.[key], data);

describe('the examples of docs/graphql.md', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await newTenant();
  });

  test('are all there', () => expect(examples.length).toBeGreaterThan(15));

  test.each(examples)('line $line', { timeout: 30_000 }, async ({ query, variables, answer, keep }) => {
    const ask = () => tenant.graphql(query, filled(variables) as object);
    const told = answer === undefined ? undefined : (filled(answer) as Record<string, unknown>);
    // The feed tells of a change once all transactions that began before it are over, those of other tests on the server, too.
    const isOfFeed = told !== undefined && query.includes('changes(');
    if (isOfFeed) await expect.poll(async () => (await ask()).data, { timeout: 20_000 }).toEqual(expected(told));
    const { data, errors } = await ask();
    if (told && 'errors' in told) return expect({ errors }).toMatchObject(expected(told) as object);
    expect(errors).toBeUndefined();
    if (told) expect(data).toEqual(expected(told));
    else expect(JSON.stringify(data)).not.toMatch(/"userErrors":\[\{/);
    for (const [name, path] of keep) ids[name] = at(data, path) as string;
  });
});
