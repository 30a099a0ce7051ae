/** The servers, running, and the data each is asked about. */
import { randomBytes } from 'node:crypto';
import { oktaUser } from './bodies.mjs';
import { freePort, startHelper, startProgram } from './processes.mjs';
import { seedMixed, seedTenants } from './seed-targets.mjs';

const MODEL = 'model.user@okta.example';

const CREATE_TENANT =
  'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } clientId clientSecret userErrors { message } } }';
const ISSUE_TOKEN = 'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken userErrors { message } } }';

async function post(url, body, headers = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Core and gateway as two processes, in production. */
export async function startSystem(databaseUrl, redisUrl, nodeOptions = []) {
  const { newToken } = await import('../dist/services/identity/domain/tokens/token-format.js');
  const [corePort, gatewayPort] = [await freePort(), await freePort()];
  const adminToken = newToken();
  const publicUrl = `http://127.0.0.1:${gatewayPort}`;
  const common = { NODE_ENV: 'production', FACADE_SECRET: randomBytes(32).toString('hex'), PUBLIC_URL: publicUrl, LOG_LEVEL: 'info' };
  const core = await startProgram(
    'dist/services/identity/main.js',
    corePort,
    {
      ...common,
      IDENTITY_PORT: String(corePort),
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      BOOTSTRAP_ADMIN_TOKEN: adminToken,
      REQUESTS_PER_SECOND: '100000',
    },
    nodeOptions,
  );
  const coreUrl = `http://127.0.0.1:${corePort}`;
  const gateway = await startProgram(
    'dist/gateway/main.js',
    gatewayPort,
    { ...common, GATEWAY_PORT: String(gatewayPort), IDENTITY_URL: coreUrl },
    nodeOptions,
  );
  const newTenant = async (name) => {
    const { data } = await post(
      `${coreUrl}/graphql`,
      { query: CREATE_TENANT, variables: { input: { name } } },
      { authorization: `Bearer ${adminToken}` },
    );
    const { tenant, clientId: scimClientId, clientSecret: scimClientSecret } = data.createTenant;
    const { accessToken } = await post(`${publicUrl}/api/V1/token`, { scimClientId, scimClientSecret, grantType: 'password' });
    const graphqlToken = async () => {
      const input = { clientId: scimClientId, clientSecret: scimClientSecret, audience: 'GRAPHQL' };
      const issued = await post(`${coreUrl}/graphql`, { query: ISSUE_TOKEN, variables: { input } });
      return issued.data.issueToken.accessToken;
    };
    return { id: tenant.id, token: accessToken, graphqlToken };
  };
  return { core, gateway, newTenant };
}

/** Core and gateway in one process, as `npm start` has them, on PostgreSQL; its cache of tokens is in the process. */
async function startOne(databaseUrl, nodeOptions) {
  const [corePort, port] = [await freePort(), await freePort()];
  return startProgram(
    'dist/services/standalone/main.js',
    port,
    { REQUESTS_PER_SECOND: '100000', DATABASE_URL: databaseUrl, IDENTITY_PORT: String(corePort), GATEWAY_PORT: String(port) },
    nodeOptions,
  );
}

/** Lets the system write the user that all seeded users are copies of. */
async function writeModel({ gateway, newTenant }) {
  const { token } = await newTenant('Model');
  await post(`http://127.0.0.1:${gateway.port}/scim/api/V1/Users`, oktaUser(MODEL, '00u0model'), { authorization: `Bearer ${token}` });
}

const bearer = (token) => `Authorization: Bearer ${token}\r\n`;
const withToken = ({ token }) => bearer(token);

/** What the load needs to know of each tenant. */
const withHeaders = ({ tenants, data }, headersOf) =>
  Object.fromEntries(
    Object.entries(data).map(([name, { groups: _groups, ...rest }]) => [name, { ...rest, headers: headersOf(tenants[name]) }]),
  );

/** The core, asked itself, of tenants of its own. */
async function graphqlTarget({ core }, seeded) {
  const tokens = new Map();
  for (const tenant of Object.values(seeded.tenants)) tokens.set(tenant, await tenant.graphqlToken());
  return {
    port: core.port,
    base: '/graphql',
    media: 'application/json',
    tenants: seeded.tenants,
    processes: { core: core.pid },
    delays: { core: core.delay },
    data: withHeaders(seeded, (tenant) => bearer(tokens.get(tenant))),
  };
}

/** Everything started and filled: `targets` by name, each with its port, its data, and the processes whose time is counted. */
export async function startTargets(settings, database, say, nodeOptions = []) {
  const wanted = (name) => settings.targets.includes(name);
  const system = await startSystem(database.url, settings.redisUrl, nodeOptions);
  await writeModel(system);
  const seed = (label) => seedTenants(system, database, settings, MODEL, label, say);
  const targets = {};
  const seeded = await seed('system');
  if (settings.isAskedFor('mixed')) {
    const mixed = await seedMixed(system, database, settings, MODEL, withToken, say);
    Object.assign(seeded.tenants, mixed.tenants);
    Object.assign(seeded.data, mixed.data);
  }
  targets.system = {
    port: system.gateway.port,
    base: '/scim/api/V1',
    tenants: seeded.tenants,
    processes: { gateway: system.gateway.pid, core: system.core.pid },
    delays: { gateway: system.gateway.delay, core: system.core.delay },
    data: withHeaders(seeded, withToken),
  };
  if (wanted('graphql')) targets.graphql = await graphqlTarget(system, await seed('graphql'));
  if (wanted('one')) {
    const oneSeeded = await seed('one');
    const one = await startOne(database.url, nodeOptions);
    targets.one = {
      port: one.port,
      base: '/scim/api/V1',
      tenants: oneSeeded.tenants,
      processes: { one: one.pid },
      delays: { one: one.delay },
      stop: one.stop,
      data: withHeaders(oneSeeded, withToken),
    };
  }
  if (wanted('bare')) {
    const bareSeeded = await seed('bare');
    const bare = await startHelper('bare.mjs', { DATABASE_URL: database.url });
    targets.bare = {
      port: bare.port,
      base: '',
      tenants: bareSeeded.tenants,
      processes: { bare: bare.pid },
      data: withHeaders(bareSeeded, ({ id }) => `X-Tenant: ${id}\r\n`),
    };
  }
  if (wanted('peer')) {
    const peer = await startHelper('peer.mjs');
    say(`seed peer: ${settings.users} users and a group of ${settings.manyMembers}`);
    await peer.ask({ what: 'seed', users: seeded.data.company.users, groups: seeded.data.crowd.groups });
    const { mixed: _mixed, ...data } = seeded.data;
    targets.peer = {
      port: peer.port,
      base: '/scim',
      ask: peer.ask,
      processes: { peer: peer.pid },
      data: withHeaders({ tenants: seeded.tenants, data }, () => 'Authorization: Bearer peer\r\n'),
    };
  }
  return { system, targets };
}
