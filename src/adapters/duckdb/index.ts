export { type ColumnSchema, type Duckdb, openDuckdb } from "./open-duckdb.ts";
export type { FileProfileSource } from "./profile-source.ts";
export type { ReadRequest } from "./read-tables.ts";
export type { ColumnRequest } from "./relation.ts";
export type { DuckdbOptions } from "./session.ts";
export type { WrittenColumn } from "./write-tables.ts";
