import { type ColumnRequest, type Duckdb, openDuckdb } from "../../adapters/duckdb/index.ts";
import type { Contract, ElementType, Table } from "../../contract/index.ts";
import type { ReadyHandoff } from "./handoff.ts";

/** DuckDB for one piece of work. */
export async function withDuckdb<Result>(work: (duckdb: Duckdb) => Promise<Result>): Promise<Result> {
  const duckdb = await openDuckdb();
  try {
    return await work(duckdb);
  } finally {
    duckdb.close();
  }
}

/** All columns of features that are scalars, under their own names. */
export function featureRequests(contract: Contract, prefix = ""): ColumnRequest[] {
  return contract.features
    .filter(({ shape }) => shape.length === 0)
    .map(({ name, type }) => ({ column: `${prefix}${name}`, name: `${prefix}${name}`, type }));
}

/** The joint set with features, label and key; undefined where the contract names none or it is not there. */
export async function readJointRows(
  duckdb: Duckdb,
  { contract, folder, files }: ReadyHandoff,
): Promise<Table | undefined> {
  const { joint, label, key } = contract.data;
  if (joint === undefined || !files.has(joint)) return undefined;
  const path = await folder.absolute(joint);
  const types = await columnTypes(duckdb, path);
  const extra = (name: string | undefined): ColumnRequest[] => {
    const type = name === undefined ? undefined : types.get(name);
    return name === undefined || !types.has(name)
      ? []
      : [{ column: name, name, type: name === label ? (type ?? "float64") : "string" }];
  };
  const features = featureRequests(contract).filter(({ column }) => types.has(column));
  return readWhole(duckdb, path, [...features, ...extra(label), ...extra(key)]);
}

/** The golden rows with all their columns; undefined where the contract names none or they are not there. */
export async function readGoldenRows(
  duckdb: Duckdb,
  { contract, folder, files }: ReadyHandoff,
): Promise<Table | undefined> {
  const rows = contract.golden?.rows;
  if (rows === undefined || !files.has(rows)) return undefined;
  const path = await folder.absolute(rows);
  const declared = new Map(
    featureRequests(contract, "features.").map((request) => [request.column, request.type]),
  );
  const requests = [...(await columnTypes(duckdb, path))].flatMap(([name, type]): ColumnRequest[] => {
    const wanted = declared.get(name) ?? type;
    return wanted === undefined ? [] : [{ column: name, name, type: wanted }];
  });
  return readWhole(duckdb, path, requests);
}

/** Types of a file's columns, in its order; in CSV, where all is text, what all values of the column are. */
async function columnTypes(duckdb: Duckdb, path: string): Promise<Map<string, ElementType | undefined>> {
  const schema = await duckdb.schema(path);
  const isText = schema.every(({ sourceType }) => sourceType === "VARCHAR");
  const typed = isText ? await duckdb.columnFacts(path) : schema;
  return new Map(typed.map(({ name, type }) => [name, type]));
}

async function readWhole(duckdb: Duckdb, path: string, columns: readonly ColumnRequest[]): Promise<Table> {
  const rows = await duckdb.rowCount(path);
  for await (const table of duckdb.readTables(path, { columns, batchRows: Math.max(1, rows) })) return table;
  return { rows: 0, columns: new Map() };
}
