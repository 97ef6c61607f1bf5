/** What ancestry needs to know of an entry. */
interface Link {
  readonly id: string;
  readonly entry: { readonly parents: readonly string[] };
}

/** Which entry stands on which. */
export interface Ancestry {
  /** True when `ancestor` is below `descendant`; no entry is below itself. */
  isBelow(ancestor: string, descendant: string): boolean;
  /** True when neither stands on the other and they are two. */
  concurrent(a: string, b: string): boolean;
}

/** Ancestors of all entries as bit sets; parents come before their children in `links`, absent parents are ignored. */
export function ancestryOf(links: readonly Link[]): Ancestry {
  const index = new Map(links.map((link, i) => [link.id, i]));
  const words = (links.length + 31) >>> 5;
  const below = links.map(() => new Uint32Array(words));
  links.forEach((link, i) => {
    const own = below[i] as Uint32Array;
    for (const parent of link.entry.parents) {
      const p = index.get(parent);
      if (p === undefined || p >= i) continue;
      const theirs = below[p] as Uint32Array;
      for (let word = 0; word < words; word++) own[word] = (own[word] ?? 0) | (theirs[word] ?? 0);
      own[p >>> 5] = (own[p >>> 5] ?? 0) | (1 << (p & 31));
    }
  });
  const isBelow = (ancestor: string, descendant: string): boolean => {
    const a = index.get(ancestor);
    const d = index.get(descendant);
    if (a === undefined || d === undefined) return false;
    return (((below[d]?.[a >>> 5] ?? 0) >>> (a & 31)) & 1) === 1;
  };
  return { isBelow, concurrent: (a, b) => a !== b && !isBelow(a, b) && !isBelow(b, a) };
}
