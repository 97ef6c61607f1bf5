import { allocate, type Column, type Contract, type Table, type Violation } from "../../contract/index.ts";
import { seededIntegers } from "../../evidence/index.ts";
import type { Prediction } from "../../inference/index.ts";
import { sha256 } from "../../kernel/index.ts";
import { makeProfile, type Profile, profileColumns, profileTable, tableSource } from "../../profile/index.ts";
import { calibrate } from "../calibrate/calibrate.ts";
import { referenceRows } from "../calibrate/reference-rows.ts";
import { fileOrder } from "../calibrate/time-order.ts";
import { type ObservationPlan, observationPlan } from "./observation-plan.ts";
import type { ObservedCall } from "./segment.ts";

/*
 * A watched model for tests: wind (numbers, expected 0 to 30), origin (three categories, a slice), age (sensitive).
 */

/** One row of a call; undefined is missing. */
export interface WatchedRow {
  readonly wind?: number | undefined;
  readonly origin?: string | undefined;
  readonly age?: number | undefined;
  readonly score: number;
  /** Clause that rejects it. */
  readonly rejected?: string | undefined;
  readonly key?: string;
  readonly time?: unknown;
}

/** The contract of the watched model. */
export const watched: Contract = {
  level: "handed-over",
  model: { name: "watched", version: "1.0.0", task: "binary-classification" },
  owners: { builds: "makers@example.org", runs: "runners@example.org" },
  use: "Tests.",
  features: [
    { ...scalar("wind"), type: "float32", expected: [0, 30] },
    { ...scalar("origin"), type: "string", values: ["EWR", "JFK", "LGA"] },
    { ...scalar("age"), type: "int32", sensitive: true },
  ],
  outputs: [{ name: "late", type: "float32", shape: [], tensor: "late", threshold: 0.5 }],
  data: { references: [] },
  rules: [],
  limitations: [],
  gates: [],
  behaviours: [],
  slices: ["origin", "age"],
  budget: { latencyMs: { p50: 10, p99: 50 }, cpus: 1, memoryMiB: 512 },
  labels: { key: "flight", arriveAfter: "1d" },
  watch: { time: "departure", window: "1d", falseAlarms: "1 per 90d", keepRows: 0 },
  retrain: [],
};

function scalar(name: string) {
  return { name, shape: [], unknown: "warn", missing: "allowed", sensitive: false } as const;
}

/** The plan of the watched model. */
export async function watchedPlan(contract: Contract = watched): Promise<ObservationPlan> {
  return observationPlan(contract, await watchedProfile(contract), "0".repeat(64));
}

/** The profile of the watched model, on a reference of 200 rows. */
export async function watchedProfile(contract: Contract = watched): Promise<Profile> {
  const rows = Array.from({ length: 200 }, (_, index) => ({
    wind: (index * 7) % 40,
    origin: ["EWR", "JFK", "LGA"][index % 3],
    age: 20 + (index % 50),
    score: (index % 100) / 100,
  }));
  const columns = profileColumns(contract);
  const profiled = async (table: Table, wanted: typeof columns.features) =>
    profileTable(await tableSource([table], wanted), wanted, { quantiles: 4 });
  return makeProfile({
    features: await profiled(featureTable(rows), columns.features),
    outputs: await profiled(predictionOf(rows).outputs, columns.outputs),
    reads: {},
  });
}

/** Rows as a reference: profiles of features and outputs, and the cells that each row lies in, by column. */
export async function profiledRows(rows: readonly WatchedRow[]) {
  const wanted = profileColumns(watched);
  const [features, outputs] = await Promise.all(
    observedTables(rows).map(async (table, at) => {
      const columns = at === 0 ? wanted.features : wanted.outputs;
      return profileTable(await tableSource([table], columns), columns, { quantiles: 10 });
    }),
  );
  const collected = referenceRows(features!.cells, fileOrder(rows.length, rows.length));
  collected.add(...observedTables(rows));
  return { features: features!, outputs: outputs!, columns: collected.cells(outputs!.cells) };
}

/** The same with thresholds, on a reference of 4,000 independent rows. */
export async function calibratedProfile(): Promise<Profile> {
  const { features, outputs, columns } = await profiledRows(randomRows("reference", 4000));
  const thresholds = calibrate({
    cells: [...features.cells.columns, ...outputs.cells.columns],
    rows: columns,
    blockRows: 400,
    budget: { alarms: 1, windows: 500 },
    seed: sha256("watched"),
    windows: { sizes: [400] },
    streams: 100,
  });
  return makeProfile({ features, outputs, thresholds, reads: {} });
}

/** Independent rows of one law, the same for the same seed. */
export function randomRows(seed: string, count: number, change: Partial<WatchedRow> = {}): WatchedRow[] {
  const below = seededIntegers(sha256(seed));
  return Array.from({ length: count }, () => ({
    wind: below(40),
    origin: ["EWR", "JFK", "LGA"][below(3)],
    age: 20 + below(50),
    score: below(100) / 100,
    ...change,
  }));
}

/** Rows as the tables of features and outputs. */
export function observedTables(rows: readonly WatchedRow[]): [features: Table, outputs: Table] {
  return [featureTable(rows), predictionOf(rows).outputs];
}

/** Rows as a call that the observer sees. */
export function callOf(rows: readonly WatchedRow[], rest: Partial<ObservedCall> = {}): ObservedCall {
  return {
    table: featureTable(rows),
    prediction: predictionOf(rows),
    ids: rows.map((_, index) => `id-${index}`),
    keys: rows.map(({ key }) => key ?? null),
    times: rows.map(({ time }) => time),
    arrivedMs: Date.UTC(2026, 0, 5, 12),
    ...rest,
  };
}

function featureTable(rows: readonly WatchedRow[]): Table {
  return {
    rows: rows.length,
    columns: new Map([
      ["wind", numbers("float32", rows, ({ wind }) => wind)],
      [
        "origin",
        {
          type: "string",
          shape: [],
          values: rows.map(({ origin }) => origin ?? ""),
          missing: maskOf(rows, ({ origin }) => origin),
        },
      ],
      ["age", numbers("int32", rows, ({ age }) => age)],
    ]),
  };
}

function numbers(
  type: "float32" | "int32",
  rows: readonly WatchedRow[],
  read: (row: WatchedRow) => number | undefined,
): Column {
  const values = allocate(type, rows.length);
  for (const [index, row] of rows.entries()) values[index] = read(row) ?? 0;
  return { type, shape: [], values, missing: maskOf(rows, read) } as Column;
}

function maskOf(rows: readonly WatchedRow[], read: (row: WatchedRow) => unknown): Uint8Array {
  return Uint8Array.from(rows, (row) => (read(row) === undefined ? 1 : 0));
}

function predictionOf(rows: readonly WatchedRow[]): Prediction {
  const rejections = rows.flatMap(({ rejected }, row): Violation[] =>
    rejected === undefined
      ? []
      : [
          {
            row,
            clause: rejected,
            code: "input.category",
            path: "",
            expected: "",
            received: "",
            message: "",
          },
        ],
  );
  return {
    rows: rows.length,
    outputs: {
      rows: rows.length,
      columns: new Map([
        ["late", { type: "float32", shape: [], values: Float32Array.from(rows, ({ score }) => score) }],
      ]),
    },
    answered: Uint8Array.from(rows, ({ rejected }) => (rejected === undefined ? 1 : 0)),
    decisions: Uint8Array.from(rows, ({ score }) => (score >= 0.5 ? 1 : 0)),
    rejections,
    warnings: [],
    counts: { rejections: rejections.length, warnings: 0 },
  };
}
