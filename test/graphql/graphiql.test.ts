/**
 * GraphiQL in development: everything it loads is here, and nothing else is allowed to be loaded. That production has none is tested with
 * production.
 */
import { expect, test } from 'vitest';
import { exchange } from '../support/http.js';
import { world } from '../support/world.js';

const get = async (path: string, method = 'GET') => exchange((await world()).identityUrl, method, path, { accept: 'text/html' });

test('the page and all it loads come from here, under a policy that allows no other', async () => {
  const page = await get('/graphiql');
  expect(page.status).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toMatch(/https?:|\*/);
  expect(page.text).not.toMatch(/https?:\/\/|<script>|\son\w+=/);
  const loaded = Array.from(page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, path]) => path!);
  expect(loaded).toHaveLength(6);
  for (const path of loaded) {
    const file = await get(path);
    expect(file.status, path).toBe(200);
    expect(file.headers['content-type'], path).toMatch(path.endsWith('.css') ? /^text\/css/ : /javascript/);
    expect(file.headers['x-content-type-options']).toBe('nosniff');
    expect(file.text.length).toBeGreaterThan(20);
    if (path.endsWith('.css')) expect(file.text).not.toMatch(/url\(\s*["']?https?:|@import/);
  }
});

test.each([
  '/graphiql/package.json',
  '/graphiql/..%2Fpackage.json',
  '/graphiql/../package.json',
  '/graphiql/constructor',
  '/graphiql/__proto__',
  '/graphiqlx',
])('%s is not there', async (path) => {
  expect((await get(path)).status).toBe(404);
});

test('nothing can be sent to it', async () => {
  expect((await get('/graphiql', 'POST')).status).toBe(404);
});
