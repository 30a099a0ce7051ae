/** A database of the benchmark's own: made, filled by SQL, watched, dropped. */
import { randomUUIDv7 } from 'node:crypto';
import pg from 'pg';
import { machineTime, processorTime } from './processes.mjs';
import { FEW_MEMBERS, JOINERS } from './constants.mjs';

const CHUNK = 10_000;

async function connect(url) {
  const client = new pg.Client({ connectionString: url, application_name: 'bench' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** A connection to a database: `rows` runs a statement and answers its rows. */
export async function openDatabase(url) {
  const client = await connect(url);
  return { url, rows: async (text, values) => (await client.query(text, values)).rows, close: () => client.end() };
}

/**
 * Creates the database on the server of this URL; `drop` when the servers that use it have ended. One that is not the run's only one has a
 * name of its own.
 */
export async function createDatabase(serverUrl, suffix = '') {
  const server = await connect(serverUrl);
  const name = `identity_bench_${process.pid}${suffix}`;
  await server.query(`drop database if exists ${name} with (force)`);
  await server.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const database = await openDatabase(url.href);
  const drop = async () => {
    await database.close();
    await server.query(`drop database if exists ${name} with (force)`);
    await server.end();
  };
  return { ...database, name, serverUrl, drop };
}

/** What settings matter to the figures. */
export async function describeServer({ rows }) {
  const names = ['server_version', 'shared_buffers', 'synchronous_commit', 'fsync', 'max_wal_size', 'jit'];
  const found = await rows('select name, setting, unit from pg_settings where name = any($1)', [names]);
  return Object.fromEntries(found.map(({ name, setting, unit }) => [name, `${setting}${unit ?? ''}`]));
}

const newIds = (count) => Array.from({ length: count }, () => randomUUIDv7());

/**
 * Inserts users like one that the system itself has written, whose name each copy has its own in place of: whatever the system
 * stores, the copies store too.
 */
async function copyUser({ rows }, modelName, tenantId, prefix, count, tell) {
  const users = newIds(count).map((id, at) => ({ id, userName: `${prefix}.${at}@okta.example` }));
  for (let from = 0; from < count; from += CHUNK) {
    const chunk = users.slice(from, from + CHUNK);
    await rows(
      `insert into app_user (tenant_id, id, user_name, user_name_key, external_id, display_name, display_name_key, active, profile, folded)
      select $2::uuid, new.id, new.name, new.name, '00u' || new.id, display_name, display_name_key, active,
        replace(profile::text, $1, new.name)::jsonb, replace(folded::text, $1, new.name)::jsonb
      from (select * from app_user where user_name = $1 limit 1) as model, unnest($3::uuid[], $4::text[]) as new (id, name)`,
      [modelName, tenantId, chunk.map(({ id }) => id), chunk.map(({ userName }) => userName)],
    );
    tell(from + chunk.length);
  }
  return users;
}

/** Writes a group with these users as its members. */
export async function makeGroup({ rows }, tenantId, displayName, users) {
  const [id] = newIds(1);
  await rows(
    `insert into app_group (tenant_id, id, display_name, display_name_key, profile, folded) values ($1, $2, $3, lower($3), '{}', '{}')`,
    [tenantId, id, displayName],
  );
  for (let from = 0; from < users.length; from += CHUNK) {
    await rows('insert into membership (tenant_id, group_id, user_id) select $1, $2, unnest($3::uuid[])', [
      tenantId,
      id,
      users.slice(from, from + CHUNK).map((user) => user.id),
    ]);
  }
  return { id, displayName, members: users.map((user) => user.id) };
}

/** Another group with the same members. */
async function copyGroup(database, tenantId, displayName, groupId) {
  const { id } = await makeGroup(database, tenantId, displayName, []);
  await database.rows(
    'insert into membership (tenant_id, group_id, user_id) select tenant_id, $2, user_id from membership where group_id = $1',
    [groupId, id],
  );
  return id;
}

/** Fills a tenant with users. */
export const seedCompany = async (database, modelName, tenantId, count, tell) => ({
  users: await copyUser(database, modelName, tenantId, 'user', count, tell),
});

/** Fills a tenant with a small group, a large group, with `hasCopies` two more like it, and users who are in none. */
export async function seedCrowd(database, modelName, tenantId, size, hasCopies, tell) {
  const users = await copyUser(database, modelName, tenantId, 'member', size + JOINERS, tell);
  const many = await makeGroup(database, tenantId, 'Many', users.slice(JOINERS));
  const few = await makeGroup(database, tenantId, 'Few', users.slice(JOINERS, JOINERS + FEW_MEMBERS));
  const thousand = await makeGroup(database, tenantId, 'Thousand', []);
  const data = { joiners: users.slice(0, JOINERS), fewId: few.id, manyId: many.id, thousandId: thousand.id, groups: [few, many] };
  if (!hasCopies) return data;
  // Each of these requests must know who is in its group: no two share one.
  const [crowdId, swapId] = [await copyGroup(database, tenantId, 'Crowd', many.id), await copyGroup(database, tenantId, 'Swap', many.id)];
  return { ...data, crowdId, swap: { id: swapId, ids: many.members } };
}

/** Statistics and visibility as a database has them that has been running for a while. */
export async function settle({ rows }) {
  await rows('vacuum analyze');
  await rows('checkpoint').catch(() => undefined); // takes rights that not everybody has
}

/** The change records of one tenant, or of several. */
export const countChanges = async ({ rows }, tenantIds) =>
  Number((await rows('select count(*) from change where tenant_id = any($1)', [[tenantIds].flat()]))[0].count);

export const countMembers = async ({ rows }, groupId) =>
  Number((await rows('select count(*) from membership where group_id = $1', [groupId]))[0].count);

/** Processor time by process id: of the backends that serve the database, and of the server's own helpers (log writer, checkpointer …). */
export async function databaseTimes({ rows, name }) {
  const found = await rows(
    `select pid, datname is null as helper from pg_stat_activity
    where (datname = $1 and pid <> pg_backend_pid()) or (datname is null)`,
    [name],
  );
  const timesOf = (isHelper) => new Map(found.filter(({ helper }) => helper === isHelper).map(({ pid }) => [pid, processorTime(pid) ?? 0]));
  return { backends: timesOf(false), helpers: timesOf(true), machine: machineTime() };
}

/** What was used between two looks; a process that is new since counts from its start. */
export const used = (before, after) => [...after].reduce((sum, [pid, time]) => sum + time - (before.get(pid) ?? 0), 0);
