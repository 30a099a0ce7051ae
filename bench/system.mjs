/** The servers, running, and the data each is asked about. */
import { seedCompany, seedCrowd } from './database.mjs';
import { oktaUser } from './bodies.mjs';
import { freePort, startHelper, startProgram } from './processes.mjs';

const MODEL = 'model.user@okta.example';

const CREATE_TENANT = 'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } clientId clientSecret userErrors { message } } }';
const ISSUE_TOKEN = 'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken userErrors { message } } }';

async function post(url, body, headers = {}) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** Core and gateway as two processes, in production. */
export async function startSystem(databaseUrl, redisUrl, nodeOptions = []) {
  const { newToken } = await import('../dist/services/identity/domain/token-format.js');
  const [corePort, gatewayPort] = [await freePort(), await freePort()];
  const adminToken = newToken();
  const publicUrl = `http://127.0.0.1:${gatewayPort}`;
  const common = { NODE_ENV: 'production', PUBLIC_URL: publicUrl, LOG_LEVEL: 'info' };
  const core = await startProgram('dist/services/identity/main.js', corePort,
    { ...common, IDENTITY_PORT: String(corePort), DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, BOOTSTRAP_ADMIN_TOKEN: adminToken, REQUESTS_PER_SECOND: '100000' }, nodeOptions);
  const coreUrl = `http://127.0.0.1:${corePort}`;
  const gateway = await startProgram('dist/gateway/main.js', gatewayPort,
    { ...common, GATEWAY_PORT: String(gatewayPort), IDENTITY_URL: coreUrl }, nodeOptions);
  const newTenant = async (name) => {
    const { data } = await post(`${coreUrl}/graphql`, { query: CREATE_TENANT, variables: { input: { name } } }, { authorization: `Bearer ${adminToken}` });
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
  return startProgram('dist/services/standalone/main.js', port,
    { REQUESTS_PER_SECOND: '100000', DATABASE_URL: databaseUrl, IDENTITY_PORT: String(corePort), GATEWAY_PORT: String(port) }, nodeOptions);
}

/** Lets the system write the user that all seeded users are copies of. */
async function writeModel({ gateway, newTenant }) {
  const { token } = await newTenant('Model');
  await post(`http://127.0.0.1:${gateway.port}/scim/api/V1/Users`, oktaUser(MODEL, '00u0model'), { authorization: `Bearer ${token}` });
}

/** Three tenants for each server that works on the database: one to read and change, one to join groups in, one to create users in. */
async function seedTenants(system, database, settings, label, say) {
  const tenants = {};
  for (const name of ['company', 'crowd', 'arrivals']) tenants[name] = await system.newTenant(`${label} ${name}`);
  const company = await seedCompany(database, MODEL, tenants.company.id, settings.users, (count) => say(`seed ${label}: ${count} of ${settings.users} users`));
  const size = settings.manyMembers;
  const crowd = await seedCrowd(database, MODEL, tenants.crowd.id, size, (count) => say(`seed ${label}: ${count} users for a group of ${size}`));
  return { tenants, data: { company, crowd, arrivals: { run: label } } };
}

const withHeaders = ({ tenants, data }, headersOf) => Object.fromEntries(Object.entries(data).map(([name, { groups: _groups, ...rest }]) =>
  [name, { ...rest, headers: headersOf(tenants[name]) }]));

/** Everything started and filled: `targets` by name, each with its port, its data, and the processes whose time is counted. */
export async function startTargets(settings, database, say, nodeOptions = []) {
  const wanted = (name) => settings.targets.includes(name);
  const system = await startSystem(database.url, settings.redisUrl, nodeOptions);
  await writeModel(system);
  const targets = {};
  const withToken = ({ token }) => `Authorization: Bearer ${token}\r\n`;
  const seeded = await seedTenants(system, database, settings, 'system', say);
  targets.system = {
    port: system.gateway.port, base: '/scim/api/V1', tenants: seeded.tenants, processes: { gateway: system.gateway.pid, core: system.core.pid },
    delays: { gateway: system.gateway.delay, core: system.core.delay }, data: withHeaders(seeded, withToken),
  };
  if (wanted('one')) {
    const oneSeeded = await seedTenants(system, database, settings, 'one', say);
    const one = await startOne(database.url, nodeOptions);
    targets.one = {
      port: one.port, base: '/scim/api/V1', tenants: oneSeeded.tenants, processes: { one: one.pid }, delays: { one: one.delay }, stop: one.stop, data: withHeaders(oneSeeded, withToken),
    };
  }
  if (wanted('bare')) {
    const bareSeeded = await seedTenants(system, database, settings, 'bare', say);
    const bare = await startHelper('bare.mjs', { DATABASE_URL: database.url });
    targets.bare = {
      port: bare.port, base: '', tenants: bareSeeded.tenants, processes: { bare: bare.pid },
      data: withHeaders(bareSeeded, ({ id }) => `X-Tenant: ${id}\r\n`),
    };
  }
  if (wanted('peer')) {
    const peer = await startHelper('peer.mjs');
    say(`seed peer: ${settings.users} users and a group of ${settings.manyMembers}`);
    await peer.ask({ what: 'seed', users: seeded.data.company.users, groups: seeded.data.crowd.groups });
    targets.peer = {
      port: peer.port, base: '/scim', ask: peer.ask, processes: { peer: peer.pid },
      data: withHeaders(seeded, () => 'Authorization: Bearer peer\r\n'),
    };
  }
  return { system, targets };
}
