import { defineConfig } from 'vitest/config';
import { ONCE } from './test/support/once.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the tests run on: the embedded database and cache, or the servers of DATABASE_URL and REDIS_URL. */
    world: 'embedded' | 'network';
  }
}

const world = process.env.WORLD === 'network' ? 'network' : 'embedded';

export default defineConfig({
  // Vite takes graphql's index.mjs for our sources while packages get index.js: two copies, "from another module or realm".
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    name: world,
    provide: { world },
    include: ['test/**/*.test.ts'],
    exclude: world === 'network' ? [...ONCE] : [],
    passWithNoTests: world === 'network',
    // An embedded database takes about 500 MB: the files of one worker share theirs, and there are two workers.
    isolate: false,
    maxWorkers: 2,
    hookTimeout: 60_000,
    // A property tried with more cases may take longer.
    testTimeout: 30_000 + 60 * Number(process.env.FUZZ_RUNS ?? 0),
  },
});
