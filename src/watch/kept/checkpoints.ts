/** Spacing grows by this with every level: about so many checkpoints are kept on each. */
const growth = 4;

/**
 * After which of some windows the state of the judges is kept: after each of the newest, and the rarer the older, so that a
 * late file for an old window lets only about as many be judged again as came after it. What is kept after more windows
 * was kept before.
 */
export function checkpointsAt(windows: number): number[] {
  return Array.from({ length: windows }, (_, index) => index + 1).filter((at) => isKept(at, windows));
}

function isKept(at: number, windows: number): boolean {
  let spacing = 1;
  while (windows - at >= growth * spacing) spacing *= growth;
  return at % spacing === 0;
}
