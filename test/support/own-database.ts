/** A PostgreSQL database of one's own on a server that is there: created now, dropped at the end, also after a crash. */
import { randomBytes } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';

export interface OwnDatabase {
  readonly url: string;
  /** Runs a statement in the database and answers its rows. */
  query(statement: string): Promise<Record<string, unknown>[]>;
  drop(): Promise<void>;
}

const PREFIX = 'identity_test_';

async function connect(url: string, min = 0): Promise<MikroORM> {
  const orm = new MikroORM({ clientUrl: url, entities: [], discovery: { warnWhenNoEntities: false }, pool: { min, max: 1 } });
  await orm.connect();
  return orm;
}

const run = (orm: MikroORM, statement: string): Promise<Record<string, unknown>[]> => orm.em.getConnection().execute(statement);

export type Session = Pick<OwnDatabase, 'query'> & { end(): Promise<void> };

/** A session of one's own in a database that is there; it is kept however long nothing is asked. */
export async function openSession(url: string): Promise<Session> {
  const orm = await connect(url, 1);
  return { query: (statement) => run(orm, statement), end: () => orm.close(true) };
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Databases carry the id of the process that made them: those of dead processes are left-overs of a crash. */
async function dropLeftOvers(server: MikroORM): Promise<void> {
  const rows = await run(server, `select datname as name from pg_database where datname like '${PREFIX.replaceAll('_', '\\_')}%'`);
  for (const name of rows.map((row) => String(row['name']))) {
    const processId = Number(name.slice(PREFIX.length).split('_')[0]);
    if (!isRunning(processId)) await run(server, `drop database if exists "${name}" with (force)`);
  }
}

/** Creates the database on the server of this URL. */
export async function createOwnDatabase(serverUrl: string): Promise<OwnDatabase> {
  const server = await connect(serverUrl);
  await dropLeftOvers(server);
  const name = `${PREFIX}${process.pid}_${randomBytes(4).toString('hex')}`;
  await run(server, `create database "${name}"`);
  // What a crash of the server loses is tested on servers of one's own: nothing here has to wait for a disk.
  await run(server, `alter database "${name}" set synchronous_commit = off`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  let own: MikroORM | undefined;
  return {
    url: url.href,
    query: async (statement) => run((own ??= await connect(url.href)), statement),
    drop: async () => {
      await own?.close(true);
      await run(server, `drop database if exists "${name}" with (force)`);
      await server.close(true);
    },
  };
}
