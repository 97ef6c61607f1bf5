import { join } from "node:path";
import type { Duckdb } from "../../adapters/duckdb/index.ts";
import { type Column, type Contract, type ElementType, valueAt } from "../../contract/index.ts";
import { BatonError, messageOf, parseDuration } from "../../kernel/index.ts";
import {
  type FoundObservation,
  indexLabels,
  joinLabels,
  type LabelRow,
  type LoggedPrediction,
  logColumns,
  type ObservationPlan,
  readEventTime,
  watchFinding,
} from "../../watch/index.ts";

/** Column of a label file that says when the label came. */
const arrivedColumn = "labelled_at";

/** What a file of labels says, joined with the logs beside the counters. */
export async function readLabels(
  duckdb: Duckdb,
  {
    contract,
    plan,
    files,
    path,
  }: {
    readonly contract: Contract;
    readonly plan: ObservationPlan;
    readonly files: readonly FoundObservation[];
    readonly path: string;
  },
) {
  const { labels } = contract;
  if (!labels || contract.data.label === undefined)
    throw new BatonError(
      "configuration-invalid",
      "The contract does not say how labels find their predictions.",
      {
        file: "baton.yaml",
        next: "Write labels: { key: …, arrive-after: … } and data: { label: … }.",
      },
    );
  const rows = await labelRows(duckdb, path, contract.data.label, [labels.key, "id"]);
  const { predictions, findings } = await loggedPredictions(duckdb, plan, files);
  const delayMs = parseDuration(labels.arriveAfter);
  return {
    joined: joinLabels(predictions, indexLabels(rows), { windowMs: plan.windowMs, delayMs }),
    findings,
  };
}

async function labelRows(
  duckdb: Duckdb,
  path: string,
  label: string,
  names: readonly string[],
): Promise<LabelRow[]> {
  const there = new Set((await duckdb.schema(path)).map(({ name }) => name));
  const named = names.find((name) => there.has(name));
  if (named === undefined || !there.has(label))
    throw new BatonError(
      "data-unreadable",
      `The labels have no column "${named === undefined ? names[0] : label}".`,
      {
        file: path,
        next: `Give a file with ${names.join(" or ")}, ${label}, and ${arrivedColumn} where it is known when labels came.`,
      },
    );
  const request = (column: string, type: ElementType) => ({ column, name: column, type });
  const columns = [
    request(named, "string"),
    request(label, "float64"),
    ...(there.has(arrivedColumn) ? [request(arrivedColumn, "string")] : []),
  ];
  const rows: LabelRow[] = [];
  for await (const table of duckdb.readTables(path, { columns })) {
    const [name, value, arrived] = columns.map((column) => table.columns.get(column.name));
    for (let row = 0; row < table.rows; row++) {
      const arrivedMs = arrived && readEventTime(valueAt(arrived, row));
      rows.push({
        name: String(valueAt(name!, row) ?? ""),
        label: valueAt(value!, row) as number | null,
        ...(arrivedMs !== undefined && { arrivedMs }),
      });
    }
  }
  return rows;
}

async function loggedPredictions(duckdb: Duckdb, plan: ObservationPlan, files: readonly FoundObservation[]) {
  const [score] = plan.answers;
  const wanted = new Set(["id", "key", "event_time_ms", "answered", `output.${score?.name}`, "decision"]);
  const columns = logColumns(plan)
    .filter(({ name }) => wanted.has(name))
    .map(({ name, type }) => ({ column: name, name, type }));
  const predictions: LoggedPrediction[] = [];
  const findings = [];
  for (const { folder, file } of files) {
    if (!file.log) continue;
    try {
      for await (const table of duckdb.readTables(join(folder, file.log.file), { columns }))
        for (let row = 0; row < table.rows; row++) {
          const at = (name: string) => cell(table.columns.get(name), row);
          const value = at(`output.${score?.name}`);
          if (at("answered") !== true || typeof value !== "number") continue;
          predictions.push({
            id: at("id") as string | null,
            key: at("key") as string | null,
            eventMs: Number(at("event_time_ms")),
            score: value,
            decision: at("decision") as boolean | null,
          });
        }
    } catch (thrown) {
      findings.push(
        watchFinding("watch.file-unreadable", {
          file: file.log.file,
          message: `The log of predictions cannot be read: ${messageOf(thrown)}`,
        }),
      );
    }
  }
  return { predictions, findings };
}

function cell(column: Column | undefined, row: number): string | number | boolean | null {
  return column ? valueAt(column, row) : null;
}
