/** A place between windows at which a column may have changed at once. */
export interface Step {
  /** First window after it. */
  readonly at: number;
  /** Windows before it that are well, newest last; `reference` where there are none. */
  readonly before: readonly number[] | "reference";
  /** Every window before it that is well, oldest first; listed when it is asked for. */
  readonly well: readonly number[];
  /** Windows from `at` on. */
  readonly after: readonly number[];
  /** How many windows each side looks at, at most. */
  readonly scale: Scale;
}

/** Windows before and after a step. Short ones see a step soon; long ones see through weather and weekdays. */
export interface Scale {
  readonly before: number;
  readonly after: number;
}

/** A week before and half a week after; a month before and half a month after, where windows are days. */
export const scales: readonly Scale[] = [
  { before: 7, after: 3 },
  { before: 28, after: 14 },
];

/**
 * The step before a window, seen from the windows that are well, oldest first: later ones may be added to them. Undefined where
 * a scale has not enough of them.
 */
export function stepAt(
  at: number,
  healthy: readonly number[],
  length: number,
  scale: Scale,
): Step | undefined {
  let count = healthy.length;
  while (count > 0 && healthy[count - 1]! >= at) count--;
  const earlier = healthy.slice(Math.max(0, count - scale.before), count);
  const [shortest] = scales;
  if (scale !== shortest && (earlier.length < scale.before || at + scale.after > length)) return undefined;
  const after = Array.from({ length: Math.min(scale.after, length - at) }, (_, index) => at + index);
  return {
    at,
    before: earlier.length === 0 ? "reference" : earlier,
    // Most steps are looked at without it, and it grows with time.
    get well() {
      return healthy.slice(0, count);
    },
    after,
    scale,
  };
}
