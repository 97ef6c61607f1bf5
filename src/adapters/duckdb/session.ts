import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { BatonError, messageOf } from "../../kernel/index.ts";
import { interruptAtExit } from "./interrupt-at-exit.ts";

/** How much of the machine DuckDB may use. */
export interface DuckdbOptions {
  /** Threads for one query; 2 unless said otherwise. */
  readonly threads?: number;
  /** Memory before DuckDB spills or gives up; 1024 MiB unless said otherwise. */
  readonly memoryMiB?: number;
}

/** One sandboxed DuckDB: nothing is installed or loaded by itself, nothing goes over a network. */
export interface Session {
  /** Runs `use` on a connection of its own and closes it. */
  withConnection<Result>(use: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>;
  /** A connection that the caller closes. */
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/**
 * Opens an instance: in memory, or with its tables in the file `path`. Its settings are locked unless `locked` is
 * false: then whoever opened it locks them.
 */
export async function openSession(
  options: DuckdbOptions,
  { path = ":memory:", locked = true }: { readonly path?: string; readonly locked?: boolean } = {},
): Promise<Session> {
  const instance = await DuckDBInstance.create(path, {
    threads: String(options.threads ?? 2),
    memory_limit: `${options.memoryMiB ?? 1024}MiB`,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    allow_persistent_secrets: "false",
  });
  const watched = new Map<DuckDBConnection, { forget(): void }>();
  const connect = async () => {
    const connection = await instance.connect();
    watched.set(connection, interruptAtExit(connection));
    return connection;
  };
  const forget = (connection: DuckDBConnection) => {
    watched.get(connection)?.forget();
    watched.delete(connection);
  };
  const first = await connect();
  // Times become the same text on every machine.
  await first.run("SET GLOBAL TimeZone = 'UTC'");
  if (locked) await first.run("SET lock_configuration = true");
  first.closeSync();
  forget(first);
  return {
    connect,
    async withConnection(use) {
      const connection = await connect();
      try {
        return await use(connection);
      } finally {
        connection.closeSync();
        forget(connection);
      }
    },
    close() {
      for (const connection of watched.keys()) forget(connection);
      instance.closeSync();
    },
  };
}

/** A plain value out of a result: dates and other DuckDB objects as their text. */
export type SqlValue = null | boolean | number | bigint | string;

/** All rows of a query as plain objects. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  values: readonly DuckDBValue[] = [],
): Promise<Record<string, SqlValue>[]> {
  const reader = await connection.runAndReadAll(sql, [...values]);
  const names = reader.deduplicatedColumnNames();
  return reader
    .getRows()
    .map((row) => Object.fromEntries(row.map((value, index) => [names[index]!, plain(value)])));
}

function plain(value: DuckDBValue): SqlValue {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? String(value) : value;
}

/** What DuckDB said about a data file, as a BatonError that names the file. */
export function dataError(file: string, thrown: unknown): BatonError {
  if (thrown instanceof BatonError) return thrown;
  const text = faultOf(thrown);
  if (/^Out of Memory/i.test(text))
    return new BatonError("file-unusable", `${file} needs more memory than is allowed to read it.`, {
      file,
      next: "Raise the memory limit, or split the file.",
      cause: thrown,
    });
  const full = whyUnwritable(thrown);
  if (full !== undefined)
    return new BatonError("file-unusable", `There is no room to work on ${file}: ${full}.`, {
      file,
      next: "Make room where temporary files lie, or set TMPDIR to a folder with more.",
      cause: thrown,
    });
  const csv = csvFault(thrown);
  return new BatonError("data-unreadable", `${file} cannot be read as a table: ${csv?.reason ?? text}`, {
    file,
    line: csv?.line,
    next: "Mend the file, or write it again as UTF-8 CSV with a header or as Parquet.",
    cause: thrown,
  });
}

/** Why DuckDB could not write a file of its own: a disk that is full, a limit; undefined where something else went wrong. */
export function whyUnwritable(thrown: unknown): string | undefined {
  const text = messageOf(thrown);
  if (!/Could not write file/.test(text)) return undefined;
  return /No space left on device|quota exceeded|File too large/i.exec(text)?.[0] ?? "it cannot be written";
}

/**
 * What DuckDB said, without values of the rows: they may be personal. Faults of the SQL itself are said in full; of faults of
 * a value only their kind, the type, and the column.
 */
export function faultOf(thrown: unknown): string {
  const text = messageOf(thrown);
  const kind = /^(Conversion|Out of Range|Invalid Input|Invalid|Mismatch Type|Constraint) Error:/.exec(
    text,
  )?.[0];
  if (kind === undefined || aboutTheFile.test(text)) return text;
  const type = lastType.exec(text)?.[1];
  const column = /when casting from source column ([A-Za-z_][A-Za-z0-9_]*)\s*(?:\n|$)/.exec(text)?.[1];
  return `${kind} a value cannot be used${type ? ` as ${type}` : ""}${column ? ` (column ${column})` : ""}`;
}

/** What is said of a file's frame, before any row of it is read. */
const aboutTheFile =
  /^Invalid Input Error: (No magic bytes found at end of file|Footer length error in file) '/;

/** The type of a cast, after everything that the value itself may say. */
const lastType =
  /[\s\S]* to ((?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|U?INT\d+|FLOAT|DOUBLE|DECIMAL|DATE|TIME|TIMESTAMP|INTERVAL|BOOLEAN|UUID|BLOB)\b)/;

/** Line and reason of a CSV error, without the line's own text: it may be personal. */
function csvFault(thrown: unknown): { line: number; reason: string } | undefined {
  const lines = thrown instanceof Error ? thrown.message.split("\n") : [];
  const line = /CSV Error on Line: (\d+)/.exec(lines[0] ?? "")?.[1];
  if (line === undefined) return undefined;
  const known =
    /^(Expected Number of Columns|Invalid unicode|Maximum line size|Value with unterminated quote)/;
  const reason = lines.find((text) => known.test(text)) ?? "its quotes or columns do not match the header";
  return { line: Number(line), reason: `line ${line}: ${reason.trim()}` };
}
