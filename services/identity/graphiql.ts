/**
 * GraphiQL for development, from this machine alone: the bundles of the packages as they are, and a page without a line of script of its
 * own, so that the strictest policy fits. Its packages are development dependencies: where they are not installed, as in production, there
 * is no such page.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type Koa from 'koa';

const PAGE_PATH = '/graphiql';

/** What the page is made of: name, package, and the file in it. Version 5 has no bundle any more that a page could load. */
const files: Readonly<Record<string, readonly [packageName: string, file: string]>> = {
  'react.js': ['react', 'umd/react.production.min.js'],
  'react-dom.js': ['react-dom', 'umd/react-dom.production.min.js'],
  'graphiql.js': ['graphiql', 'graphiql.min.js'],
  'graphiql.css': ['graphiql', 'graphiql.min.css'],
};

const PAGE = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>GraphiQL: identity</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="${PAGE_PATH}/graphiql.css">
  <link rel="stylesheet" href="${PAGE_PATH}/page.css">
</head>
<body>
  <div id="graphiql">Loading…</div>
  <script src="${PAGE_PATH}/react.js"></script>
  <script src="${PAGE_PATH}/react-dom.js"></script>
  <script src="${PAGE_PATH}/graphiql.js"></script>
  <script src="${PAGE_PATH}/page.js"></script>
</body>
</html>
`;

const own: Readonly<Record<string, string>> = {
  'page.css': 'body, #graphiql { margin: 0; height: 100vh; }\n',
  'page.js': `ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
  defaultQuery: '# The token that was printed at the start goes into "Headers".\\n{\\n  caller { tenant { id name } }\\n  rateLimit { cost nodeCount }\\n}\\n',
  defaultHeaders: '{ "Authorization": "Bearer …" }',
}));
`,
};

/** Nothing is loaded from elsewhere, nothing written in the page is run; CodeMirror places its cursor by styles. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  'font-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const require = createRequire(import.meta.url);

async function readBundle([packageName, file]: readonly [string, string]): Promise<Buffer | undefined> {
  try {
    return await readFile(path.join(path.dirname(require.resolve(`${packageName}/package.json`)), file));
  } catch {
    return undefined;
  }
}

async function contentOf(name: string): Promise<string | Buffer | undefined> {
  if (Object.hasOwn(own, name)) return own[name];
  return Object.hasOwn(files, name) ? readBundle(files[name]!) : undefined;
}

/** GET /graphiql and what the page loads; 404 where it is not there. */
export const graphiql: Koa.Middleware = async (ctx, next) => {
  if (ctx.path !== PAGE_PATH && !ctx.path.startsWith(`${PAGE_PATH}/`)) return next();
  const name = ctx.path.slice(PAGE_PATH.length + 1);
  const isThere = (await contentOf('graphiql.js')) !== undefined;
  const content = name === '' ? PAGE : await contentOf(name);
  if (!isThere || content === undefined || ctx.method !== 'GET') return void (ctx.status = 404);
  ctx.set({ 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
  ctx.type = name === '' ? 'html' : path.extname(name);
  ctx.body = content;
};
