/** The time axis: indices of windows, and -1 where windows are missing between two. */
export function slotsOf(starts: readonly number[], windowMs: number): number[] {
  return starts.flatMap((start, index) =>
    index > 0 && start - starts[index - 1]! > windowMs ? [-1, index] : [index],
  );
}

/** Where an instant stands on the axis, in slots from its left end; undefined before and after it. */
export function slotOf(
  instant: number,
  {
    starts,
    windowMs,
    slots,
  }: { readonly starts: readonly number[]; readonly windowMs: number; readonly slots: readonly number[] },
): number | undefined {
  if (slots.length === 0 || instant < starts[0]! || instant > starts.at(-1)! + windowMs) return undefined;
  const index = starts.findLastIndex((start) => start <= instant);
  const within = (instant - starts[index]!) / windowMs;
  return slots.indexOf(index) + Math.min(within, index === starts.length - 1 ? 1 : 1.5);
}
