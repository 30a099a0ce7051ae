/**
 * Writes that come together as one: what is asked under one key in the same turn of the event loop is done in one go. PostgreSQL begins,
 * logs and commits once for all of it, and one answer is read for all.
 */
import { Failure } from '../../../../schema/failure.js';
import { isUndone } from './driver-errors.js';

/** Does all of it; answers for each, in their order, the result or why there is none. */
export type Work<Item, Result> = (items: readonly Item[]) => Promise<readonly (Result | Failure)[]>;

export type Gather = <Item, Result>(key: string, item: Item, work: Work<Item, Result>) => Promise<Result>;

interface Asked<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

function settle<Item, Result>({ resolve, reject }: Asked<Item, Result>, result: Result | Failure): void {
  if (result instanceof Failure) reject(result);
  else resolve(result);
}

/** Of those that are tried one by one, so many at once: each may wait for a lock, and is not to keep all connections from others. */
const AT_ONCE = 4;
/** Milliseconds in which their turn must come. */
const PATIENCE = 3000;

/** What may have been done must not be done again. Anything else may be the fault of one, and is not to be the others'. */
const mayBeDone = (error: unknown): boolean => error instanceof Failure && error.code === 'UNAVAILABLE' && !isUndone(error);

async function doAll<Item, Result>(all: readonly Asked<Item, Result>[], work: Work<Item, Result>, isTriedAgain = true): Promise<void> {
  try {
    const results = await work(all.map(({ item }) => item));
    for (const [at, asked] of all.entries()) settle(asked, results[at]!);
  } catch (error) {
    if (isTriedAgain && all.length > 1 && !mayBeDone(error)) await doEach(all, work, error);
    else for (const { reject } of all) reject(error);
  }
}

/** One by one, in their order; whose turn does not come in time is told why it was not done with the others. */
async function doEach<Item, Result>(all: readonly Asked<Item, Result>[], work: Work<Item, Result>, error: unknown): Promise<void> {
  const end = performance.now() + PATIENCE;
  const queue = all.values();
  const doNext = async () => {
    for (const asked of queue) {
      if (performance.now() < end) await doAll([asked], work);
      else asked.reject(error);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, doNext));
}

interface Alike {
  readonly all: Asked<never, never>[];
  readonly work: Work<never, never>;
}

/** `begin` is given what has come in a turn. */
function gathering(begin: (turn: Iterable<Alike>) => void): Gather {
  let turn: Map<string, Alike> | undefined;

  function end(): void {
    const gathered = turn!;
    turn = undefined;
    begin(gathered.values());
  }

  return (key, item, work) =>
    new Promise((resolve, reject) => {
      if (!turn) {
        turn = new Map();
        setImmediate(end);
      }
      const asked = { item, resolve, reject } as unknown as Asked<never, never>;
      const alike = turn.get(key);
      if (alike) alike.all.push(asked);
      else turn.set(key, { all: [asked], work: work as unknown as Work<never, never> });
    });
}

/** For everybody's writes: what fails together is tried one by one. */
export const writeBatching = (): Gather =>
  gathering((turn) => {
    for (const { all, work } of turn) void doAll(all, work);
  });

/** For the parts of one transaction: one after the other, in the order in which they came; in it nothing can be tried again. */
export function batchingInside(): Gather {
  let last = Promise.resolve();
  return gathering((turn) => {
    for (const { all, work } of turn) last = last.then(() => doAll(all, work, false));
  });
}

/** The same for one that is part of a transaction under way. */
export async function alone<Item, Result>(item: Item, work: Work<Item, Result>): Promise<Result> {
  const [result] = await work([item]);
  if (result instanceof Failure) throw result;
  return result!;
}
