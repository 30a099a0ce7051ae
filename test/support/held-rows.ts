/** Requests that wait for a row which the test holds: what happens meanwhile is the test's to say. Needs a database server. */
import { expect } from 'vitest';
import { world } from './world.js';

export const hasServer = async (): Promise<boolean> => (await world()).query !== undefined;

export const run = async (statement: string) => (await world()).query!(statement);

/** When so many statements wait for a lock. */
export const waiting = (count: number): Promise<void> =>
  expect
    .poll(
      async () => {
        await run('select pg_stat_clear_snapshot()'); // a transaction sees the same activity all along
        return (await run(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).length;
      },
      { interval: 20, timeout: 1500 },
    )
    .toBe(count);

/** Holds the row of a user while the work goes on, and answers what it began. */
export async function holding<Result>(id: string, work: () => Promise<readonly Promise<Result>[]>): Promise<Result[]> {
  await run('begin');
  await run(`select id from app_user where id = '${id}' for no key update`);
  let begun: readonly Promise<Result>[] = [];
  try {
    begun = await work();
  } finally {
    await run('commit');
  }
  return Promise.all(begun);
}
