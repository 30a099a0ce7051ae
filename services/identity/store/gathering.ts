/**
 * Writes that come together as one: what is asked under one key in the same turn of the event loop is done in one go. PostgreSQL begins, logs and commits
 * once for all of it, and one answer is read for all.
 */
import { Failure } from '../../../schema/failure.js';

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

async function doAll<Item, Result>(all: readonly Asked<Item, Result>[], work: Work<Item, Result>): Promise<void> {
  try {
    const results = await work(all.map(({ item }) => item));
    for (const [at, asked] of all.entries()) settle(asked, results[at]!);
  } catch (error) {
    // What may have been done must not be done again. Anything else may be the fault of one, and is not to be the others'.
    if (all.length > 1 && !(error instanceof Failure && error.code === 'UNAVAILABLE')) await Promise.all(all.map((asked) => doAll([asked], work)));
    else for (const { reject } of all) reject(error);
  }
}

export function gathering(): Gather {
  let turn: Map<string, { readonly all: Asked<never, never>[]; readonly work: Work<never, never> }> | undefined;

  function end(): void {
    const gathered = turn!;
    turn = undefined;
    for (const { all, work } of gathered.values()) void doAll(all, work);
  }

  return (key, item, work) => new Promise((resolve, reject) => {
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

/** The same for one that is part of a transaction under way. */
export async function alone<Item, Result>(item: Item, work: Work<Item, Result>): Promise<Result> {
  const [result] = await work([item]);
  if (result instanceof Failure) throw result;
  return result!;
}
