import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { feedFaults, stationaryDays, withFault } from "../support/feed-faults.ts";

/*
 * Faults put into a replay, each told as what it is, by the right owner, once. Two bases: days on which nothing drifts,
 * where the fault must be all that is told, and June to December as they were, where seasons drift beside it.
 */

const example = "examples/flight-delay";
let root: string;
const inRoot = (name: string) => join(root, name);

interface Group {
  readonly class: string;
  readonly clause: string;
  readonly owner: string;
  readonly first: string;
  readonly last: string;
  readonly message: string;
  readonly fingerprint: string;
  readonly consequences: readonly string[];
}

interface Base {
  readonly rows: string;
  /** Day with which a fault begins, and the end of the last window. */
  readonly onset: string;
  readonly ends: string;
}

const bases: Readonly<Record<"still" | "replay", Base>> = {
  still: {
    rows: stationaryDays(`${example}/data/training.parquet`, { rows: 40_000, days: 60 }),
    ...{ onset: "2014-02-01", ends: "2014-03-02" },
  },
  replay: { rows: `FROM '${example}/data/replay.parquet'`, onset: "2013-09-10", ends: "2014-01-02" },
};

/** What is told of each fault, on whose clause. */
const told: Readonly<Record<string, readonly [name: string, clause: string]>> = {
  "unit-change": ["upstream.unit-change", "features.temperature"],
  "dropped-column": ["upstream.schema-change", "features.pressure"],
  "new-category": ["contract.category", "features.origin"],
  "stale-feed": ["upstream.stale-feed", "features.temperature"],
  "swapped-columns": ["upstream.swapped-columns", "features.temperature"],
};

/** Season and limitation: told of the replay as it was, whatever else is wrong with it. */
const ofTheSeason = /^(drift\.covariate|limitation\.by-design)$/;

function baton(...args: string[]): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 512 * 1024 * 1024, env: { ...process.env, BATON_STATE: inRoot("state") } };
    execFile(process.execPath, ["dist/cli.js", ...args], options, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, stdout }),
    );
  });
}

async function sql(query: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(query);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function observe(name: string, query: string): Promise<string> {
  await sql(`COPY (${query}) TO '${inRoot(`${name}.parquet`)}' (FORMAT parquet)`);
  const files = [inRoot(`${name}.parquet`), inRoot(`${name}-out.parquet`)];
  const flags = ["--allow-unsigned", "--allow-unaccepted", "--observe", inRoot(name)];
  const { code } = await baton("predict", inRoot("hand-off"), ...files, ...flags);
  expect([0, 1]).toContain(code);
  return inRoot(name);
}

async function groupsOf(folder: string, ...options: string[]): Promise<readonly Group[]> {
  const { stdout } = await baton("watch", folder, "--baton", inRoot("hand-off"), "--json", ...options);
  return (JSON.parse(stdout) as { errors: Group[] }).errors;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-faults-"));
  await cp(example, inRoot("hand-off"), { recursive: true });
  const { code } = await baton("profile", inRoot("hand-off"));
  expect(code).toBe(0);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

describe.each(["still", "replay"] as const)("in %s", (kind) => {
  const base = bases[kind];
  for (const fault of feedFaults)
    it(`${fault.name} is told as what it is`, { timeout: 180_000 }, async () => {
      const folder = await observe(`${kind}-${fault.name}`, withFault(fault, base.rows, base.onset));
      const groups = await groupsOf(folder);
      const [own, season] = [
        groups.filter((group) => !ofTheSeason.test(group.class)),
        groups.filter((group) => ofTheSeason.test(group.class)),
      ];
      if (kind === "still") expect(season).toEqual([]);
      const expected = told[fault.name];
      if (!expected) {
        expect(own).toEqual([]);
        return;
      }
      expect(own.map((group) => [group.class, group.clause, group.owner])).toEqual([[...expected, "builds"]]);
      expect([own[0]!.first.slice(0, 10), own[0]!.last.slice(0, 10) >= base.ends.slice(0, 7)]).toEqual([
        base.onset,
        true,
      ]);
      if (fault.name === "unit-change") expect(own[0]!.message).toContain("in degC and not in degF");
      expect(season.filter(({ clause, last }) => clause === own[0]!.clause && last > base.onset)).toEqual([]);
    });
});
