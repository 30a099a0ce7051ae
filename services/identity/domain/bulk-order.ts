/** In which order the operations of a Bulk request are done: what an operation refers to comes before it, wherever it stands (RFC 7644, 3.7.1). */

/** Operations that refer to each other in a circle: they are done together or not at all. Mostly one. */
export type Unit = readonly number[];

/**
 * The operations, by their places, in units that only refer to earlier units; otherwise in the order of the request. Tarjan's strongly
 * connected components, with a stack of its own: a chain of a thousand references is not a thousand calls deep.
 */
export function inDependencyOrder(count: number, referencesOf: (place: number) => readonly number[]): Unit[] {
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
    const members = open.splice(open.indexOf(place));
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
export function wayRound([start = 0, ...others]: Unit, referencesOf: (place: number) => readonly number[]): number[] {
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
