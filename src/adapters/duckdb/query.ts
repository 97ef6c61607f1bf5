import { StatementType } from "@duckdb/node-api";
import { BatonError } from "../../kernel/index.ts";
import { openDataFile } from "./data-file.ts";
import { type ColumnRequest, openRelation } from "./relation.ts";
import { faultOf, rowsOf, type Session, type SqlValue } from "./session.ts";
import { quoteName } from "./sql-text.ts";

/** A file as a table in a query: all columns as the file types them, or some columns as asked. */
export type QueriedFile = string | { readonly path: string; readonly columns: readonly ColumnRequest[] };

/** One SELECT over files that have names in it. */
export interface Query {
  /** Begins with SELECT; names the files by their keys in `files`. */
  readonly sql: string;
  readonly files: Readonly<Record<string, QueriedFile>>;
  /** For `?` or `$1` in the SQL. */
  readonly values?: readonly SqlValue[];
}

/** Runs one SELECT; gives all rows. @throws BatonError `internal` for other statements, `data-unreadable` for bad data */
export async function runQuery(session: Session, query: Query): Promise<Record<string, SqlValue>[]> {
  return session.withConnection(async (connection) => {
    const tables: string[] = [];
    for (const [name, file] of Object.entries(query.files)) {
      const sql =
        typeof file === "string"
          ? `SELECT * FROM ${(await openDataFile(file)).sql}`
          : (await openRelation(connection, file.path, file.columns)).sql;
      tables.push(`${quoteName(name)} AS (${sql})`);
    }
    const sql = `${tables.length > 0 ? `WITH ${tables.join(", ")} ` : ""}${query.sql}`;
    try {
      const statements = await connection.extractStatements(sql);
      const prepared = await statements.prepare(0);
      const isSelect = statements.count === 1 && prepared.statementType === StatementType.SELECT;
      prepared.destroySync();
      if (!isSelect) throw new BatonError("internal", "Only one SELECT can be asked of data files.");
      return await rowsOf(connection, sql, query.values);
    } catch (thrown) {
      if (thrown instanceof BatonError) throw thrown;
      const names = Object.values(query.files).map((file) => (typeof file === "string" ? file : file.path));
      throw new BatonError("data-unreadable", `${names.join(", ")}: ${faultOf(thrown)}`, {
        next: "Check that the columns have the types that the contract says.",
        cause: thrown,
      });
    }
  });
}
