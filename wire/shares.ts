/** Room that many hold a part of, and of which nobody gets more than so much, so that nobody else finds it all taken. */

export interface Shares {
  /** Takes so much for one of them. Answers what is too full for that, and takes nothing then: their own part, or all of it. */
  take(holder: string, amount: number): 'OWN' | 'ALL' | undefined;
  /** Gives so much back. */
  giveBack(holder: string, amount: number): void;
}

/** So much for all, and so much of it for one. */
export function shares(most: number, mostOfOne: number): Shares {
  const byHolder = new Map<string, number>();
  let all = 0;
  return {
    take: (holder, amount) => {
      const own = (byHolder.get(holder) ?? 0) + amount;
      if (own > mostOfOne) return 'OWN';
      if (all + amount > most) return 'ALL';
      all += amount;
      byHolder.set(holder, own);
      return undefined;
    },
    giveBack: (holder, amount) => {
      all -= amount;
      const left = (byHolder.get(holder) ?? 0) - amount;
      if (left > 0) byHolder.set(holder, left);
      else byHolder.delete(holder);
    },
  };
}
