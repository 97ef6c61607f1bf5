import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ObservedSaid, observedOutcomes } from "../entry-schema.ts";
import { ageOf, newestObservation, type Observation } from "./observations.ts";

const dayMs = 86_400_000;
const instant = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * dayMs).toISOString();

const observations = fc.array(
  fc.record({ newest: fc.nat(20), later: fc.nat(20), outcome: fc.constantFrom(...observedOutcomes) }),
  { minLength: 1, maxLength: 8 },
);

function observationsOf(
  list: readonly { newest: number; later: number; outcome: ObservedSaid["verdicts"][0]["outcome"] }[],
) {
  return list.map(
    ({ newest, later, outcome }, index): Observation => ({
      ...{ contentDigest: "c", version: "1.0.0", person: "bot", role: "service" },
      ...{ entry: String(index).padStart(64, "0"), at: instant(newest + later) },
      said: {
        ...{ from: instant(0), newest: instant(newest), windows: 1, counters: "", baton: "1.0.0" },
        verdicts: [{ clause: "watch", outcome }],
      },
    }),
  );
}

describe("records of a watch", () => {
  it("speak the same in every order, and an older one changes nothing", () => {
    fc.assert(
      fc.property(observations, fc.integer(), (list, seed) => {
        const all = observationsOf(list);
        const newest = newestObservation({ observations: all }, "c")!;
        const shuffled = [...all].sort((a, b) => rank(a, seed) - rank(b, seed));
        expect(newestObservation({ observations: shuffled }, "c")).toBe(newest);
        expect(all.every(({ said }) => said.newest <= newest.said.newest)).toBe(true);
        const others = all.filter((one) => one.said.newest === newest.said.newest);
        expect(newestObservation({ observations: others }, "c")).toBe(newest);
      }),
    );
  });

  it("are stale for good once they are, and never before their window is over", () => {
    const [ms, more] = [fc.integer({ min: 60_000, max: 40 * dayMs }), fc.nat(100 * dayMs)];
    fc.assert(
      fc.property(ms, fc.nat(100 * dayMs), more, (windowMs, after, later) => {
        const [observation] = observationsOf([{ newest: 0, later: 0, outcome: "pass" }]);
        const at = (passed: number) =>
          ageOf(observation!, windowMs, new Date(Date.UTC(2026, 0, 1) + passed).toISOString());
        const [now, then] = [at(after), at(after + later)];
        expect(then.windows).toBeGreaterThanOrEqual(now.windows);
        if (now.stale) expect(then.stale).toBe(true);
        if (after < windowMs) expect(now).toEqual({ windows: 0, stale: false });
        if (now.windows < 3) expect(now.stale).toBe(false);
        if (now.windows >= 3 && windowMs >= dayMs) expect(now.stale).toBe(true);
      }),
    );
  });
});

function rank({ entry }: Observation, seed: number): number {
  return Math.imul(Number(entry) + 1, seed | 1) | 0;
}
