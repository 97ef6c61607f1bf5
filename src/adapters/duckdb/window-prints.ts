import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { digestOf } from "../../kernel/index.ts";
import type { LabelQuestion } from "../../watch/index.ts";
import type { LoggedPredictions } from "./logged-predictions.ts";
import { rowsOf } from "./session.ts";

/** What a join found, before any of its rows are looked at. */
export interface WindowPrints {
  /** Digest of all that a window is measured from, by its start, ascending. */
  readonly prints: ReadonlyMap<number, string>;
  /** Logs with labelled predictions of some windows, in their order. */
  logsOf(wanted: (start: number) => boolean): string[];
  /** Labels that were used, as `LabelCounts` says. */
  readonly used: { readonly matched: number; readonly late: number; readonly repeated: number };
}

/** Columns of the table `matched`; `p` are predictions, `t` the labels. */
export function printedColumns({ slices, delayMs }: LabelQuestion, wrongName: string): string {
  const cells = slices.map((_, at) => `p.slice_${at}, `).join("");
  // Hashed twice: sums of what was hashed once can hide two changes that undo each other.
  return `p.start, p.file, p.row, t.r, coalesce(t.arrived > CAST(p.ms AS DOUBLE) + ${delayMs}, false) AS late,
    hash(hash(p.row, p.ms, p.score, p.decision, ${cells}t.label, t.arrived, t.contradicted, ${wrongName})) AS print`;
}

/** Reads the table `matched`. */
export async function windowPrints(
  connection: DuckDBConnection,
  { windows, paths }: LoggedPredictions,
): Promise<WindowPrints> {
  const [engine] = await rowsOf(connection, "SELECT version() AS version");
  const parts = await rowsOf(
    connection,
    `SELECT start, file, count(*) AS rows, CAST(bit_xor(print) AS VARCHAR) AS "all", CAST(sum(print) AS VARCHAR) AS sum
      FROM matched GROUP BY start, file ORDER BY start, file`,
  );
  const byStart = new Map<number, { readonly file: number; readonly print: readonly unknown[] }[]>();
  for (const { start, file, rows, all, sum } of parts) {
    const list = byStart.get(Number(start)) ?? [];
    // A log is named as its replica named it: it may lie elsewhere, and others may have come before it.
    list.push({ file: Number(file), print: [basename(paths[Number(file)]!), Number(rows), all, sum] });
    byStart.set(Number(start), list);
  }
  const printOf = (start: number, answered: number) =>
    digestOf([engine!.version, answered, (byStart.get(start) ?? []).map(({ print }) => print)]);
  return {
    prints: new Map(windows.map(({ start, answered }) => [start, printOf(start, answered)])),
    logsOf(wanted) {
      const files = new Set(
        [...byStart].flatMap(([start, list]) => (wanted(start) ? list.map(({ file }) => file) : [])),
      );
      return paths.filter((_, file) => files.has(file));
    },
    used: await labelsUsed(connection),
  };
}

/** Of a label that several predictions share, the first of them says whether it came late. */
async function labelsUsed(connection: DuckDBConnection) {
  const [all] = await rowsOf(
    connection,
    "SELECT count(*) AS rows, count(DISTINCT r) AS labels, count(*) FILTER (late) AS late FROM matched",
  );
  const [rows, matched] = [Number(all!.rows), Number(all!.labels)];
  if (rows === matched) return { matched, late: Number(all!.late), repeated: 0 };
  const [first] = await rowsOf(
    connection,
    "SELECT count(*) FILTER (late) AS late FROM (SELECT arg_min(late, {'s': start, 'f': file, 'r': row}) AS late FROM matched GROUP BY r)",
  );
  return { matched, late: Number(first!.late), repeated: rows - matched };
}
