import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** What `baton watch --json` says of one group of errors. */
export interface ToldGroup {
  readonly class: string;
  readonly clause: string;
  readonly owner: string;
  readonly severity: string;
  readonly first: string;
  readonly last: string;
  readonly message: string;
  readonly fingerprint: string;
  readonly clauses: readonly string[];
  readonly consequences: readonly string[];
  readonly samples: readonly string[];
}

/** What `baton watch --json` says of wrong predictions. */
export interface ToldWrong {
  readonly rows: number;
  readonly wrong: number;
  readonly classes: readonly {
    readonly class: string;
    readonly owner: string;
    readonly rows: number;
    readonly wrong: number;
    readonly expected: number;
  }[];
}

/** A folder in which a copy of an example is observed on rows with faults, and watched, by the built CLI. */
export interface FaultBench {
  /** Path of a file or folder of the bench. */
  inRoot(name: string): string;
  /** Runs SQL; files are named by their path. */
  sql(query: string): Promise<void>;
  /** Has a hand-off of the bench answer the rows of a query; gives the folder of its observations. */
  observe(name: string, query: string, handOff?: string): Promise<string>;
  /** Groups that are told of observations; the arguments are folders and flags of `baton watch`. */
  groupsOf(...args: string[]): Promise<readonly ToldGroup[]>;
  /** The same with wrong predictions; labels are named among the flags. */
  toldOf(...args: string[]): Promise<{ readonly errors: readonly ToldGroup[]; readonly wrong: ToldWrong }>;
  /** Deletes files and folders of a name: a folder of observations would be added to. */
  forget(name: string): Promise<void>;
  remove(): Promise<void>;
}

/** Copies a hand-off into a bench under the name `hand-off`; its profile is made anew where `profile` says so. */
export async function faultBench(
  example: string,
  { profile = false }: { readonly profile?: boolean } = {},
): Promise<FaultBench> {
  const root = await mkdtemp(join(tmpdir(), "baton-faults-"));
  const inRoot = (name: string) => join(root, name);
  const baton = (...args: string[]) => runBaton(args, inRoot("state"));
  await cp(example, inRoot("hand-off"), { recursive: true });
  const toldOf = async (...args: string[]) => {
    const told = await baton("watch", ...args, "--baton", inRoot("hand-off"), "--json");
    return JSON.parse(succeeded(told, [0, 1])) as Awaited<ReturnType<FaultBench["toldOf"]>>;
  };
  if (profile) succeeded(await baton("profile", inRoot("hand-off")), [0]);
  return {
    inRoot,
    sql,
    async observe(name, query, handOff = "hand-off") {
      await sql(`COPY (${query}) TO '${inRoot(`${name}.parquet`)}' (FORMAT parquet)`);
      const files = [inRoot(`${name}.parquet`), inRoot(`${name}-out.parquet`)];
      const flags = ["--allow-unsigned", "--allow-unaccepted", "--observe", inRoot(name)];
      succeeded(await baton("predict", inRoot(handOff), ...files, ...flags), [0, 1]);
      return inRoot(name);
    },
    toldOf,
    groupsOf: async (...args) => (await toldOf(...args)).errors,
    async forget(name) {
      for (const suffix of ["", ".parquet", "-out.parquet"])
        await rm(inRoot(name + suffix), { recursive: true, force: true });
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runBaton(args: readonly string[], state: string): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 512 * 1024 * 1024, env: { ...process.env, BATON_STATE: state } };
    execFile(process.execPath, ["dist/cli.js", ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

function succeeded({ code, stdout, stderr }: Ended, codes: readonly number[]): string {
  if (!codes.includes(code)) throw new Error(`baton ended with ${code}: ${stderr}${stdout.slice(0, 2000)}`);
  return stdout;
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

interface CountersFile {
  readonly digest: string;
  readonly windows: readonly { readonly start: number; readonly calls: number }[];
}

/** Rewrites every file of counters of a folder. */
export async function rewriteCounters(
  folder: string,
  change: (counted: CountersFile) => object,
): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".counters.json")) continue;
    const path = join(folder, name);
    const counted = JSON.parse(await readFile(path, "utf8")) as CountersFile;
    await writeFile(path, JSON.stringify({ ...counted, ...change(counted) }));
  }
}

/** Puts the counters of one folder under the digest of another: what a replica writes whose model file was exchanged. */
export async function claimToBe(sound: string, other: string): Promise<void> {
  let digest = "";
  await rewriteCounters(sound, (counted) => {
    digest = counted.digest;
    return {};
  });
  await rewriteCounters(other, () => ({ digest }));
}
