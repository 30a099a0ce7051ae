/** The embedded database: PostgreSQL in this process, one session for everybody. */
import type { MikroORM } from '@mikro-orm/postgresql';
import { lockDirectory } from './directory-lock.js';
import type { Opened } from './database.js';
import { migratePGlite, ormOptions } from '../tables/migrate.js';
import { statementsOf, statementsOn } from './orm-statements.js';
import { sql } from '../query/sql.js';

async function openORM(directory: string | undefined): Promise<MikroORM> {
  const [{ MikroORM: PGliteORM }, { pg_trgm }, { btree_gin }] = await Promise.all([
    import('@mikro-orm/pglite'),
    import('@electric-sql/pglite/contrib/pg_trgm'),
    import('@electric-sql/pglite/contrib/btree_gin'),
  ]);
  return (await PGliteORM.init({
    ...ormOptions,
    dbName: directory ?? 'memory://',
    driverOptions: { extensions: { pg_trgm, btree_gin } },
  })) as unknown as MikroORM;
}

/** Opens it in the directory, or in memory, and brings its schema up to date. */
export async function openPGlite(directory: string | undefined): Promise<Opened> {
  const release = directory ? await lockDirectory(directory) : async () => {};
  const orm = await openORM(directory);
  const close = async () => {
    await orm.close(true);
    await release();
  };
  await migratePGlite(orm).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const root = statementsOf(orm);
  return {
    root,
    transact: (_patience, _tenantId, work) => orm.em.fork().transactional((em) => work(statementsOn(em))),
    ping: async () => void (await root.run(sql`select 1`)),
    close,
  };
}
