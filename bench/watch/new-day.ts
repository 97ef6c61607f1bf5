/**
 * A new day on top of 30, 200 and 1,000 days of 100 features and 1,000 labelled predictions each: what a watch with a state
 * takes, against judging the same days from nothing in the same run. Both give the same report.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { readObservations, readState, writeState } from "../../src/adapters/observations/index.ts";
import { readLabels } from "../../src/apps/cli/watch-labels.ts";
import { type Column, type Contract, parseContract, type Table } from "../../src/contract/index.ts";
import { sha256 } from "../../src/kernel/index.ts";
import {
  type ColumnCounters,
  type Counters,
  calibrationTally,
  makeProfile,
  type Profile,
  profileColumns,
  profileTable,
  tableSource,
  toNumber,
} from "../../src/profile/index.ts";
import {
  judgesDigest,
  judgeWindows,
  keptMeasures,
  keptResults,
  knownMeasures,
  knownResults,
  type ObservationPlan,
  observationPlan,
  performanceEstimator,
  planFields,
  segmentNames,
  type WatchState,
  watchReport,
} from "../../src/watch/index.ts";

const [numbers, words, rowsADay, day] = [50, 50, 1000, 86_400_000];
const atMostRatio = 0.7;
const firstDay = Date.UTC(2024, 0, 1);

const contractText = `baton: 1
level: sketch
model: { name: bench, version: 1.0.0, task: binary-classification }
owners: { builds: lab@example.org, runs: ops@example.org }
use: Measures what a new day costs.
features:
${Array.from({ length: numbers }, (_, at) => `  - { name: n${at}, type: float32, missing: allowed }`).join("\n")}
${Array.from({ length: words }, (_, at) => `  - { name: c${at}, type: string, missing: allowed, values: [${Array.from({ length: 20 }, (_, word) => `w${word}`).join(", ")}] }`).join("\n")}
output: { name: score, range: [0, 1], threshold: 0.5 }
data: { label: outcome, key: request_id }
slices: [c0]
labels: { key: request_id, arrive-after: 1d }
watch: { window: 1d, false-alarms: 1 per 90d }
retrain:
  - { id: worse, when: "mature.roc_auc < 0.6 && quality.ok", for: 3 of 4, cooldown: 7d }
`;

let seed = 42;
const random = () => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed / 0x7fffffff;
};

async function profileOf(contract: Contract): Promise<Profile> {
  const rows = 20_000;
  const number = (): Column => ({
    type: "float32",
    shape: [],
    values: Float32Array.from({ length: rows }, random),
  });
  const word = (): Column => ({
    type: "string",
    shape: [],
    values: Array.from({ length: rows }, () => `w${Math.floor(random() ** 2 * 20)}`),
  });
  const features = new Map(
    contract.features.map(({ name, type }) => [name, type === "string" ? word() : number()]),
  );
  const score = number();
  const columns = profileColumns(contract);
  const profiled = async (table: Table, wanted: typeof columns.features) =>
    profileTable(await tableSource([table], wanted), wanted);
  const [inputs, outputs] = [
    await profiled({ rows, columns: features }, columns.features),
    await profiled({ rows, columns: new Map([["score", score]]) }, columns.outputs),
  ];
  const tally = calibrationTally(outputs.cells.columns[0])!;
  const values = score.values as Float32Array;
  const labels = Uint8Array.from(values, (value) => Number(random() < value));
  tally.add(score, { type: "boolean", shape: [], values: labels }, new Uint8Array(rows).fill(1));
  const all = [...inputs.cells.columns, ...outputs.cells.columns];
  const even = all.map(() => [0, 1] as const);
  const ones = all.map(() => 1);
  return makeProfile({
    features: inputs,
    outputs,
    calibration: tally.calibration()!,
    thresholds: {
      format_version: 1,
      budget: { alarms: 1, windows: 90 },
      decay: 0.2,
      reference_rows: rows,
      block_rows: 1000,
      seed: "00",
      effect_floor: 0.02,
      rate_threshold: 6,
      absent_dispersion: 1,
      columns: all.map(({ name }) => name),
      sizes: [100, 10 * rowsADay].map((size) => ({
        rows: size,
        threshold: 8,
        location: even,
        shape: even,
        dispersion: ones,
      })),
    },
    reads: {},
  });
}

/** A day like the reference, uneven from cell to cell; some columns drift away after a while. */
function countersOf(reference: Counters, of: number): Counters {
  const columns = reference.columns.map((column, at): ColumnCounters => {
    const tilt = at % 25 === 3 && of % 200 > 150 ? 1 : 0;
    const weights = column.counts.map(
      (count, cell) => toNumber(count) * (0.9 + 0.2 * random() + (tilt * cell) / column.counts.length),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const counts = weights.map((weight) => Math.floor((weight / total) * rowsADay));
    const largest = counts.indexOf(Math.max(...counts));
    counts[largest]! += rowsADay - counts.reduce((sum, count) => sum + count, 0);
    if (!column.sums) return { counts };
    const sums = counts.map((count, cell) => {
      const [sum, seen] = [toNumber(column.sums![cell]!), toNumber(column.counts[cell]!)];
      return seen === 0 ? 0 : Math.round((sum / seen) * count);
    });
    return { counts, sums };
  });
  return { ...reference, rows: rowsADay, columns };
}

/** Counters of a day. */
function writeCounters({ folder, plan, profile: { features, outputs } }: Model, of: number): void {
  const start = firstDay + of * day;
  const segment = { replica: "r", boot: "b", sequence: of };
  const window = {
    start,
    rows: rowsADay,
    answered: rowsADay,
    untimed: 0,
    calls: 0,
    latency: {},
    rejected: {},
    outside: {},
    newest_event: start + day - 1,
    newest_arrival: start + day + 5,
    features: countersOf(features.counters, of),
    outputs: countersOf(outputs!.counters, of),
  };
  const file = {
    format_version: 1,
    kind: "baton-observation",
    ...planFields(plan),
    ...segment,
    last: false,
    opened_at: new Date(start).toISOString(),
    rolled_at: new Date(start + day).toISOString(),
    may_lose: { seconds: 120, rows: 2 * rowsADay },
    dropped: 0,
    log: { file: segmentNames(segment).log, rows: rowsADay },
    windows: [window],
  };
  writeFileSync(join(folder, segmentNames(segment).counters), JSON.stringify(file));
}

interface Model {
  readonly contract: Contract;
  readonly profile: Profile;
  readonly plan: ObservationPlan;
  readonly folder: string;
  readonly labels: string;
  readonly stateFile: string;
  /** Runs one statement of SQL. */
  readonly sql: (text: string) => Promise<unknown>;
}

/** Counters and log of one more day, and its labels. */
async function writeDay(model: Model, of: number): Promise<void> {
  const { folder, sql } = model;
  writeCounters(model, of);
  const rows = `range(${of * rowsADay}, ${(of + 1) * rowsADay}) AS r(i)`;
  await sql(`COPY (SELECT 'request-' || i AS id, 'request-' || i AS "key",
    ${firstDay + of * day} + (i % 86400) * 1000 AS event_time_ms, ${firstDay + of * day} + (i % 86400) * 1000 + 5 AS arrived_ms,
    true AS answered, NULL::VARCHAR AS rejected_by,
    ((hash(i) % 100000) / 100000)::FLOAT AS "output.score", (hash(i) % 100000) >= 50000 AS decision, 'w' || (i % 20) AS "slice.c0"
    FROM ${rows}) TO '${join(folder, segmentNames({ replica: "r", boot: "b", sequence: of }).log)}' (FORMAT parquet)`);
  await sql(
    `INSERT INTO labels SELECT 'request-' || i, ((hash(i + 1) % 100000) < (hash(i) % 100000))::INTEGER FROM ${rows}`,
  );
}

function writeLabels({ labels, sql }: Model): Promise<unknown> {
  return sql(`COPY labels TO '${labels}' (FORMAT parquet)`);
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Digest of its JSON. */
  readonly report: string;
}

/** One watch, as `baton watch` does it, without what it writes for people. */
async function watch(model: Model, days: number, withState: boolean): Promise<Run> {
  const { contract, profile, plan, folder, labels: path, stateFile } = model;
  const [began, before] = [performance.now(), process.cpuUsage()];
  const atMs = firstDay + (days + 3) * day;
  const estimator = performanceEstimator(contract, profile);
  const judges = { contract, profile, windowMs: plan.windowMs, estimator, program: "bench" };
  const known = withState ? ((await readState(stateFile, plan)) as WatchState | undefined) : undefined;
  const read = await readObservations([folder], plan, { known, now: () => Date.now() + 60_000 });
  if (read.anew) throw new Error(read.anew);
  const { merged, state } = read;
  const labels = await readLabels(
    { contract, profile, plan, files: merged.files, path },
    {
      atMs,
      keepArrivals: false,
      known: withState ? (slices) => knownMeasures(known?.kept, judges, slices) : undefined,
    },
  );
  const results = known && knownResults(known, judges);
  const judged = judgeWindows(judges, merged.windows, { atMs, known: results });
  const { measured } = labels;
  const report = watchReport({
    ...{ contract, profile, plan, merged, atMs, estimator, judged },
    labels: measured,
  });
  if (withState) {
    const measures = keptMeasures(measured.taken!, labels.known);
    const kept = { ...keptResults(judged, judgesDigest(judges), results), measures };
    await writeState(stateFile, { ...state, kept }, plan);
  }
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { seconds, cpuSeconds: (user + system) / 1e6, report: sha256(JSON.stringify(report)) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Measures; true where a new day on the most days costs no more than such a share of all of them. */
export async function benchNewDay(sizes: readonly number[] = [30, 200, 1000], rounds = 3): Promise<boolean> {
  const { contract } = parseContract({ text: contractText, file: "baton.yaml" });
  const profile = await profileOf(contract!);
  const plan = observationPlan(contract!, profile, "0".repeat(64));
  const root = mkdtempSync(join(tmpdir(), "baton-bench-day-"));
  const folder = join(root, "observed");
  mkdirSync(folder);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const model: Model = {
    ...{ contract: contract!, profile, plan, folder },
    labels: join(root, "labels.parquet"),
    stateFile: join(root, "watch.state"),
    sql: (text) => connection.run(text),
  };
  let isWithin = true;
  try {
    await model.sql("CREATE TABLE labels (request_id VARCHAR, outcome INTEGER)");
    let days = 0;
    for (const size of sizes) {
      while (days < size) await writeDay(model, days++);
      await writeLabels(model);
      await watch(model, days, true);
      const [second, nothing]: [Run[], Run[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        await writeDay(model, days++);
        await writeLabels(model);
        second.push(await watch(model, days, true));
        nothing.push(await watch(model, days, false));
        if (second.at(-1)!.report !== nothing.at(-1)!.report) throw new Error("The reports differ.");
      }
      const of = (runs: readonly Run[], name: "seconds" | "cpuSeconds") =>
        median(runs.map((run) => run[name]));
      const ratio = of(second, "cpuSeconds") / of(nothing, "cpuSeconds");
      const mib = statSync(model.stateFile).size / 2 ** 20;
      console.log(
        `a new day on ${size} days of ${numbers + words} features, median of ${rounds}: ${of(second, "seconds").toFixed(2)} s, ${of(second, "cpuSeconds").toFixed(2)} s of processor   from nothing ${of(nothing, "seconds").toFixed(2)} s, ${of(nothing, "cpuSeconds").toFixed(2)} s   ratio ${ratio.toFixed(2)} (at most ${atMostRatio})   state ${mib.toFixed(1)} MiB`,
      );
      isWithin = ratio <= atMostRatio;
    }
    return isWithin;
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(root, { recursive: true, force: true });
  }
}
