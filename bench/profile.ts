/**
 * Time to profile 3,000,000 rows against DuckDB's own SUMMARIZE of the same file, in turns, in one process.
 * Run: npx tsx bench/profile.ts [FILE.parquet] [ROUNDS]
 */
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { openDuckdb } from "../src/adapters/duckdb/index.ts";
import { canonicalJson, sha256 } from "../src/kernel/index.ts";
import { type ProfileColumn, profileTable } from "../src/profile/index.ts";

const [file = sampleFile(), rounds = "7"] = process.argv.slice(2);
const threads = 2;

const instance = await DuckDBInstance.create(":memory:", {
  threads: String(threads),
  memory_limit: "1024MiB",
});
const summarizer = await instance.connect();
const duckdb = await openDuckdb({ threads });
const columns = await everyColumn();
const rows = await duckdb.rowCount(file);

const times: { profile: number[]; summarize: number[] } = { profile: [], summarize: [] };
const digests = new Set<string>();
for (let round = 0; round <= Number(rounds); round++) {
  const measured = {
    profile: await timed(async () => digests.add(await profile())),
    summarize: await timed(() =>
      summarizer.runAndReadAll(`SUMMARIZE SELECT * FROM '${file.replaceAll("'", "''")}'`),
    ),
  };
  // The first round warms both up.
  if (round === 0) continue;
  times.profile.push(measured.profile);
  times.summarize.push(measured.summarize);
}
duckdb.close();

const [ours, theirs] = [median(times.profile), median(times.summarize)];
console.log(
  `${rows.toLocaleString("en")} rows, ${columns.length} columns, ${threads} threads, ${rounds} rounds in turns`,
);
console.log(
  `profile    median ${ours.toFixed(0)} ms  [${times.profile.map((ms) => ms.toFixed(0)).join(", ")}]`,
);
console.log(
  `SUMMARIZE  median ${theirs.toFixed(0)} ms  [${times.summarize.map((ms) => ms.toFixed(0)).join(", ")}]`,
);
console.log(`ratio      ${(ours / theirs).toFixed(3)}  (at most 1)`);
console.log(`profiles   ${digests.size === 1 ? "byte-identical in every round" : "DIFFER between rounds"}`);
process.exitCode = ours <= theirs && digests.size === 1 ? 0 : 1;

async function profile(): Promise<string> {
  const source = await duckdb.profileSource(file, columns);
  try {
    return sha256(canonicalJson(await profileTable(source, columns)));
  } finally {
    source.close();
  }
}

/** All columns; dates and times as milliseconds, since SUMMARIZE takes their quantiles too. */
async function everyColumn(): Promise<ProfileColumn[]> {
  const schema = await duckdb.schema(file);
  return schema.flatMap(({ name, type, sourceType }) =>
    type ? [{ name, column: name, type: /^(DATE|TIME)/.test(sourceType) ? ("int64" as const) : type }] : [],
  );
}

function sampleFile(): string {
  return fileURLToPath(new URL("../node_modules/vega-datasets/data/flights-3m.parquet", import.meta.url));
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}
