/** Makes something once for each object, and forgets it with the object. */
export function oncePer<Of extends object, Made>(make: (of: Of) => Made): (of: Of) => Made {
  const made = new WeakMap<Of, { readonly it: Made }>();
  return (of) => {
    const known = made.get(of);
    if (known) return known.it;
    const it = make(of);
    made.set(of, { it });
    return it;
  };
}

/** The same for each pair of objects. */
export function oncePerPair<First extends object, Second extends object, Made>(
  make: (first: First, second: Second) => Made,
): (first: First, second: Second) => Made {
  const ofFirst = oncePer((first: First) => oncePer((second: Second) => make(first, second)));
  return (first, second) => ofFirst(first)(second);
}
