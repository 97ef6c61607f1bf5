import type { DuckDBConnection } from "@duckdb/node-api";
import type { OverlapFacts, OverlapQuestion } from "../../evidence/index.ts";
import { type DataFile, openDataFile } from "./data-file.ts";
import { probeColumns } from "./probe-columns.ts";
import { sourceColumns } from "./relation.ts";
import { rowsOf } from "./session.ts";
import { quoteName } from "./sql-text.ts";

/** Compares two files by key, and by a 64-bit hash of what each row holds. */
export async function overlapFacts(
  connection: DuckDBConnection,
  question: OverlapQuestion,
): Promise<OverlapFacts> {
  const training = await openDataFile(question.training);
  const joint = await openDataFile(question.joint);
  const byKey =
    question.key === undefined ? undefined : await sharedKeys(connection, training, joint, question.key);
  return {
    ...(question.features.length === 0
      ? { byContent: 0, trainingRepeats: 0 }
      : await sharedContent(connection, training, joint, question)),
    ...(byKey && { byKey }),
  };
}

/** How far content names a row is only asked where some is shared. */
async function sharedContent(
  connection: DuckDBConnection,
  training: DataFile,
  joint: DataFile,
  question: OverlapQuestion,
): Promise<Pick<OverlapFacts, "byContent" | "trainingRepeats">> {
  const known = `SELECT ${await hashOf(connection, training, question)} AS h FROM ${training.sql}`;
  const asked = `SELECT ${await hashOf(connection, joint, question)} AS h FROM ${joint.sql}`;
  const [shared] = await rowsOf(
    connection,
    `SELECT count(*) AS same FROM (${asked}) WHERE h IN (SELECT h FROM (${known}))`,
  );
  const byContent = Number(shared?.same);
  if (byContent === 0) return { byContent, trainingRepeats: 0 };
  const [repeated] = await rowsOf(
    connection,
    `SELECT count(*) - count(DISTINCT h) AS repeats FROM (${known})`,
  );
  return { byContent, trainingRepeats: Number(repeated?.repeats) };
}

async function hashOf(
  connection: DuckDBConnection,
  file: DataFile,
  question: OverlapQuestion,
): Promise<string> {
  const sources = await sourceColumns(connection, file);
  const values = probeColumns({ features: question.features, prefix: "" }, sources, file.format).map(
    ({ value }) => value,
  );
  if (question.label !== undefined) values.push(`lower(CAST(${quoteName(question.label)} AS VARCHAR))`);
  return values.length === 0 ? "0" : `hash(${values.join(", ")})`;
}

async function sharedKeys(
  connection: DuckDBConnection,
  training: DataFile,
  joint: DataFile,
  key: string,
): Promise<OverlapFacts["byKey"]> {
  const column = `CAST(${quoteName(key)} AS VARCHAR)`;
  const [row] = await rowsOf(
    connection,
    `SELECT count(*) AS shared, min(i) AS first, arg_min(k, i) AS value
     FROM (SELECT ${column} AS k, row_number() OVER () - 1 AS i FROM ${joint.sql})
     WHERE k IN (SELECT ${column} FROM ${training.sql})`,
  );
  const count = Number(row?.shared);
  if (count === 0) return { count };
  return { count, row: Number(row?.first), value: String(row?.value) };
}
