import { setImmediate as turn } from "node:timers/promises";
import type { Duckdb } from "../../adapters/duckdb/index.ts";
import { valueAt } from "../../contract/index.ts";
import { digestOf, parseDuration } from "../../kernel/index.ts";
import { alarmBudget, type TableProfile, type ThresholdTable } from "../../profile/index.ts";
import {
  calibrateInTurns,
  fileOrder,
  planCalibration,
  type ReferenceRows,
  type RowStrata,
  readEventTime,
  rowStrata,
  type TimeOrder,
  timeOrder,
} from "../../watch/index.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { startProgress } from "./progress.ts";
import type { Session } from "./session.ts";

/** Rows that are resampled at most: the newest. */
const mostRows = 2 ** 20;

/** Order of the training data by `watch.time`, where it has such a column that can be read; its own order otherwise. */
export async function referenceOrder(
  { contract }: ReadyHandoff,
  { duckdb, path }: { readonly duckdb: Duckdb; readonly path: string },
): Promise<TimeOrder> {
  const rows = await duckdb.rowCount(path);
  const column = (await duckdb.schema(path)).find(({ name }) => name === contract.watch?.time);
  if (!column?.type) return fileOrder(rows, mostRows);
  const isInstant = /^(TIMESTAMP|DATE)/.test(column.sourceType);
  const request = { column: column.name, name: "time", type: isInstant ? "int64" : column.type } as const;
  const times = new Float64Array(rows);
  let next = 0;
  for await (const table of duckdb.readTables(path, { columns: [request] })) {
    const values = table.columns.get("time")!;
    for (let row = 0; row < table.rows; row++) {
      const value = valueAt(values, row);
      const ms = isInstant && value !== null ? Number(value) : readEventTime(value);
      times[next++] = ms ?? Number.NaN;
    }
  }
  const order = timeOrder(times, mostRows);
  return order.rows > 0 ? order : fileOrder(rows, mostRows);
}

/** What thresholds are made of. */
export interface CalibrationData {
  readonly order: TimeOrder;
  readonly rows: ReferenceRows;
  readonly features: TableProfile;
  readonly outputs: TableProfile | undefined;
  /** Digests of what the profile read. */
  readonly reads: Readonly<Record<string, string>>;
}

/** Thresholds for the contract's drift policy; undefined, and said on stderr, where the reference holds too little. */
export async function calibrateThresholds(
  session: Session,
  { contract }: ReadyHandoff,
  { order, rows, features, outputs, reads }: CalibrationData,
): Promise<ThresholdTable | undefined> {
  const budget = alarmBudget(contract);
  if (!budget || !contract.watch) return undefined;
  const { window, falseAlarms } = contract.watch;
  const progress = startProgress(session, "calibrating drift thresholds");
  const plan = planCalibration(order, parseDuration(window));
  if (typeof plan === "string") {
    progress.done(`none: the training data is too small, ${plan}`);
    return undefined;
  }
  const seed = Object.fromEntries(
    Object.entries(reads).filter(([name]) => /^(features|outputs|data:)/.test(name)),
  );
  const cells = [...features.cells.columns, ...(outputs?.cells.columns ?? [])];
  const found = rows.cells(outputs?.cells);
  const by = contract.watch.strata;
  const strata =
    by === undefined
      ? undefined
      : rowStrata({ by, windowMs: parseDuration(window), order, cells, rows: found });
  const wanted = {
    cells,
    rows: found,
    ...(strata && { strata }),
    budget,
    seed: digestOf(seed),
    ...plan,
    onSize: (size: number) => progress.at(`windows of ${size} rows and more`),
  };
  const table = await calibrateInTurns(wanted, turn);
  const { reference_rows, block_rows } = table;
  progress.done(
    `${falseAlarms}, windows of ${table.sizes[0]!.rows} to ${table.sizes.at(-1)!.rows} rows, out of ${reference_rows} rows in blocks of ${block_rows}${
      order.times ? "" : ", in the order of the file: it has no event time"
    }${strata ? strataText(strata) : ""}`,
  );
  return table;
}

function strataText({ by, known, seen, why }: RowStrata): string {
  if (why !== undefined) return `; not within ${by}: ${why}`;
  if (known.length === seen) return `, within ${seen} strata by ${by}`;
  return `, within ${known.length} of ${seen} strata by ${by}: the others lie in too few windows, and are compared with the whole`;
}
