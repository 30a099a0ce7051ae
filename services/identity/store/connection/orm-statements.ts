/** Statements by way of MikroORM and Kysely: in the embedded database, and while migrating. */
import type { MikroORM } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Statements } from './database.js';
import { compile, type RawBuilder } from '../query/sql.js';

type EntityManager = Pick<MikroORM['em'], 'getKysely'>;

export const statementsOn = (em: EntityManager): Statements => {
  const kysely = em.getKysely() as unknown as Kysely<never>;
  return {
    run: async <Row>(statement: RawBuilder<Row>) => {
      const { text, values } = compile(statement);
      return (await kysely.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
    },
  };
};

/** Each a transaction of its own. */
export const statementsOf = (orm: MikroORM): Statements => statementsOn(orm.em.fork());
