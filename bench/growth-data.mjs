/** The data of the growth curve: a tenant that grows, and in a database of its own one that does not. */
import { makeGroup, settle } from './database.mjs';
import { externalIdOf, numberOf } from './people.mjs';
import { startProgress } from './progress.mjs';
import { seedUsers } from './seed-users.mjs';

/** Users of the tenant that all others are compared with. */
export const SMALL = 1000;
/** The first people of the tenant are in a team only: they join the groups below and leave them again. */
export const JOINERS = 100;
/** Members of the groups that somebody joins and leaves; where the tenant is smaller, everybody who is no joiner. */
export const GROUP_SIZES = [10, 1000, 100_000, 1_000_000];
/**
 * Who is too late for one of these is in a group of the others: at every size, and anywhere in the list, a user has as many groups to show.
 */
const BALANCED = [1000, 100_000];
/** Everybody is in a team of so many, so that every user shown has a group, at every size. */
export const TEAM_MEMBERS = 1000;
const SAMPLE = 1000;
const STRIDE = 7919; // a prime: the sample is everywhere in the table, in no order

/** Makes the people numbered `from` to `to` (without it) members. */
const join = ({ rows }, tenantId, groupId, from, to) =>
  rows(
    `insert into membership (tenant_id, group_id, user_id)
  select tenant_id, $2, id from app_user where tenant_id = $1 and external_id >= $3 and external_id < $4`,
    [tenantId, groupId, externalIdOf(from), externalIdOf(to)],
  );

/** A tenant without users yet, and its groups. */
export async function found(system, database, name) {
  const { id, token, graphqlToken } = await system.newTenant(name);
  const groups = {};
  for (const size of GROUP_SIZES) groups[size] = (await makeGroup(database, id, `Group of ${size}`, [])).id;
  const others = {};
  for (const size of BALANCED) others[size] = (await makeGroup(database, id, `Not in the group of ${size}`, [])).id;
  const wireOf = (base, media, bearer) => ({ base, media, headers: `Authorization: Bearer ${bearer}\r\n` });
  const doors = {
    scim: { port: system.gateway.port, wire: wireOf('/scim/api/V1', 'application/scim+json', token) },
    graphql: { port: system.core.port, wire: wireOf('/graphql', 'application/json', await graphqlToken()) },
  };
  return { name, tenantId: id, groups, others, doors, size: 0 };
}

/** Sorts new rows into the GIN indexes by the hundred thousand while the work is under way: half the time of seeding a million. */
async function withLongLists({ rows }, work) {
  const indexes =
    await rows(`select indexrelid::regclass::text as name, coalesce(substring(array_to_string(reloptions, ',') from 'gin_pending_list_limit=([0-9]+)'), '') as usual
    from pg_index join pg_class on pg_class.oid = indexrelid join pg_am on pg_am.oid = relam where indrelid = 'app_user'::regclass and amname = 'gin'`);
  const alter = (name, limit) =>
    rows(`alter index ${name} ${limit ? `set (gin_pending_list_limit = ${limit})` : 'reset (gin_pending_list_limit)'}`);
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

/** Those of the new people who belong into a group that takes so many after the joiners. */
const joinGroup = (database, { tenantId, groups, size: before }, size, members) =>
  join(database, tenantId, groups[members], Math.max(before, JOINERS), Math.min(size, JOINERS + members));

/** People of the tenant by their numbers. */
async function findPeople({ rows }, tenantId, numbers) {
  const found = await rows('select id, external_id from app_user where tenant_id = $1 and external_id = any($2)', [
    tenantId,
    numbers.map(externalIdOf),
  ]);
  const byNumber = new Map(found.map(({ id, external_id: externalId }) => [numberOf(externalId), id]));
  return numbers.map((number) => ({ number, id: byNumber.get(number) }));
}

/** Lets a tenant grow to this size; answers how long the users took, and how large the table of users is on the disk. */
export async function grow(database, tenant, size) {
  const { tenantId, name, size: before } = tenant;
  const started = performance.now();
  await seedPeople(database, tenantId, before, size, `${name} to ${size.toLocaleString('en')} users`);
  const seconds = (performance.now() - started) / 1000;
  await database.rows('analyze app_user'); // or finding the members of a team is planned as if nobody had come
  await seedTeams(database, tenantId, before, size);
  for (const members of GROUP_SIZES) await joinGroup(database, tenant, size, members);
  for (const members of BALANCED) await join(database, tenantId, tenant.others[members], Math.max(before, JOINERS + members), size);
  await settle(database);
  tenant.size = size;
  tenant.sample = await findPeople(database, tenantId, [...new Set(Array.from({ length: SAMPLE }, (_, at) => (at * STRIDE) % size))]);
  tenant.joiners ??= await findPeople(
    database,
    tenantId,
    Array.from({ length: JOINERS }, (_, number) => number),
  );
  const [bytes] = await database.rows(
    'select pg_table_size($1::regclass)::float8 as table, pg_indexes_size($1::regclass)::float8 as indexes',
    ['app_user'],
  );
  return { users: size, added: size - before, seconds, bytes };
}
