import { type Column, type Table, valueAt } from "../../contract/index.ts";
import { windowStart } from "../observe/event-time.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { SampledWindow } from "./column-series.ts";
import { gatherRejected } from "./rejected-values.ts";

/** A column of the sample that errors are classified from: its name in the file, and the type to read it as. */
export interface SampleRequest {
  readonly column: string;
  readonly type: "float64" | "string" | "int64";
}

/** Name in a file of sampled rows of when the event was. */
const timeColumn = "event_time_ms";
/** Name in it of the clause that rejected a row. */
const clauseColumn = "rejected_by";

/** Rows of one window that are held; more say nothing new. */
const mostRows = 2000;

/** What to read of the files of sampled rows: when, and every feature; none where no rows are kept. */
export function sampleRequests({ sample }: ObservationPlan): SampleRequest[] {
  if (!sample) return [];
  return [
    { column: timeColumn, type: "int64" },
    { column: clauseColumn, type: "string" },
    ...sample.features.map(({ name, type }) => ({
      column: `feature.${name}`,
      type: type === "string" || type === "boolean" ? ("string" as const) : ("float64" as const),
    })),
  ];
}

/** Gathers sampled values by window, table after table. */
export function gatherSamples(plan: ObservationPlan): {
  add(table: Table): void;
  windows(): SampledWindow[];
} {
  const windows = new Map<number, Map<string, Values>>();
  const rejected = gatherRejected();
  return {
    add(table) {
      const times = table.columns.get(timeColumn);
      if (!times) return;
      const starts = Array.from({ length: table.rows }, (_, row) =>
        windowStart(Number(valueAt(times, row)), plan.windowMs),
      );
      for (const { name } of plan.sample?.features ?? []) {
        const column = table.columns.get(`feature.${name}`);
        if (!column) continue;
        gatherColumn(windows, { name, column, starts });
        rejected.add({ name, column, clauses: table.columns.get(clauseColumn), starts });
      }
    },
    windows: () =>
      [...windows].map(([start, columns]) => ({
        start,
        rejected: rejected.of(start),
        columns: new Map(
          [...columns].map(([name, { numbers, texts, missing }]) => [
            name,
            texts.length > 0 ? { missing, texts } : { missing, numbers: Float64Array.from(numbers) },
          ]),
        ),
      })),
  };
}

interface Values {
  readonly numbers: number[];
  readonly texts: string[];
  missing: number;
}

function gatherColumn(
  windows: Map<number, Map<string, Values>>,
  {
    name,
    column,
    starts,
  }: { readonly name: string; readonly column: Column; readonly starts: readonly number[] },
): void {
  for (const [row, start] of starts.entries()) {
    const byName = windows.get(start) ?? new Map<string, Values>();
    windows.set(start, byName);
    const values = byName.get(name) ?? { numbers: [], texts: [], missing: 0 };
    byName.set(name, values);
    if (values.numbers.length + values.texts.length + values.missing >= mostRows) continue;
    const value = valueAt(column, row);
    if (typeof value === "string") values.texts.push(value);
    else if (typeof value === "number" && Number.isFinite(value)) values.numbers.push(value);
    else values.missing++;
  }
}
