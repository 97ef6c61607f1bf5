import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SeriesShape, syntheticSeries } from "../test-series.ts";
import { conversionsFrom } from "../unit-conversions.ts";
import { unitChanges } from "./unit-change.ts";

const shapes: readonly SeriesShape[] = ["normal", "skewed", "two-peaks", "rounded"];
const onset = 20;

/** What a feature in a unit may look like: its middle and how far it spreads. */
const typical: Readonly<Record<string, readonly [middle: number, spread: number]>> = {
  degC: [12, 7],
  degF: [55, 15],
  K: [285, 8],
};
const usual = [50, 15] as const;

describe("a change of unit", () => {
  const units = [
    "degC",
    "degF",
    "ft",
    "mile",
    "inch",
    "m/s",
    "mph",
    "lb",
    "kg",
    "s",
    "min",
    "hPa",
    "inHg",
    "share",
  ];
  const cases = units.flatMap((unit) => conversionsFrom(unit).map((conversion) => ({ unit, conversion })));

  it.each(cases)(
    "of $unit to $conversion.to is named, in the window it begins with",
    async ({ unit, conversion }) => {
      for (const shape of shapes) {
        const [middle, spread] = typical[unit] ?? usual;
        const series = await syntheticSeries({
          ...{ unit, shape, middle, spread, windows: 40, seed: `${unit} ${conversion.to}`, sampleEvery: 5 },
          change: (value, window) =>
            window >= onset ? value * conversion.factor + conversion.offset : value,
        });
        const [found, ...others] = unitChanges(series);
        expect([shape, others]).toEqual([shape, []]);
        const { fault, windows } = found!;
        const named = [fault.conversion, ...fault.rivals].map(({ to }) => to);
        expect(named).toContain(conversion.to);
        expect(fault.conversion.factor).toBeCloseTo(conversion.factor, 6);
        expect([windows[0], windows.at(-1)]).toEqual([onset, 39]);
      }
    },
  );

  it("is named where an instrument ends at one value that most readings have, though converting rounds it", async () => {
    const series = await syntheticSeries({
      ...{
        unit: "mile",
        shape: "normal",
        middle: 12,
        spread: 2,
        windows: 40,
        seed: "visibility",
        sampleEvery: 5,
      },
      change: (value, window) => {
        const miles = Math.max(0, Math.min(10, value));
        return window >= onset ? Math.fround(miles * 1.609344) : miles;
      },
    });
    expect(unitChanges(series).map(({ fault, windows }) => [fault.conversion.to, windows[0]])).toEqual([
      ["km", onset],
    ]);
  });

  it("ends where the old unit is back, and that is no second change", async () => {
    const series = await syntheticSeries({
      ...{ unit: "degF", shape: "normal", middle: 55, spread: 15, windows: 40, seed: "back" },
      change: (value, window) => (window >= 15 && window < 25 ? (value - 32) / 1.8 : value),
    });
    expect(unitChanges(series).map(({ windows }) => [windows[0], windows.length])).toEqual([[15, 10]]);
  });

  it("is not told of shifts, wider spreads and seasons, whatever the unit", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(undefined, "degC", "degF", "mph", "mile", "kg", "hPa"),
        fc.constantFrom(...shapes),
        fc.constantFrom(-1, -0.5, -0.25, -0.1, 0, 0.1, 0.25, 0.5, 1),
        fc.constantFrom(1, 0.8, 1.2),
        fc.constantFrom(0, 1, 3),
        fc.nat(),
        async (unit, shape, shift, scale, season, seed) => {
          const [middle, spread] = typical[unit ?? ""] ?? usual;
          const series = await syntheticSeries({
            ...{ unit, shape, middle, spread, windows: 60, seed: String(seed) },
            change: (value, window) =>
              (window >= onset ? middle + (value - middle) * scale + shift * spread : value) +
              season * spread * Math.sin(window / 20),
          });
          expect(unitChanges(series).map(({ fault }) => fault.conversion)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
