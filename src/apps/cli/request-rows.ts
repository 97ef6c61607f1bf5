import type { Duckdb } from "../../adapters/duckdb/index.ts";
import { readBytes } from "../../adapters/folder/index.ts";
import { type Column, type Contract, type Table, valueAt } from "../../contract/index.ts";
import { BatonError, sha256 } from "../../kernel/index.ts";
import {
  type LogColumn,
  type LogValue,
  type ObservationPlan,
  predictionLog,
  sampleColumns,
  windowStart,
} from "../../watch/index.ts";
import type { LabelColumns } from "./watch-labels.ts";

/** Where rows to learn from come from. */
export interface RowSource {
  readonly contract: Contract;
  readonly plan: ObservationPlan;
  /** Sampled full rows. */
  readonly rowFiles: readonly string[];
  readonly labels: LabelColumns & { readonly path: string };
  /** Starts of the windows, in milliseconds since 1970. */
  readonly windows: ReadonlySet<number>;
}

const mostRows = 1_000_000;

/**
 * Writes the sampled rows of some windows that have a label: key, event time, features under their own names, answers, and the
 * label under the contract's name. Sensitive features were never kept. Gives nothing, and writes nothing, where there are none.
 */
export async function writeRequestRows(
  duckdb: Duckdb,
  source: RowSource,
  target: string,
): Promise<{ readonly count: number; readonly sha256: string } | undefined> {
  const { contract, plan } = source;
  const sampled = await sampledRows(duckdb, source);
  const labels = await labelsOf(duckdb, source, sampled);
  const key = contract.labels?.key ?? "key";
  const label: LogColumn = {
    name: contract.data.label!,
    type: contract.model.task === "binary-classification" ? "int32" : "float64",
  };
  const carried = sampleColumns(plan).filter(({ name }) => !ownColumns.has(name));
  const named = carried.map(({ name, type }) => ({ name: name.replace(/^feature\./, ""), type }));
  const hasKey = named.some(({ name }) => name === key);
  const columns: LogColumn[] = [
    ...(hasKey ? [] : [{ name: key, type: "string" as const }]),
    { name: "event_time_ms", type: "int64" },
    ...named,
    label,
  ];
  const log = predictionLog(columns);
  for (const row of sampled) {
    const truth = labels.get(row.id ?? "") ?? labels.get(row.key ?? "");
    if (truth === undefined) continue;
    log.add([...(hasKey ? [] : [row.key ?? row.id]), BigInt(row.eventMs), ...row.values, truth]);
  }
  if (log.rows === 0) return undefined;
  await duckdb.writeTables(target, log.tables(8192), columns);
  return { count: log.rows, sha256: sha256(await readBytes(target, { maxBytes: 4 * 1024 ** 3 })) };
}

const ownColumns = new Set(["id", "key", "event_time_ms", "arrived_ms", "answered", "rejected_by"]);

interface SampledRow {
  readonly id: string | null;
  readonly key: string | null;
  readonly eventMs: number;
  readonly values: readonly LogValue[];
}

async function sampledRows(duckdb: Duckdb, { plan, rowFiles, windows }: RowSource): Promise<SampledRow[]> {
  const columns = sampleColumns(plan).map(({ name, type }) => ({ column: name, name, type }));
  const carried = columns.filter(({ name }) => !ownColumns.has(name));
  const rows: SampledRow[] = [];
  for (const file of rowFiles)
    for await (const table of duckdb.readTables(file, { columns })) {
      const at = reader(table);
      for (let row = 0; row < table.rows; row++) {
        const eventMs = Number(at("event_time_ms", row));
        if (at("answered", row) !== true || !windows.has(windowStart(eventMs, plan.windowMs))) continue;
        if (rows.length >= mostRows)
          throw new BatonError(
            "data-unreadable",
            `More than ${mostRows} sampled rows stand in these windows.`,
            {
              next: "Keep a smaller share of rows (watch.keep.rows).",
            },
          );
        const [id, key] = [at("id", row), at("key", row)] as [string | null, string | null];
        rows.push({ id, key, eventMs, values: carried.map(({ name }) => at(name, row)) });
      }
    }
  return rows.sort((a, b) => a.eventMs - b.eventMs || order(nameOf(a), nameOf(b)));
}

const nameOf = ({ id, key }: SampledRow) => key ?? id ?? "";
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Labels by name, only those that some row asks for; of rows with the same name the last counts. */
async function labelsOf(
  duckdb: Duckdb,
  { labels }: RowSource,
  rows: readonly SampledRow[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(rows.flatMap(({ id, key }) => [id, key]));
  const found = new Map<string, number>();
  const columns = [
    { column: labels.name, name: "name", type: "string" as const },
    { column: labels.label, name: "label", type: "float64" as const },
  ];
  for await (const table of duckdb.readTables(labels.path, { columns })) {
    const at = reader(table);
    for (let row = 0; row < table.rows; row++) {
      const [name, label] = [at("name", row), at("label", row)];
      if (typeof name === "string" && typeof label === "number" && wanted.has(name)) found.set(name, label);
    }
  }
  return found;
}

function reader({ columns }: Table): (name: string, row: number) => LogValue {
  return (name, row) => {
    const column: Column | undefined = columns.get(name);
    return column ? (valueAt(column, row) as LogValue) : null;
  };
}
