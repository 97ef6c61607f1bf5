import type { DuckDBConnection } from "@duckdb/node-api";
import type { ElementType } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { type DataFile, openDataFile } from "./data-file.ts";
import { dataError, rowsOf } from "./session.ts";
import { quoteName } from "./sql-text.ts";
import { type SourceColumn, type TypedColumn, typedColumn } from "./typed-column.ts";

/** A column of a file, read under another name and as a type. */
export interface ColumnRequest {
  /** Name in the file. */
  readonly column: string;
  /** Name in the table that comes out. */
  readonly name: string;
  readonly type: ElementType;
}

/** The columns that were asked for, in SQL. */
export interface Relation {
  readonly file: DataFile;
  readonly columns: readonly (ColumnRequest & TypedColumn)[];
  /** `SELECT … FROM file`: typed columns under their new names. */
  readonly sql: string;
}

/** Column names and types of a file, in its order. @throws BatonError `data-unreadable` */
export async function sourceColumns(connection: DuckDBConnection, file: DataFile): Promise<SourceColumn[]> {
  try {
    const rows = await rowsOf(connection, `DESCRIBE SELECT * FROM ${file.sql}`);
    return rows.map((row) => ({ name: String(row.column_name), sourceType: String(row.column_type) }));
  } catch (thrown) {
    throw dataError(file.name, thrown);
  }
}

/** Finds the columns that were asked for. @throws BatonError `data-unreadable` for columns that are not there or of no use */
export async function openRelation(
  connection: DuckDBConnection,
  path: string,
  requests: readonly ColumnRequest[],
): Promise<Relation> {
  const file = await openDataFile(path);
  const sources = new Map((await sourceColumns(connection, file)).map((source) => [source.name, source]));
  const absent = requests.filter(({ column }) => !sources.has(column)).map(({ column }) => column);
  if (absent.length > 0) throw missingColumns(file.name, absent, [...sources.keys()]);
  const columns = requests.map((request) => {
    const source = sources.get(request.column)!;
    const typed = typedColumn(source, request.type);
    if (typed) return { ...request, ...typed };
    throw new BatonError(
      "data-unreadable",
      `${file.name}: column "${request.column}" is ${source.sourceType} and cannot be read as ${request.type}.`,
      { file: file.name, next: "Change the type in the contract, or write the column with another type." },
    );
  });
  const list = columns.map(({ value, name }) => `${value} AS ${quoteName(name)}`).join(", ");
  return { file, columns, sql: `SELECT ${list || "1"} FROM ${file.sql}` };
}

/** The first value that is not of its type, as an error; `thrown` where there is none. */
export async function explain(
  connection: DuckDBConnection,
  relation: Relation,
  thrown: unknown,
): Promise<BatonError> {
  if (thrown instanceof BatonError) return thrown;
  for (const { column, type, bad } of relation.columns) {
    if (bad === undefined) continue;
    const found = await firstBad(connection, relation.file, bad, column).catch(() => undefined);
    if (found)
      return new BatonError(
        "data-unreadable",
        `${relation.file.name}: column "${column}" is not ${type} in row ${found.row} (counted from 1).`,
        {
          file: relation.file.name,
          next: `Mend row ${found.row}, or change the type in the contract.`,
          cause: thrown,
        },
      );
  }
  return dataError(relation.file.name, thrown);
}

async function firstBad(connection: DuckDBConnection, file: DataFile, bad: string, column: string) {
  const [first] = await rowsOf(
    connection,
    `SELECT number FROM (SELECT row_number() OVER () AS number, ${quoteName(column)} FROM ${file.sql}) WHERE ${bad} LIMIT 1`,
  );
  return first && { row: Number(first.number) };
}

function missingColumns(file: string, absent: readonly string[], present: readonly string[]): BatonError {
  const shown = present.slice(0, 30).join(", ") + (present.length > 30 ? ", …" : "");
  return new BatonError(
    "data-unreadable",
    `${file} has no column ${absent.map((name) => `"${name}"`).join(", ")}. It has: ${shown}.`,
    { file, next: "Correct the name in the contract, or add the column to the file." },
  );
}
