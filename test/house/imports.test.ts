/** The borders of the house: who may import what, and what may be said only in one place. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Zone {
  readonly files: RegExp;
  /** Folders and files of the project that may be imported. */
  readonly project: RegExp;
  /** Packages (and `node:`) that may not. */
  readonly without: RegExp;
}

const EVERY = /./;
const NONE = /^$/;
const ORM = '@mikro-orm|kysely|@electric-sql|pg';
const GRAPHQL_SERVER = 'type-graphql|@apollo|@as-integrations|graphql|graphql-scalars';
const HTTP_SERVER = 'koa|@koa';
const packages = (...names: string[]) => new RegExp(`^(${names.join('|')})(/|$)`);

/**
 * Tests that look inside: at what no protocol shows, or for a token that is well-formed. All others speak HTTP and GraphQL, as anybody may.
 */
const INSIDE = [
  'authorisation',
  'change-cursors',
  'change-feed-kills',
  'change-feed-restored',
  'change-records',
  'config',
  'contract',
  'deployment',
  'direct-resolvers',
  'dialects-seen',
  'document-size',
  'fair-queue',
  'graphql-limits',
  'graphql-outside',
  'graphql-production',
  'graphql-writing',
  'isolation',
  'look-ahead',
  'metrics',
  'readme',
  'security-event-receivers',
  'shares-of-work',
  'standstill',
  'start',
  'start-refused',
  'subgraph',
  'tenants-everywhere',
  'token-answers',
  'token-guide',
  'token-questions',
  'token-races',
  'token-scanning',
  'token-secrets',
  'token-space',
  'weights',
];

/** The first zone whose files fit is the one that counts. */
const zones: readonly Zone[] = [
  { files: /^schema\//, project: /^schema\//, without: EVERY },
  { files: /^gateway\/scim\//, project: /^(schema|gateway\/scim)\//, without: EVERY },
  // What the client is made of runs anywhere.
  { files: /^client\//, project: /^client\//, without: EVERY },
  // The CLI is a client as any other, from outside: it knows what the client knows.
  { files: /^cli\//, project: /^cli\/|^client\/index/, without: packages(ORM, GRAPHQL_SERVER, HTTP_SERVER, 'ioredis') },
  { files: /^wire\//, project: /^wire\//, without: packages(ORM, GRAPHQL_SERVER, HTTP_SERVER) },
  { files: /^process\//, project: /^process\//, without: packages(ORM, GRAPHQL_SERVER, HTTP_SERVER, 'ioredis') },
  { files: /^gateway\//, project: /^(schema|wire|process|gateway)\//, without: packages(ORM, 'type-graphql', '@apollo') },
  {
    files: /^services\/identity\/api\//,
    project: /^(schema|services\/identity\/(api|domain))\//,
    without: packages(ORM, HTTP_SERVER, 'ioredis'),
  },
  {
    files: /^services\/identity\/domain\//,
    project: /^(schema|services\/identity\/(domain|store))\//,
    without: packages(GRAPHQL_SERVER, HTTP_SERVER),
  },
  {
    files: /^services\/identity\/store\//,
    project: /^(schema|services\/identity\/store)\//,
    without: packages(GRAPHQL_SERVER, HTTP_SERVER),
  },
  { files: /^services\/identity\//, project: /^(schema|wire|process|services\/identity)\//, without: NONE },
  // Where both sides are put together in one process: nobody imports it.
  { files: /^services\/standalone\//, project: /^(schema|process|gateway|services)\//, without: NONE },
  {
    files: new RegExp(`^test/(?!schema|gateway|identity|store)[^/]+/(?!(${INSIDE.join('|')}|imports)\\.test)[^/]+\\.test\\.ts$`),
    project: /^(test|schema|wire|client|cli|examples)\//,
    without: packages(ORM, 'type-graphql', '@apollo', HTTP_SERVER),
  },
];

const QUOTED = /\s*['"]([^'"]+)['"]/.source;
const IMPORT = new RegExp(`^\\s*(?:import|export)\\b[\\w\\s{},*$]*?\\bfrom${QUOTED}|^\\s*import${QUOTED}|\\bimport\\(${QUOTED}`, 'gm');

const importsOf = (source: string): string[] =>
  Array.from(source.matchAll(IMPORT), ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '');

/** What a file imports against the rules of its zone. */
function trespasses(file: string, source: string): string[] {
  const zone = zones.find(({ files }) => files.test(file));
  if (!zone) return [];
  return importsOf(source).filter((target) => {
    if (!target.startsWith('.')) return zone.without.test(target);
    const resolved = path.posix.join(path.posix.dirname(file), target);
    return !zone.project.test(resolved) || /(^|\/)main\.js$/.test(resolved);
  });
}

const root = path.resolve(import.meta.dirname, '../..');

const sourcesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('node_modules'))
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')));

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const product = ['schema', 'client', 'cli', 'gateway', 'services', 'wire', 'process'].flatMap(sourcesIn);

describe('the rules catch', () => {
  it.each([
    ['schema/user.ts', "import { readFileSync } from 'node:fs';"],
    ['schema/user.ts', "import fc from 'fast-check';"],
    ['schema/user.ts', "import type { Core } from '../gateway/core.js';"],
    ['gateway/scim/patch.ts', "import type { Core } from '../core.js';"],
    ['gateway/scim/patch.ts', "import Koa from 'koa';"],
    ['client/identity-client.ts', "import { request } from 'undici';"],
    ['client/index.ts', "export type { FacadeOperations } from '../gateway/generated/facade.js';"],
    ['cli/commands/users.ts', "import { failures } from '../../schema/failure.js';"],
    ['cli/cli.ts', "import { startIdentity } from '../services/identity/server.js';"],
    ['gateway/app.ts', "import { startIdentity } from '../services/identity/server.js';"],
    ['gateway/app.ts', "import {\n  type A,\n  b,\n} from '@mikro-orm/core';"],
    ['gateway/main.ts', "const core = await import('../services/identity/server.js');"],
    ['services/identity/api/users.ts', "import { rows } from '../store/resource-rows.js';"],
    ['services/identity/api/users.ts', "import Koa from 'koa';"],
    ['services/identity/domain/users.ts', "import { GraphQLError } from 'graphql';"],
    ['services/identity/domain/users.ts', "export * from '../api/users.js';"],
    ['services/identity/store/cache.ts', "import '../domain/users.js';"],
    ['services/identity/server.ts', "import { startGateway } from '../../gateway/app.js';"],
    ['services/identity/server.ts', "import { run } from './main.js';"],
    ['services/identity/server.ts', "import { start } from '../standalone/standalone.js';"],
    ['test/scim/leaver.test.ts', "import { presentUser } from '../../gateway/scim/present.js';"],
    ['test/scim/patch-members.test.ts', "import { rows } from '../../services/identity/store/resources/resource-rows.js';"],
  ])('%s: %s', (file, source) => expect(trespasses(file, source)).toHaveLength(1));

  it.each([
    ['schema/user.ts', "import { string } from './attribute.js';"],
    ['gateway/scim/patch.ts', "import { parsePath } from '../../schema/path.js';"],
    ['cli/commands/users.ts', "import { Command } from 'commander';\nimport { CreateUser } from '../../client/index.js';"],
    ['gateway/app.ts', "import Koa from 'koa';\nimport { route } from './routes.js';"],
    ['services/identity/domain/users.ts', "import { rows } from '../store/resource-rows.js';"],
    ['services/standalone/main.ts', "import { startGateway } from '../../gateway/app.js';"],
    ['services/identity/store/a.ts', "export const statement = sql`select 1 from 'koa'`;"],
    ['test/scim/leaver.test.ts', "import { world } from '../support/world.js';"],
  ])('and not %s: %s', (file, source) => expect(trespasses(file, source)).toEqual([]));
});

describe('borders', () => {
  const files = [...product, ...sourcesIn('test')].filter((file) => zones.some((zone) => zone.files.test(file)));
  it.each(files)('%s imports only what it may', (file) => expect(trespasses(file, read(file))).toEqual([]));

  it.each(zones.map(({ files: pattern }) => [String(pattern), pattern] as const))('%s is about files that there are', (_, pattern) =>
    expect(files.some((file) => pattern.test(file))).toBe(true),
  );

  it.each(INSIDE)('%s.test.ts does look inside', (name) => {
    expect(
      importsOf(read(sourcesIn('test').find((file) => file.endsWith(`/${name}.test.ts`))!)).some((target) =>
        /^\.\.\/\.\.\/(gateway|services)\//.test(target),
      ),
    ).toBe(true);
  });

  it('has one file that speaks to Redis', () => {
    expect(product.filter((file) => importsOf(read(file)).includes('ioredis'))).toHaveLength(1);
  });
});
