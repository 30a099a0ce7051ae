/**
 * In which order the operations of a Bulk request are done: what an operation refers to comes before it, wherever it stands (RFC 7644,
 * 3.7.1).
 */

/** Operations that refer to each other in a circle, from the first to the last: they are done together or not at all. Mostly one. */
export type Unit = readonly number[];

type ReferencesOf = (place: number) => readonly number[];

/**
 * The operations, by their places, in units that only refer to earlier units; otherwise in the order of the request: whoever refers to a
 * later one waits for it, and nobody is moved ahead. Between the two may stand what makes the later one possible, as the deletion that
 * frees its name. (Kahn's algorithm; of the units that need wait for nobody any more always the one that stands first.)
 */
export function inDependencyOrder(count: number, referencesOf: ReferencesOf): Unit[] {
  const units = unitsOf(count, referencesOf).toSorted((one, other) => placeOf(one) - placeOf(other));
  const { awaited, referrers } = relationsOf(units, referencesOf);
  const ready = [...units.keys()].filter((unit) => awaited[unit] === 0).toReversed();
  const ordered: Unit[] = [];
  for (let unit = ready.pop(); unit !== undefined; unit = ready.pop()) {
    ordered.push(units[unit]!);
    for (const referrer of referrers[unit]!) {
      awaited[referrer]! -= 1;
      if (awaited[referrer] === 0) insert(ready, referrer);
    }
  }
  return ordered;
}

/** A circle stands where its last operation does: the others, which refer to it in the end, wait. */
const placeOf = (unit: Unit): number => unit.at(-1)!;

/** For each unit how many references it waits for, and who refers to it, as often as it does. */
function relationsOf(units: readonly Unit[], referencesOf: ReferencesOf): { awaited: number[]; referrers: number[][] } {
  const unitAt: number[] = [];
  for (const [at, unit] of units.entries()) for (const place of unit) unitAt[place] = at;
  const referrers = units.map((): number[] => []);
  const awaited = units.map((unit, at) => {
    const others = unit
      .flatMap(referencesOf)
      .map((reference) => unitAt[reference]!)
      .filter((other) => other !== at);
    for (const other of others) referrers[other]!.push(at);
    return others.length;
  });
  return { awaited, referrers };
}

/** Puts a number into a list that ends with the lowest. */
function insert(list: number[], number: number): void {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (list[middle]! > number) from = middle + 1;
    else to = middle;
  }
  list.splice(from, 0, number);
}

/**
 * The units, in no order of use: Tarjan's strongly connected components, with a stack of its own: a chain of a thousand references is not a
 * thousand calls deep.
 */
function unitsOf(count: number, referencesOf: ReferencesOf): Unit[] {
  const index = Array.from({ length: count }, () => -1);
  const low = Array.from({ length: count }, () => 0);
  const isOpen = Array.from({ length: count }, () => false);
  const open: number[] = [];
  const units: Unit[] = [];
  let next = 0;

  const enter = (place: number) => {
    index[place] = low[place] = next;
    next += 1;
    open.push(place);
    isOpen[place] = true;
    return { place, references: referencesOf(place), at: 0 };
  };
  const close = (place: number) => {
    if (low[place] !== index[place]) return;
    const members = open.splice(open.lastIndexOf(place));
    for (const member of members) isOpen[member] = false;
    units.push(members.toSorted((one, other) => one - other));
  };
  const visit = (start: number) => {
    const path = [enter(start)];
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const reference = step.references[step.at];
      step.at += 1;
      if (reference === undefined) {
        path.pop();
        const above = path.at(-1);
        if (above) low[above.place] = Math.min(low[above.place]!, low[step.place]!);
        close(step.place);
      } else if (index[reference] === -1) path.push(enter(reference));
      else if (isOpen[reference]) low[step.place] = Math.min(low[step.place]!, index[reference]!);
    }
  };
  for (let place = 0; place < count; place += 1) if (index[place] === -1) visit(place);
  return units;
}

/** The shortest way round within a unit, from its first operation to itself: its places, with the first at both ends. */
export function wayRound([start = 0, ...others]: Unit, referencesOf: ReferencesOf): number[] {
  const from = new Map<number, number>();
  const reached = [start];
  for (const place of reached) {
    for (const reference of referencesOf(place)) {
      if (from.has(reference) || !(reference === start || others.includes(reference))) continue;
      from.set(reference, place);
      reached.push(reference);
    }
    if (from.has(start)) break;
  }
  const path = [start];
  for (let place = from.get(start); place !== undefined && place !== start; place = from.get(place)) path.unshift(place);
  return [start, ...path];
}
