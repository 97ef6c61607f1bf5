import type { DuckDBConnection } from "@duckdb/node-api";
import type { ElementType } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import type { LabelCounts, LabelQuestion } from "../../watch/index.ts";
import { openDataFile } from "./data-file.ts";
import { type ColumnRequest, explain, openRelation, sourceColumns } from "./relation.ts";
import { rowsOf } from "./session.ts";
import { isTemporal, naturalType } from "./typed-column.ts";

/** Labels of a file, in the table `truth`: one row a name. */
export interface Truth {
  /** Rows of the file: `r` in `truth` is below it. */
  readonly rows: number;
  readonly names: number;
  readonly counts: Pick<LabelCounts, "duplicated" | "corrected" | "empty">;
}

/**
 * Reads a file of labels into `truth (r, name, label, arrived, contradicted)`: of the rows with one name the last that says
 * something new, and whether that contradicts one before.
 * @throws BatonError `data-unreadable` with the row that is none
 */
export async function readTruth(connection: DuckDBConnection, question: LabelQuestion): Promise<Truth> {
  const { path, name, label } = question.labels;
  const arrivals = await arrivalsOf(connection, question.labels);
  const relation = await openRelation(connection, path, [
    { column: name, name: "name", type: "string" },
    { column: label, name: "label", type: "float64" },
    ...arrivals.request,
  ]);
  try {
    await connection.run(
      `CREATE TABLE labels AS SELECT CAST(row_number() OVER () - 1 AS UINTEGER) AS r, coalesce(name, '') AS name, label,
        ${arrivals.ms} AS arrived
        FROM (${relation.sql})`,
    );
  } catch (thrown) {
    throw noLabel(await explain(connection, relation, thrown), question);
  }
  await refuseOthers(connection, question);
  return onceEach(connection);
}

/** Says what a label is, where a file holds something else. */
function noLabel(problem: BatonError, { task }: LabelQuestion): BatonError {
  if (problem.code !== "data-unreadable") return problem;
  const what = task === "binary-classification" ? "0 and 1, or true and false" : "numbers";
  return new BatonError(problem.code, problem.message, {
    ...problem.position,
    next: `Write labels as ${what}, and leave those empty that are not known.`,
    cause: problem,
  });
}

interface Arrivals {
  readonly request: readonly ColumnRequest[];
  /** Milliseconds since 1970 by the rules of `readEventTime`, in SQL. */
  readonly ms: string;
}

async function arrivalsOf(
  connection: DuckDBConnection,
  { path, arrived }: LabelQuestion["labels"],
): Promise<Arrivals> {
  if (arrived === undefined) return { request: [], ms: "NULL::DOUBLE" };
  const columns = await sourceColumns(connection, await openDataFile(path));
  const sourceType = columns.find(({ name }) => name === arrived)?.sourceType ?? "";
  const request = (type: ElementType) => [{ column: arrived, name: "arrived", type }];
  if (isTemporal(sourceType)) return { request: request("float64"), ms: "arrived" };
  if (naturalType(sourceType) === "string") return { request: request("string"), ms: textMs };
  return { request: request("float64"), ms: numberMs };
}

const textMs = `CASE WHEN length(arrived) <= 40 AND regexp_matches(arrived, '^\\d{4}-\\d{2}-\\d{2}')
  THEN CAST(epoch_ms(TRY_CAST(arrived AS TIMESTAMPTZ)) AS DOUBLE) END`;
const numberMs =
  "CASE WHEN isfinite(arrived) THEN floor(CASE WHEN abs(arrived) < 1e11 THEN arrived * 1000 ELSE arrived END) END";

async function refuseOthers(connection: DuckDBConnection, { labels, task }: LabelQuestion): Promise<void> {
  const binary = task === "binary-classification";
  const [bad] = await rowsOf(
    connection,
    `SELECT r FROM labels WHERE label IS NOT NULL AND NOT (${binary ? "label IN (0, 1)" : "isfinite(label)"}) ORDER BY r LIMIT 1`,
  );
  if (bad)
    throw new BatonError(
      "data-unreadable",
      `${labels.path}: the label in row ${Number(bad.r) + 1} is ${binary ? "neither 0 nor 1" : "no finite number"}.`,
      {
        file: labels.path,
        next: `Write ${labels.label} as ${binary ? "true or false, or 0 or 1" : "numbers"}.`,
      },
    );
}

/** Names that stand in one row, which is nearly all of them, are not sorted. */
async function onceEach(connection: DuckDBConnection): Promise<Truth> {
  const [all] = await rowsOf(connection, "SELECT count(*) AS rows, count(label) AS labelled FROM labels");
  await connection.run(
    "CREATE TABLE several AS SELECT name FROM labels WHERE label IS NOT NULL GROUP BY name HAVING count(*) > 1",
  );
  await connection.run(
    `CREATE TABLE said AS SELECT r, name, label, arrived, lag(label) OVER (PARTITION BY name ORDER BY r) AS before
      FROM labels SEMI JOIN several USING (name) WHERE label IS NOT NULL`,
  );
  await connection.run(
    `CREATE VIEW truth AS SELECT r, name, label, arrived, false AS contradicted
      FROM labels ANTI JOIN several USING (name) WHERE label IS NOT NULL
      UNION ALL SELECT r, name, label, arrived, before IS NOT NULL FROM said WHERE before IS DISTINCT FROM label
      QUALIFY row_number() OVER (PARTITION BY name ORDER BY r DESC) = 1`,
  );
  const [again] = await rowsOf(
    connection,
    `SELECT count(*) FILTER (before = label) AS duplicated, count(*) FILTER (before <> label) AS corrected FROM said`,
  );
  const [duplicated, corrected] = [Number(again!.duplicated), Number(again!.corrected)];
  const [rows, labelled] = [Number(all!.rows), Number(all!.labelled)];
  return {
    rows,
    names: labelled - duplicated - corrected,
    counts: { duplicated, corrected, empty: rows - labelled },
  };
}
