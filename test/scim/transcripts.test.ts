/** Replays every recorded conversation in `transcripts/` over HTTP; what the keys mean is said in its README. */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/http.js';
import { newTenant, type Tenant, world } from '../support/world.js';

interface Step {
  readonly what: string;
  readonly send: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly echo?: object;
  readonly expect: {
    readonly status: number | readonly number[];
    readonly body?: unknown;
    readonly without?: readonly string[];
    readonly headers?: Record<string, string>;
  };
  readonly keep?: Record<string, string>;
}

interface Conversation {
  readonly who: string;
  readonly seen: string;
  readonly policies?: object;
  readonly headers: Record<string, string>;
  readonly steps: readonly Step[];
}

type Kept = Map<string, string>;

const wildcards: Record<string, unknown> = {
  '<text>': expect.stringMatching(/\S/),
  '<integer>': expect.toSatisfy(Number.isInteger),
  '<date>': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
};

function fill(text: string, kept: Kept): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = kept.get(name);
    if (value === undefined) throw new Error(`nothing was kept as {{${name}}}`);
    return value;
  });
}

/** Every string of the value filled in; in expectations wildcards become matchers. */
function fillAll(value: unknown, kept: Kept, matchers: Record<string, unknown> = {}): unknown {
  if (typeof value === 'string') return Object.hasOwn(matchers, value) ? matchers[value] : fill(value, kept);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, kept, matchers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fill(key, kept), fillAll(item, kept, matchers)]));
}

/** The value at a path like `Resources.0.id`; a URN with its dots is one key. */
function at(value: unknown, path: string): unknown {
  const key = Object.keys(Object(value) as object).find((candidate) => path === candidate || path.startsWith(`${candidate}.`));
  if (key === undefined) return undefined;
  const found = (value as Record<string, unknown>)[key];
  return path === key ? found : at(found, path.slice(key.length + 1));
}

const DECIDE = 'mutation ($input: TenantPoliciesInput!) { updateTenantPolicies(input: $input) { userErrors { message } } }';

async function decide(tenant: Tenant, policies: object): Promise<void> {
  expect((await tenant.graphql(DECIDE, { input: policies })).data?.['updateTenantPolicies']).toEqual({ userErrors: [] });
}

function check(step: Step, answer: Answer, kept: Kept, type: string): void {
  const label = `${step.send}\n(${step.what})\n${answer.status} ${answer.text.slice(0, 1000)}`;
  expect([step.expect.status].flat(), label).toContain(answer.status);
  for (const [name, text] of Object.entries(step.expect.headers ?? {})) expect(answer.headers[name], label).toContain(text);
  if (step.expect.body === null) expect(answer.text, label).toBe('');
  else if (step.expect.body !== undefined) expect(answer.body, label).toMatchObject(fillAll(step.expect.body, kept, wildcards) as object);
  for (const key of step.expect.without ?? []) expect(at(answer.body, key), `${label}\nhas ${key}`).toBeUndefined();
  if (step.expect.body && step.expect.status !== 204) expect(answer.headers['content-type'], label).toContain(type);
}

async function replay(conversation: Conversation, tenant: Tenant): Promise<void> {
  const kept: Kept = new Map([['token', tenant.token]]);
  let last: Answer | undefined;
  if (conversation.policies) await decide(tenant, conversation.policies);
  for (const step of conversation.steps) {
    const [method = '', path = ''] = fill(step.send, kept).split(' ');
    const body = step.echo ? { ...last?.body, ...(fillAll(step.echo, kept) as object) } : (fillAll(step.body, kept) as object | undefined);
    const headers = fillAll({ ...conversation.headers, ...step.headers }, kept) as Record<string, string>;
    if (body === undefined) delete headers['Content-Type'];
    last = await tenant.scim(
      method,
      path,
      body,
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    );
    check(step, last, kept, headers['Accept'] === 'application/json' ? 'application/json' : 'application/scim+json');
    for (const [name, from] of Object.entries(step.keep ?? {})) kept.set(name, String(at(last.body, from)));
  }
}

const TRANSCRIPTS = join(import.meta.dirname, '../transcripts');
const files = globSync('*/*.json', { cwd: TRANSCRIPTS }).toSorted();

describe('recorded conversations', () => {
  beforeAll(() => world()); // starting a system takes longer than a conversation may

  test('are there', () => expect(files.length).toBeGreaterThanOrEqual(7));

  test.each(files.map((file) => ({ file, name: `${dirname(file)}, ${basename(file, '.json')}` })))('$name', async ({ file }) => {
    await replay(JSON.parse(readFileSync(join(TRANSCRIPTS, file), 'utf8')) as Conversation, await newTenant());
  });
});
