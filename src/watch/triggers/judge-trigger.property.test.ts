import fc from "fast-check";
import { expect, test } from "vitest";
import { type CompiledExpression, compileExpression } from "../../contract/index.ts";
import { judgeTrigger, type TriggerFacts } from "./judge-trigger.ts";

const windowMs = 86_400_000;
const condition = compileExpression("hot", {
  variables: { hot: "bool" },
  returns: "bool",
}) as CompiledExpression;

type Truth = boolean | "unknown";

interface Case {
  readonly truths: readonly Truth[];
  readonly needed: number;
  readonly of: number;
}

const cases = fc
  .record({
    truths: fc.array(fc.constantFrom<Truth>(true, false, "unknown"), { maxLength: 40 }),
    of: fc.integer({ min: 1, max: 6 }),
    part: fc.integer({ min: 1, max: 6 }),
  })
  .map(({ truths, of, part }): Case => ({ truths, of, needed: Math.min(part, of) }));

function facts(truth: Truth, at: number, more: Partial<TriggerFacts> = {}): TriggerFacts {
  return {
    start: at * windowMs,
    values: truth === "unknown" ? {} : { hot: truth },
    qualityBy: () => ({ ok: true, why: "" }),
    mature: true,
    labelledBy: () => 100,
    ...more,
  };
}

function play(
  { truths, needed, of }: Case,
  more: (at: number) => Partial<TriggerFacts> = () => ({}),
  terms: { readonly cooldown?: string; readonly minLabels?: number } = {},
) {
  const trigger = { id: "t", when: "hot", for: `${needed} of ${of}`, cooldown: "0d", minLabels: 0, ...terms };
  const windows = truths.map((truth, at) => facts(truth, at, more(at)));
  return judgeTrigger(trigger, condition, { windows, windowMs, delayMs: 0 });
}

const firedAt = (played: ReturnType<typeof play>) =>
  played.firings.filter(({ heldBack }) => !heldBack).map(({ window }) => Date.parse(window) / windowMs);

test("what is unknown never fires: each firing stands on m known windows of the last k", () => {
  fc.assert(
    fc.property(cases, (one) => {
      for (const at of firedAt(play(one))) {
        const span = one.truths.slice(Math.max(0, at + 1 - one.of), at + 1);
        expect(span.filter((truth) => truth === true).length).toBeGreaterThanOrEqual(one.needed);
      }
      expect(firedAt(play({ ...one, truths: one.truths.map(() => "unknown") }))).toEqual([]);
    }),
  );
});

test("knowing less never makes it fire earlier, and more windows that hold never later", () => {
  fc.assert(
    fc.property(cases, fc.nat(), (one, pick) => {
      if (one.truths.length === 0) return;
      const first = (truths: readonly Truth[]) =>
        firedAt(play({ ...one, truths }))[0] ?? Number.POSITIVE_INFINITY;
      const at = pick % one.truths.length;
      expect(first(one.truths.with(at, "unknown"))).toBeGreaterThanOrEqual(first(one.truths.with(at, true)));
      expect(first(one.truths.with(at, true))).toBeLessThanOrEqual(first(one.truths));
    }),
  );
});

test("nothing looks ahead: what a longer history says of its beginning is what the beginning said", () => {
  fc.assert(
    fc.property(cases, fc.nat(40), (one, cut) => {
      const whole = play(one).firings.filter(({ window }) => Date.parse(window) / windowMs < cut);
      expect(play({ ...one, truths: one.truths.slice(0, cut) }).firings).toEqual(whole);
    }),
  );
});

test("it fires once until it was left, and is not left by what is unknown", () => {
  fc.assert(
    fc.property(cases, (one) => {
      const fired = firedAt(play(one));
      for (const [index, at] of fired.entries()) {
        const before = fired[index - 1];
        if (before === undefined) continue;
        const leaveBelow = Math.max(1, Math.floor(0.7 * one.needed));
        const left = one.truths.some((_, end) => {
          if (end <= before || end > at || end + 1 < one.of) return false;
          const span = one.truths.slice(end + 1 - one.of, end + 1);
          return span.filter((truth) => truth !== false).length < leaveBelow;
        });
        expect(left).toBe(true);
      }
    }),
  );
});

test("no two firings come within the cooldown, and none while the feed is broken or labels are too few", () => {
  const terms = { cooldown: "3d", minLabels: 150 };
  fc.assert(
    fc.property(cases, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (one, sound) => {
      const more = (at: number): Partial<TriggerFacts> => ({
        qualityBy: () => (sound[at] ? { ok: true, why: "" } : { ok: false, why: "it is broken" }),
      });
      const fired = firedAt(play(one, more, terms));
      for (const [index, at] of fired.entries()) {
        expect(sound[at]).toBe(true);
        expect(Math.min(at + 1, one.of) * 100).toBeGreaterThanOrEqual(150);
        if (index > 0) expect(at - fired[index - 1]!).toBeGreaterThanOrEqual(3);
      }
    }),
  );
});
