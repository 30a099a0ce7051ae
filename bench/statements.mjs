/**
 * The statements that take the most time: from pg_stat_statements where the server has loaded it, else from looking often at what is
 * running.
 */
import { openDatabase } from './database.mjs';

const SHOWN = 3;
const LOOK_EVERY = 5; // milliseconds

const isLoaded = async ({ rows }) => {
  const [{ shared_preload_libraries: loaded }] = await rows('show shared_preload_libraries');
  if (!loaded.includes('pg_stat_statements')) return false;
  return rows('create extension if not exists pg_stat_statements').then(
    () => true,
    () => false,
  );
};

async function fromExtension({ rows }, work) {
  await rows('select pg_stat_statements_reset()');
  const requests = await work();
  const found =
    await rows(`select query, calls::float8, total_exec_time::float8 as time, sum(total_exec_time) over ()::float8 as whole from pg_stat_statements
    where dbid = (select oid from pg_database where datname = current_database()) and query not ilike '%pg_stat_%' order by time desc limit ${SHOWN}`);
  return found.map(({ query, calls, time, whole }) => ({ query, share: time / whole, calls: calls / requests, mean: time / calls }));
}

async function fromLooking({ url }, work) {
  const watcher = await openDatabase(url);
  const seen = new Map();
  const over = new AbortController();
  const looking = (async () => {
    while (!over.signal.aborted) {
      const running = await watcher.rows(
        "select query from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()",
      );
      for (const { query } of running) seen.set(query, (seen.get(query) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
    }
  })();
  await work();
  over.abort();
  await looking;
  await watcher.close();
  const whole = [...seen.values()].reduce((sum, count) => sum + count, 0);
  return [...seen]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, SHOWN)
    .map(([query, count]) => ({ query, share: count / whole }));
}

/** The top statements of the system in each workload; `source` says how they were found. Not part of the rounds: looking costs time too. */
export async function topStatements({ database, load }, workloads, connections, seconds) {
  const source = (await isLoaded(database)) ? 'pg_stat_statements' : 'pg_stat_activity';
  const find = source === 'pg_stat_statements' ? fromExtension : fromLooking;
  const byWorkload = {};
  for (const workload of workloads) {
    const work = async () =>
      (
        await load.ask({
          what: 'run',
          target: 'system',
          workload: workload.name,
          connections: workload.connections ?? connections,
          seconds,
        })
      ).count;
    byWorkload[workload.name] = (await find(database, work)).map((found) => ({
      ...found,
      query: found.query.replaceAll(/\s+/g, ' ').trim(),
    }));
  }
  return { source, byWorkload };
}
