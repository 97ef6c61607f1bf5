import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ErrorRule } from "../../contract/index.ts";
import { type ErrorClassName, errorClasses } from "../classes/error-classes.ts";
import type { ErrorGroup } from "../classes/error-group.ts";
import { watched } from "../observe/test-observations.ts";
import type { WrongReport } from "../report/wrong-report.ts";
import { sliceLayout } from "../slices/slice-layout.ts";
import { classifyWrong, type WrongInput } from "./classify-wrong.ts";
import { countWrong } from "./count-wrong.ts";
import { anyRow, isWrong, labelledWindow, type MadeRow, madeSlices } from "./test-wrong-rows.ts";

const day = 86_400_000;
const isoOf = (window: number) => new Date(window * day).toISOString();
const layout = sliceLayout(madeSlices);

function groupOf(
  name: ErrorClassName,
  windows: readonly number[],
  rest: Partial<ErrorGroup> = {},
): ErrorGroup {
  const { severity, action, owner } = errorClasses[name];
  const clause = rest.clause ?? (name.startsWith("label.") ? "labels" : "features.wind");
  return {
    ...{ fingerprint: `${name} ${clause}`, class: name, clause, severity, action },
    ...{ owner: owner === "clause" ? "builds" : owner, rows: 1, rate: 1, message: "", samples: [] },
    ...{ first: isoOf(windows[0] ?? 0), last: isoOf((windows.at(-1) ?? 0) + 1), windows: windows.length },
    starts: windows.map(isoOf),
    clauses: [clause],
    ...rest,
  };
}

function classified(
  rows: readonly (readonly MadeRow[])[],
  errors: readonly ErrorGroup[],
  rest: Partial<WrongInput["contract"]> = {},
) {
  const counted = rows.map(
    (some, window) => [window * day, countWrong(labelledWindow(window * day, some), { layout })!] as const,
  );
  return classifyWrong({
    contract: { ...watched, ...rest },
    windows: rows.map((_, window) => ({ start: isoOf(window), end: isoOf(window + 1) })),
    errors,
    counted: { windows: new Map(counted), layout, expects: false },
  });
}

const reportOf = (...args: Parameters<typeof classified>) => classified(...args).report as WrongReport;
const countsOf = ({ classes }: WrongReport) =>
  Object.fromEntries(classes.map(({ class: name, rows, wrong }) => [name, { rows, wrong }]));

/** As it reads: row by row, the first that holds. */
function classOf(row: MadeRow, window: number, errors: readonly ErrorGroup[]): string {
  if (row.contradicted) return "label.conflict";
  const here = errors.filter(({ starts }) => starts.includes(isoOf(window)));
  const has = (name: string) => here.some((group) => group.class === name);
  if (has("upstream.unit-change")) return "upstream.unit-change";
  if (has("output.shift")) return "output.shift";
  if (has("quality.slice-regression") && row.cells[0] === 1) return "quality.slice-regression";
  const rest = ["drift.concept", "output.calibration", "drift.covariate"].find(has);
  return rest ?? "limitation.expected";
}

const someWindows = fc.uniqueArray(fc.nat(3), { maxLength: 4 }).map((list) => list.sort());
const anyErrors = fc
  .record({
    "upstream.unit-change": someWindows,
    "label.late": someWindows,
    "output.shift": someWindows,
    "quality.slice-regression": someWindows,
    "drift.concept": someWindows,
    "output.calibration": someWindows,
    "drift.covariate": someWindows,
  })
  .map((windows) =>
    Object.entries(windows).map(([name, list]) =>
      groupOf(
        name as ErrorClassName,
        list,
        name === "quality.slice-regression" ? { slice: 'origin = "JFK"' } : {},
      ),
    ),
  );

describe("wrong predictions by class", () => {
  it("have exactly one class each, the first that holds, so that they add up to all that are wrong", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(anyRow, { maxLength: 30 }), { minLength: 4, maxLength: 4 }),
        anyErrors,
        (rows, errors) => {
          const report = reportOf(rows, errors);
          const expected: Record<string, { rows: number; wrong: number }> = {};
          for (const [window, some] of rows.entries())
            for (const row of some) {
              const name = classOf(row, window, errors);
              const tally = expected[name] ?? { rows: 0, wrong: 0 };
              expected[name] = { rows: tally.rows + 1, wrong: tally.wrong + Number(isWrong(row)) };
            }
          expect(countsOf(report)).toEqual(expected);
          expect([report.rows, report.wrong]).toEqual([
            rows.flat().length,
            rows.flat().filter(isWrong).length,
          ]);
          for (const { class: name, samples } of report.classes)
            for (const sample of samples)
              expect(
                rows[Date.parse(sample.window) / day]!.some(
                  (row) =>
                    row.name === sample.name &&
                    row.score === sample.score &&
                    isWrong(row) &&
                    classOf(row, Date.parse(sample.window) / day, errors) === name,
                ),
              ).toBe(true);
        },
      ),
    );
  });

  const wrong: MadeRow = { name: "a", score: 0.9, label: 0, contradicted: false, cells: [1, 0] };

  it("are not laid to a feed that broke for the lesser part of the rows, nor to one that touches no feature", () => {
    const few = groupOf("upstream.schema-change", [0], { rate: 0.4 });
    const fields = groupOf("upstream.schema-change", [0], { clause: "requests" });
    expect(countsOf(reportOf([[wrong]], [few, fields]))).toEqual({
      "limitation.expected": { rows: 1, wrong: 1 },
    });
    expect(countsOf(reportOf([[wrong]], [{ ...few, rate: 0.6 }]))).toEqual({
      "upstream.schema-change": { rows: 1, wrong: 1 },
    });
  });

  it("name every feature that drifts at the time", () => {
    const errors = ["wind", "age"].map((name) =>
      groupOf("drift.covariate", [0], { clause: `features.${name}` }),
    );
    expect(reportOf([[wrong]], errors).classes).toMatchObject([
      { class: "drift.covariate", clauses: ["features.wind", "features.age"], windows: 1 },
    ]);
  });

  it("keep their place where the contract calls a group otherwise, and say so", () => {
    const renamed = groupOf("upstream.unit-change", [0], {
      class: "business.metric",
      taxonomy: "upstream.unit-change",
      rule: "errors.metric",
      owner: "business",
    });
    const { classes } = reportOf([[wrong]], [renamed, groupOf("drift.concept", [0])]);
    expect(classes).toMatchObject([{ class: "business.metric", rule: "errors.metric", owner: "business" }]);
  });

  it("may be made to block by the contract where no group of errors speaks of them", () => {
    const rule: ErrorRule = {
      ...{ id: "many", when: 'group.class == "limitation.expected" && group.rate > 0.5' },
      ...{ class: "business.too-many", severity: "blocking", owner: "business" },
    };
    const { report, groups } = classified([[wrong]], [], { errors: [rule] });
    expect((report as WrongReport).classes).toMatchObject([
      { class: "business.too-many", severity: "blocking", owner: "business", groups: [] },
    ]);
    expect(groups.map(({ class: name, rate }) => [name, rate])).toEqual([["business.too-many", 1]]);
  });

  it("are not told where nothing is decided, and why", () => {
    const told = (model: Partial<(typeof watched)["model"]>, threshold?: number) =>
      classifyWrong({
        contract: {
          model: { ...watched.model, ...model },
          outputs: [
            { name: "late", type: "float32", shape: [], tensor: "late", ...(threshold && { threshold }) },
          ],
        },
        windows: [],
        errors: [],
        counted: undefined,
      }).report;
    expect(told({ task: "regression" })).toEqual({ untold: expect.stringContaining("how large an error") });
    expect(told({})).toEqual({ untold: expect.stringContaining("no threshold") });
    expect(told({}, 0.5)).toEqual({ untold: expect.stringContaining("has matured") });
  });
});
