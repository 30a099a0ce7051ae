/**
 * Milliseconds that work takes when nobody else is at work on the machine: the least of several runs. What takes long by itself takes long
 * in each.
 */
export const quickestOf = (runs: number, work: () => unknown): number =>
  Math.min(
    ...Array.from({ length: runs }, () => {
      const started = performance.now();
      work();
      return performance.now() - started;
    }),
  );
