import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** A folder of small data files for one test file. */
export interface TestFiles {
  readonly folder: string;
  csv(name: string, text: string | Uint8Array): string;
  /** Writes what an SQL query gives as Parquet. */
  parquet(name: string, sql: string): Promise<string>;
  remove(): void;
}

/** Makes the folder, in the system's own place for temporary files. */
export function testFiles(): TestFiles {
  const folder = mkdtempSync(join(tmpdir(), "baton-duckdb-"));
  return {
    folder,
    csv(name, text) {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    async parquet(name, sql) {
      const path = join(folder, name);
      const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
      const connection = await instance.connect();
      await connection.run(`COPY (${sql}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
      connection.closeSync();
      instance.closeSync();
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
