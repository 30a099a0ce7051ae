/** The first sync of a company, from the first user to the last membership, and whose processor time it took. */
import { countChanges, databaseTimes, used } from './database.mjs';
import { processorTime } from './processes.mjs';

const timesOf = (processes) => Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, processorTime(pid) ?? Number.NaN]));

/** Runs it in a tenant of its own, through the gateway; everything that arrived is counted. CPU is in seconds. */
export async function firstSync({ system, database, load, targets, others }, { users, groups, memberships }) {
  const tenant = await system.newTenant('First sync');
  const processes = { ...targets.system.processes, load: load.pid, ...(others.redis && { redis: others.redis }) };
  const changesBefore = await countChanges(database, tenant.id); // of the tenant itself and its tokens
  const before = { own: timesOf(processes), database: await databaseTimes(database) };
  const wire = { base: targets.system.base, headers: `Authorization: Bearer ${tenant.token}\r\n` };
  const result = await load.ask({ what: 'sync', port: targets.system.port, wire, users, groups, memberships });
  const after = { own: timesOf(processes), database: await databaseTimes(database) };
  const found = Number((await database.rows('select count(*) from membership where tenant_id = $1', [tenant.id]))[0].count);
  const changes = (await countChanges(database, tenant.id)) - changesBefore;
  if (found !== result.memberships || changes !== result.changes) {
    throw new Error(`the first sync left ${found} memberships of ${result.memberships} and ${changes} change records of ${result.changes}`);
  }
  const seconds = (time) => time / 1000;
  const cpu = {
    ...Object.fromEntries(Object.keys(processes).map((name) => [name, seconds(after.own[name] - before.own[name])])),
    postgres: seconds(used(before.database.backends, after.database.backends) + used(before.database.helpers, after.database.helpers)),
  };
  return { users, groups, memberships: result.memberships, seconds: result.seconds, cpu };
}

/** Whose CPU was the largest, of those that serve; the one who asks is none of them. */
export const largestOf = ({ cpu: { load: _load, ...servers } }) =>
  Object.entries(servers).toSorted(([, one], [, other]) => other - one)[0][0];
