/** The data of the growth curve: one tenant that grows, and a neighbour in the same tables that must not matter. */
import { makeGroup, settle } from './database.mjs';
import { externalIdOf, numberOf } from './people.mjs';
import { startProgress } from './progress.mjs';
import { seedUsers } from './seed-users.mjs';

export const NEIGHBOURS = 10_000;
/** The first people of the tenant are in a team only: they join the groups below and leave them again. */
export const JOINERS = 100;
export const FEW_MEMBERS = 10;
export const MANY_MEMBERS = 100_000;
/** Everybody is in a team of so many, so that every user shown has a group, at every size. */
export const TEAM_MEMBERS = 1000;
const SAMPLE = 1000;
const STRIDE = 7919; // a prime: the sample is everywhere in the table, in no order

/** Makes the people numbered `from` to `to` (without it) members. */
const join = ({ rows }, tenantId, groupId, from, to) => rows(`insert into membership (tenant_id, group_id, user_id)
  select tenant_id, $2, id from app_user where tenant_id = $1 and external_id >= $3 and external_id < $4`, [tenantId, groupId, externalIdOf(from), externalIdOf(to)]);

/** What is there before the tenant has users: the neighbour, the two groups, the tokens. */
export async function prepare(system, database) {
  const [tenant, neighbour] = [await system.newTenant('Growth'), await system.newTenant('Neighbour')];
  await seedPeople(database, neighbour.id, 0, NEIGHBOURS, 'the neighbour');
  const groups = {};
  for (const name of ['Few', 'Many']) groups[name.toLowerCase()] = (await makeGroup(database, tenant.id, name, [])).id;
  const wireOf = (base, media, token) => ({ base, media, headers: `Authorization: Bearer ${token}\r\n` });
  return {
    tenantId: tenant.id, groups, size: 0,
    doors: {
      scim: { port: system.gateway.port, wire: wireOf('/scim/api/V1', 'application/scim+json', tenant.token) },
      graphql: { port: system.core.port, wire: wireOf('/graphql', 'application/json', await tenant.graphqlToken()) },
    },
  };
}

/** Sorts new rows into the GIN indexes by the hundred thousand while the work is under way: half the time of seeding a million. */
async function withLongLists({ rows }, work) {
  const indexes = await rows(`select indexrelid::regclass::text as name, coalesce(substring(array_to_string(reloptions, ',') from 'gin_pending_list_limit=([0-9]+)'), '') as usual
    from pg_index join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam where indrelid = 'app_user'::regclass and amname = 'gin'`);
  const alter = (name, limit) => rows(`alter index ${name} ${limit ? `set (gin_pending_list_limit = ${limit})` : 'reset (gin_pending_list_limit)'}`);
  await rows("set work_mem = '256MB'");
  for (const { name } of indexes) await alter(name, 65_536);
  await work();
  for (const { name, usual } of indexes) await alter(name, usual);
  await rows('reset work_mem');
}

async function seedPeople(database, tenantId, from, to, label) {
  const users = startProgress(`seed ${label}`, to - from);
  await withLongLists(database, () => seedUsers(database, tenantId, from, to, users.tell).finally(users.stop));
}

async function seedTeams(database, tenantId, from, to) {
  const { tell, stop } = startProgress('seed teams', to - from);
  for (let start = from; start < to; start += TEAM_MEMBERS) {
    const end = Math.min(start + TEAM_MEMBERS, to);
    const { id } = await makeGroup(database, tenantId, `Team ${start}`, []);
    await join(database, tenantId, id, start, end);
    tell(end - from);
  }
  stop();
}

/** The new people who belong into a group whose members are numbered `first` to `last`. */
const joinGroup = (database, { tenantId, groups, size: before }, name, size, last) =>
  join(database, tenantId, groups[name], Math.max(before, JOINERS), Math.max(JOINERS, Math.min(size, last)));

/** People of the tenant by their numbers. */
async function findPeople({ rows }, tenantId, numbers) {
  const found = await rows('select id, external_id from app_user where tenant_id = $1 and external_id = any($2)', [tenantId, numbers.map(externalIdOf)]);
  const byNumber = new Map(found.map(({ id, external_id: externalId }) => [numberOf(externalId), id]));
  return numbers.map((number) => ({ number, id: byNumber.get(number) }));
}

/** Lets the tenant grow to this size; answers how long the users took, and how large they are on the disk. */
export async function grow(database, world, size) {
  const { tenantId, size: before } = world;
  const started = performance.now();
  await seedPeople(database, tenantId, before, size, `${size.toLocaleString('en')} users`);
  const seconds = (performance.now() - started) / 1000;
  await seedTeams(database, tenantId, before, size);
  await joinGroup(database, world, 'few', size, JOINERS + FEW_MEMBERS);
  await joinGroup(database, world, 'many', size, JOINERS + MANY_MEMBERS);
  await settle(database);
  world.size = size;
  world.sample = await findPeople(database, tenantId, [...new Set(Array.from({ length: SAMPLE }, (_, at) => (at * STRIDE) % size))]);
  world.joiners ??= await findPeople(database, tenantId, Array.from({ length: JOINERS }, (_, number) => number));
  const [bytes] = await database.rows('select pg_table_size($1::regclass)::float8 as table, pg_indexes_size($1::regclass)::float8 as indexes', ['app_user']);
  return { users: size, added: size - before, seconds, bytes };
}
