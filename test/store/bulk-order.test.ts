/** The order of the operations of a Bulk request, for any graph of references. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inDependencyOrder } from '../../services/identity/domain/bulk/bulk-order.js';
import { FUZZ_RUNS } from '../support/world.js';

type Graph = readonly (readonly number[])[];

const orderOf = (graph: Graph) => inDependencyOrder(graph.length, (place) => graph[place]!);

test.each<[string, Graph, number[][]]>([
  ['nothing', [], []],
  ['no references', [[], [], []], [[0], [1], [2]]],
  ['a reference backward', [[], [0], []], [[0], [1], [2]]],
  ['a referrer waits, and nobody overtakes what stands between', [[2], [], []], [[1], [2], [0]]],
  ['a referrer comes as soon as it may', [[1], [], [], []], [[1], [0], [2], [3]]],
  ['referrers that wait for the same come in their order', [[3], [3], [], [], []], [[2], [3], [0], [1], [4]]],
  ['a chain', [[1], [2], [3], []], [[3], [2], [1], [0]]],
  ['a circle stands where its last does', [[2], [], [0], []], [[1], [0, 2], [3]]],
  ['a circle waits for what it refers to', [[1], [0, 3], [], [], []], [[2], [3], [0, 1], [4]]],
  ['whoever refers to a circle waits for it', [[1], [3], [], [1]], [[2], [1, 3], [0]]],
  [
    'two circles',
    [[2], [3], [0], [1]],
    [
      [0, 2],
      [1, 3],
    ],
  ],
  ['one that refers to itself', [[0], []], [[0], [1]]],
])('%s', (_, graph, expected) => expect(orderOf(graph)).toEqual(expected));

/** All that each refers to, however far round. */
function reachable(graph: Graph): Set<number>[] {
  return graph.map((_, start) => {
    const reached = new Set(graph[start]);
    for (const place of reached) for (const next of graph[place]!) reached.add(next);
    return reached;
  });
}

const graphs = fc
  .integer({ min: 1, max: 9 })
  .chain((count) => fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }), { minLength: count, maxLength: count }));

test('any graph: circles are together, references come first, and else the first of those that may is next', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const reached = reachable(graph);
      const isTogether = (one: number, other: number) => one === other || (reached[one]!.has(other) && reached[other]!.has(one));
      const unitWith = (place: number) => graph.flatMap((__, other) => (isTogether(place, other) ? [other] : []));
      const ordered = orderOf(graph);
      expect(ordered.flat().toSorted((one, other) => one - other)).toEqual(graph.map((__, place) => place));
      const done = new Set<number>();
      for (const unit of ordered) {
        expect(unit).toEqual(unitWith(unit[0]!));
        const mayBeNext = (place: number) =>
          !done.has(place) &&
          unitWith(place).every((member) => graph[member]!.every((reference) => done.has(reference) || isTogether(reference, place)));
        const next = Math.min(...graph.flatMap((__, place) => (mayBeNext(place) ? [Math.max(...unitWith(place))] : [])));
        expect(Math.max(...unit)).toBe(next);
        for (const place of unit) done.add(place);
      }
    }),
    { numRuns: FUZZ_RUNS },
  );
});

/** All orders in which every reference comes before its referrer. */
const orders = (graph: Graph, done: readonly number[] = []): number[][] => {
  const next = graph.flatMap((references, place) =>
    !done.includes(place) && references.every((reference) => done.includes(reference)) ? [place] : [],
  );
  return next.length === 0 ? [[...done]] : next.flatMap((place) => orders(graph, [...done, place]));
};

test('without circles: of all orders the one that is nearest to that of the request', () => {
  // Each refers to some that come before it in an order of its own, so that there is no circle.
  const acyclic = fc
    .integer({ min: 1, max: 6 })
    .chain((count) =>
      fc.tuple(
        fc.shuffledSubarray(
          Array.from({ length: count }, (_, at) => at),
          { minLength: count },
        ),
        fc.array(fc.nat(63), { minLength: count, maxLength: count }),
      ),
    )
    .map(([ranks, masks]) =>
      ranks.map((rank, place) => ranks.flatMap((other, at) => (other < rank && (masks[place]! & (1 << at)) !== 0 ? [at] : []))),
    );
  fc.assert(
    fc.property(acyclic, (graph) => {
      const [nearest] = orders(graph).toSorted(
        (one, other) => one.find((place, at) => place !== other[at])! - other.find((place, at) => place !== one[at])!,
      );
      expect(orderOf(graph)).toEqual(nearest!.map((place) => [place]));
    }),
    { numRuns: Math.min(FUZZ_RUNS, 2_000) },
  );
});

test('a thousand operations, of which each refers to all behind it, take no time to speak of', () => {
  const graph = Array.from({ length: 1000 }, (_, place) => Array.from({ length: 999 - place }, (__, at) => place + 1 + at));
  const start = performance.now();
  expect(orderOf(graph).flat()).toEqual(Array.from({ length: 1000 }, (_, at) => 999 - at));
  expect(performance.now() - start).toBeLessThan(2000);
});
