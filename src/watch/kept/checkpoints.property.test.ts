import fc from "fast-check";
import { expect, it } from "vitest";
import { checkpointsAt } from "./checkpoints.ts";

it("checkpoints are few, the newest are all there, and each was kept with one window less", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (windows) => {
      const kept = checkpointsAt(windows);
      const before = new Set([...checkpointsAt(windows - 1), windows]);
      expect(kept.every((at) => before.has(at))).toBe(true);
      expect(kept.slice(-Math.min(4, windows))).toEqual(
        [windows - 3, windows - 2, windows - 1, windows].filter((at) => at > 0),
      );
      expect(kept.length).toBeLessThanOrEqual(4 * (1 + Math.log(windows) / Math.log(4)));
    }),
  );
});

it("a change in an old window lets at most five times as many be judged again as came after it", () => {
  for (const windows of [50, 365, 1000])
    for (let changed = 1; changed <= windows; changed++) {
      const from = checkpointsAt(windows).findLast((at) => at < changed) ?? 0;
      expect(windows - from).toBeLessThanOrEqual(5 * (windows - changed + 1));
    }
});
