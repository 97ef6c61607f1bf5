/**
 * Acceptance of the drift thresholds: false alarms of streams without drift against their budget, and windows until drift
 * is told, against the table of delays that the detectors were chosen by. Prints, and writes
 * docs/verification/calibration.md. By name only (minutes): npx tsx scripts/calibration.ts [STREAMS] [SEED]
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { type DriftCase, driftCases, weekCases, weekendShift } from "./calibration/drift-cases.ts";
import { type Stream, stationaryStream } from "./calibration/streams.ts";

const streams = Number(process.argv[2] ?? 200);
const seed = process.argv[3] ?? "b";
const windows = 2000;
const rows = 200;
const budget = { alarms: 1, windows: 500 };
const settled = 30;
const delayRuns = 5;

interface Delay {
  readonly mean: number;
  readonly error: number;
}

interface FalseAlarms {
  readonly windows: number;
  readonly alarms: number;
  readonly ratio: number;
  /** Standard error of the ratio, streams taken as independent. */
  readonly error: number;
  readonly thresholds: readonly number[];
  readonly seconds: number;
}

const began = performance.now();
const single = { columns: 1, dependence: 0, referenceRows: 20_000, rows, blockRows: 20, budget };
const independent = await falseAlarms(single, streams);
report("1 column, independent rows", independent);
const many = { columns: 8, dependence: 0.8, referenceRows: 20_000, rows, blockRows: 200, budget };
const dependent = await falseAlarms(many, Math.max(1, Math.round(streams / 10)));
report("8 columns, AR(1) 0.8", dependent);
const delays = await Promise.all(driftCases.map((drift) => delayOf(drift)));
const weekly = { ...single, blockRows: 14 * rows, weekend: weekendShift };
const weeks: { readonly name: string; readonly alarms: FalseAlarms; readonly waits: readonly Delay[] }[] = [];
for (const strata of [false, true]) {
  const plan = { ...weekly, strata };
  const few = Math.max(1, Math.round(streams / 5));
  const name = strata ? "weekends, days against the same day of the week" : "weekends, days against all days";
  const alarms = await falseAlarms(plan, few, name);
  report(name, alarms);
  const waits: Delay[] = [];
  for (const drift of weekCases) {
    const wait = await delayOf(drift, { plan, name, few });
    console.log(`${drift.name.padEnd(40)} ${wait.mean.toFixed(1)} ± ${wait.error.toFixed(1)}`);
    waits.push(wait);
  }
  weeks.push({ name, alarms, waits });
}
for (const { drift, mean, error } of delays)
  console.log(
    `${drift.name.padEnd(40)} ${mean.toFixed(1)} ± ${error.toFixed(1)}   at most ${limitOf(drift)}`,
  );
const minutes = (performance.now() - began) / 60_000;
console.log(`${minutes.toFixed(1)} minutes`);
mkdirSync("docs/verification", { recursive: true });
writeFileSync("docs/verification/calibration.md", page());
const kept = inBudget(independent) && delays.every(({ drift, mean }) => mean <= limitOf(drift));
process.exitCode = kept ? 0 : 1;

async function falseAlarms(
  plan: Parameters<typeof stationaryStream>[0],
  count: number,
  name = `${plan.columns} columns`,
): Promise<FalseAlarms> {
  const from = performance.now();
  const alarms: number[] = [];
  const thresholds: number[] = [];
  for (let at = 0; at < count; at++) {
    const stream = await stationaryStream(plan, `${seed}, ${name}, stream ${at}`);
    thresholds.push(stream.threshold);
    let own = 0;
    for (let window = 0; window < windows; window++) if (stream.next() === "begins") own++;
    alarms.push(own);
  }
  const [total, all] = [alarms.reduce((sum, own) => sum + own, 0), count * windows];
  const expected = (all * budget.alarms) / budget.windows;
  const mean = total / count;
  const variance = alarms.reduce((sum, own) => sum + (own - mean) ** 2, 0) / Math.max(1, count - 1);
  return {
    windows: all,
    alarms: total,
    ratio: total / expected,
    error: Math.sqrt(variance * count) / expected,
    thresholds: thresholds.sort((a, b) => a - b),
    seconds: (performance.now() - from) / 1000,
  };
}

/** Windows from the first with drift to the first in alarm, over streams that were not in alarm before. */
async function delayOf<Case extends Omit<DriftCase, "table">>(
  drift: Case,
  { plan = single, name = "1 columns", few = streams } = {},
) {
  const waits: number[] = [];
  for (let at = 0; at < few; at++)
    for (let run = 0; run < delayRuns; run++) {
      const stream = await stationaryStream(plan, `${seed}, ${name}, stream ${at}`, `${drift.name} ${run}`);
      const wait = waitFor(stream, drift);
      if (wait !== undefined) waits.push(wait);
    }
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  const variance = waits.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / (waits.length - 1);
  return { drift, mean, error: Math.sqrt(variance / waits.length), runs: waits.length };
}

function waitFor(stream: Stream, drift: Pick<DriftCase, "draw">): number | undefined {
  let phase = stream.next();
  for (let window = 1; window < settled; window++) phase = stream.next();
  if (phase !== "none") return undefined;
  for (let wait = 1; wait <= windows; wait++) if (stream.next(drift.draw) === "begins") return wait;
  return windows;
}

function limitOf({ table }: DriftCase): number {
  return Math.round(table * 125) / 100;
}

function inBudget({ ratio }: FalseAlarms): boolean {
  return ratio >= 0.5 && ratio <= 1.25;
}

function report(name: string, { alarms, windows: all, ratio, error, seconds }: FalseAlarms): void {
  console.log(
    `${name}: ${alarms} alarms in ${all.toLocaleString("en")} windows, ${ratio.toFixed(2)} ± ${error.toFixed(2)} of the budget (${seconds.toFixed(0)} s)`,
  );
}

function page(): string {
  const rate = (name: string, result: FalseAlarms) =>
    `| ${name} | ${result.windows.toLocaleString("en")} | ${result.alarms} | ${result.ratio.toFixed(2)} ± ${result.error.toFixed(2)} | 0.5 to 1.25 | ${inBudget(result) ? "kept" : "not kept"} |`;
  const delay = ({ drift, mean, error, runs }: (typeof delays)[number]) =>
    `| ${drift.name} | ${runs} | ${mean.toFixed(1)} ± ${error.toFixed(1)} | ${drift.table} | ${limitOf(drift)} | ${mean <= limitOf(drift) ? "kept" : "not kept"} |`;
  return `# Verification: drift thresholds

Written by \`npx tsx scripts/calibration.ts ${streams} ${seed}\`; run it again to check. Reference ${single.referenceRows.toLocaleString("en")} Gaussian rows,
profiled to 20 quantile cells; windows of ${rows} rows; budget 1 alarm in ${budget.windows} windows. Every stream has a reference and a
calibrated table of its own. An alarm is a window in which one begins; it ends after as many quiet windows as the
decayed counters remember (9), so one excursion is told once.

## False alarms without drift

| stream | windows | alarms | share of the budget | required | |
|---|---|---|---|---|---|
${rate("1 column, independent rows", independent)}
${rate("8 columns, each AR(1) with φ = 0.8", dependent)}

± is one standard error over streams. ${streams === 200 ? "" : `Scaled down: ${streams} streams where 200 are required. `}The second line is beyond what is required: dependent rows, and the
maximum over 16 detectors.

## Windows until drift is told

All detectors of the model run together and share the budget. The required figure is the better of the two decayed
detectors in the table (each of which had the whole budget to itself), plus 25 %.

| drift | runs | mean windows | table | at most | |
|---|---|---|---|---|---|
${delays.map(delay).join("\n")}

Drift begins after ${settled} windows without it; the first window with drift counts as 1. The table does not say what its
outliers are. Of the laws tried, a twentieth of the rows moved by 1.65σ comes nearest to both of its figures for them,
and a twentieth drawn five times as wide comes nearest to its chi² figure alone; both are shown. ± takes runs as
independent; ${delayRuns} runs share each reference, so it is somewhat too small.

## Strata

A stream with weekends: one column, values ${weekendShift}σ higher on Saturdays and Sundays, windows are days, the reference holds ${single.referenceRows / rows} of
them, blocks are two weeks long. The same without strata and with \`strata: day-of-week\`; ${Math.max(1, Math.round(streams / 5))} streams each.

| | ${weeks.map(({ name }) => name).join(" | ")} |
|---|---|---|
| false alarms, share of the budget | ${weeks.map(({ alarms: { ratio, error } }) => `${ratio.toFixed(2)} ± ${error.toFixed(2)}`).join(" | ")} |
${weekCases.map(({ name }, at) => `| ${name}: mean windows until told | ${weeks.map(({ waits }) => `${waits[at]!.mean.toFixed(1)} ± ${waits[at]!.error.toFixed(1)}`).join(" | ")} |`).join("\n")}

The split of the budget between detectors (3 : 1) and the division of unseen rows by dispersion were chosen on other
streams, after they had fallen short there (9.4 windows for 0.1σ; 2.4 times the budget for dependent columns).
No figure here was used to choose anything.
`;
}
