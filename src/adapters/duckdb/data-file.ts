import { open, stat } from "node:fs/promises";
import { extname, resolve } from "node:path";
import { BatonError, messageOf } from "../../kernel/index.ts";
import { parseCsvHeader } from "./csv-header.ts";
import { quotePath, quoteText } from "./sql-text.ts";

/** One CSV or Parquet file, looked at before DuckDB opens it. */
export interface DataFile {
  /** As the person wrote it, for messages. */
  readonly name: string;
  readonly format: "csv" | "parquet";
  /** The table in SQL, to stand after FROM. */
  readonly sql: string;
}

const headerCap = 1024 * 1024;

/**
 * Finds out what a file is by its first bytes; its extension must agree.
 * @throws BatonError `file-missing`, `file-unusable`, `data-unreadable`
 */
export async function openDataFile(name: string): Promise<DataFile> {
  const path = resolve(name);
  const start = await startOf(path, name);
  const extension = extname(path).toLowerCase();
  if (start.subarray(0, 4).toString("latin1") === "PAR1") {
    if (extension === ".csv" || extension === ".tsv") throw mismatch(name, "is Parquet inside");
    return {
      name,
      format: "parquet",
      sql: `read_parquet(${quotePath(path)}, hive_partitioning = false, filename = false)`,
    };
  }
  if (extension === ".parquet" || extension === ".pq")
    throw mismatch(
      name,
      start.subarray(0, 40).toString("latin1").startsWith("version https://git-lfs")
        ? "is a Git LFS pointer, not the data"
        : "is not Parquet",
    );
  if (start.subarray(0, 4096).includes(0)) throw mismatch(name, "is neither Parquet nor CSV text");
  return { name, format: "csv", sql: csvSql(path, start, name) };
}

function csvSql(path: string, start: Buffer, name: string): string {
  const { delimiter, names } = parseCsvHeader(start.toString("utf8"), name);
  const columns = names.map((column) => `${quoteText(column)}: 'VARCHAR'`).join(", ");
  return (
    `read_csv(${quotePath(path)}, auto_detect = false, header = true, skip = 0, delim = ${quoteText(delimiter)}, ` +
    `quote = '"', escape = '"', comment = '', nullstr = '', allow_quoted_nulls = false, strict_mode = true, ` +
    `compression = 'none', hive_partitioning = false, filename = false, columns = {${columns}})`
  );
}

async function startOf(path: string, name: string): Promise<Buffer> {
  const facts = await stat(path).catch((cause: unknown) => {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new BatonError(
      missing ? "file-missing" : "file-unusable",
      missing ? `${name} does not exist.` : `${name} cannot be read: ${messageOf(cause)}`,
      { file: name, next: "Check the path, and that you may read it.", cause },
    );
  });
  if (!facts.isFile())
    throw new BatonError("file-unusable", `${name} is not a file.`, {
      file: name,
      next: "Name one CSV or Parquet file.",
    });
  try {
    const handle = await open(path, "r");
    try {
      const buffer = Buffer.alloc(Math.min(headerCap, facts.size));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new BatonError("file-unusable", `${name} cannot be read: ${messageOf(cause)}`, {
      file: name,
      next: "Check that you may read it.",
      cause,
    });
  }
}

function mismatch(name: string, what: string): BatonError {
  return new BatonError("data-unreadable", `${name} ${what}.`, {
    file: name,
    next: "Give a Parquet file, or UTF-8 CSV text with a header line, under the matching extension.",
  });
}
