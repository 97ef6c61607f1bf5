import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { DataColumn, DataProbe, DataProblem, TableFacts, TableQuestion } from "../../evidence/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { openDataFile } from "./data-file.ts";
import { groupSizes, separations } from "./probe-groups.ts";
import { tableMeasures } from "./probe-measures.ts";
import { overlapFacts } from "./probe-overlap.ts";
import { sourceColumns } from "./relation.ts";
import { type DuckdbOptions, openSession } from "./session.ts";
import type { SourceColumn } from "./typed-column.ts";

/** A {@link DataProbe} over the files of one folder. Paths are the caller's to have found safe. */
export interface DuckdbProbe extends DataProbe {
  close(): void;
}

/** Opens a probe on a hand-off folder: one pass over a file for what is counted, one more for the first rows that fail. */
export async function openDataProbe(folder: string, options: DuckdbOptions = {}): Promise<DuckdbProbe> {
  const session = await openSession(options);
  return {
    table: (question) => session.withConnection((connection) => tableFacts(connection, folder, question)),
    overlap: (question) =>
      session.withConnection((connection) =>
        overlapFacts(connection, {
          ...question,
          training: join(folder, question.training),
          joint: join(folder, question.joint),
        }),
      ),
    close: () => session.close(),
  };
}

async function tableFacts(
  connection: DuckDBConnection,
  folder: string,
  question: TableQuestion,
): Promise<TableFacts | DataProblem> {
  try {
    const file = await openDataFile(join(folder, question.path));
    const sources = await sourceColumns(connection, file);
    const measures = await tableMeasures(connection, file, sources, question);
    return {
      columns: sources.map((source) => columnOf(source, file.format)),
      ...measures,
      features: await separations(connection, file, sources, question, measures),
      groups: await groupSizes(connection, file, sources, question),
    };
  } catch (thrown) {
    return problemOf(thrown, folder);
  }
}

/** What a file's fault is; anything else is no answer and goes on. */
function problemOf(thrown: unknown, folder: string): DataProblem {
  if (!(thrown instanceof BatonError)) {
    const text = thrown instanceof Error ? (thrown.message.split("\n", 1)[0] ?? "") : "";
    if (!/Error: /.test(text)) throw thrown;
    return { problem: "unreadable", detail: text.replaceAll(join(folder, "/"), "") };
  }
  const detail = thrown.message.replaceAll(join(folder, "/"), "").replace(/\.$/, "");
  if (thrown.code === "file-missing") return { problem: "missing", detail };
  if (thrown.code === "data-unreadable" || thrown.code === "file-unusable")
    return { problem: "unreadable", detail };
  throw thrown;
}

const kinds: readonly [RegExp, DataColumn["kind"]][] = [
  [/\]$/, "list"],
  [/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/, "integer"],
  [/^(FLOAT|DOUBLE|DECIMAL)/, "float"],
  [/^(VARCHAR|ENUM|UUID)/, "text"],
  [/^BOOLEAN$/, "boolean"],
  [/^(TIMESTAMP|DATE)/, "time"],
];

function columnOf({ name, sourceType }: SourceColumn, format: "csv" | "parquet"): DataColumn {
  const kind = kinds.find(([pattern]) => pattern.test(sourceType))?.[1] ?? "other";
  return { name, type: format === "csv" ? "CSV text" : sourceType, kind };
}
