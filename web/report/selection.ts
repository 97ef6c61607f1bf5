/** The picked cell: places of a column and of a window. */
export interface Picked {
  readonly column: number;
  readonly window: number;
}

/** One picked cell that several parts of the page follow. */
export interface Selection {
  readonly now: () => Picked;
  readonly pick: (next: Picked) => void;
  readonly follow: (changed: (picked: Picked) => void) => void;
}

/** A selection that begins somewhere. */
export function createSelection(first: Picked): Selection {
  let picked = first;
  const followers: ((picked: Picked) => void)[] = [];
  return {
    now: () => picked,
    pick(next) {
      if (next.column === picked.column && next.window === picked.window) return;
      picked = next;
      for (const changed of followers) changed(picked);
    },
    follow(changed) {
      followers.push(changed);
      changed(picked);
    },
  };
}
