/** Makes something once for each pair of objects, and forgets it with them. */
export function oncePerPair<First extends object, Second extends object, Made>(make: (first: First, second: Second) => Made): (first: First, second: Second) => Made {
  const made = new WeakMap<First, WeakMap<Second, Made>>();
  return (first, second) => {
    const ofFirst = made.get(first) ?? new WeakMap<Second, Made>();
    if (!made.has(first)) made.set(first, ofFirst);
    const known = ofFirst.get(second) ?? make(first, second);
    if (!ofFirst.has(second)) ofFirst.set(second, known);
    return known;
  };
}
