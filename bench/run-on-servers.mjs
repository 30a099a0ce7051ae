/** A run on servers: a database of its own, and an end in order however it comes. */
import { databaseUrl, redisUrl } from './constants.mjs';
import { createDatabase } from './database.mjs';
import { findServers } from './own-servers.mjs';
import { stopAll } from './processes.mjs';

/**
 * Does the work with a new database, then stops what was started and ends the process: with 1 where the work failed, or was told to stop.
 */
export async function runOnServers(work, say) {
  let database;
  let isEnding = false;
  const end = async (code) => {
    if (isEnding) return;
    isEnding = true;
    await stopAll();
    await database?.drop();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end(1));
  try {
    const servers = await findServers();
    database = { ...(await createDatabase(servers.databaseUrl ?? databaseUrl)), redisUrl: servers.redisUrl ?? redisUrl };
    await work(database);
    await end(0);
  } catch (error) {
    say(`THE BENCHMARK STOPPED: ${error.stack}`);
    await end(1);
  }
}
