interface Named {
  readonly name: string;
}

/**
 * Pairs what has no partner on either side: first names that are equal but for case and punctuation,
 * then the only two that are left, if they fit. What stays alone is in `left` and `right`.
 */
export function pairByName<L extends Named, R extends Named>(
  left: readonly L[],
  right: readonly R[],
  fits: (left: L, right: R) => boolean,
): {
  readonly pairs: readonly (readonly [L, R])[];
  readonly left: readonly L[];
  readonly right: readonly R[];
} {
  const pairs: (readonly [L, R])[] = [];
  const free = new Set(right);
  const alone: L[] = [];
  for (const one of left) {
    const partner = [...free].find((other) => bare(other.name) === bare(one.name));
    if (partner) {
      pairs.push([one, partner]);
      free.delete(partner);
    } else alone.push(one);
  }
  const [last] = free;
  if (alone.length === 1 && free.size === 1 && last && fits(alone[0]!, last))
    return { pairs: [...pairs, [alone[0]!, last]], left: [], right: [] };
  return { pairs, left: alone, right: [...free] };
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}
