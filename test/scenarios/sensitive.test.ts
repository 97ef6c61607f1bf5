import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, startWarmProgram, type WarmProgram } from "../support/baton-program.ts";
import { forgeEntry } from "../support/forge-entry.ts";
import {
  canaries,
  type Visit,
  visits,
  visitsText,
  writeSensitiveHandOff,
} from "../support/sensitive-hand-off.ts";
import { startProcess } from "../support/serve-process.ts";

/* Values of sensitive features stand in what callers send, and in nothing that is written of it. */

let program: WarmProgram;
let roots: string[] = [];
const cli = join(import.meta.dirname, "../../dist/cli.js");

beforeAll(async () => {
  program = await startWarmProgram();
});
afterAll(async () => {
  await program?.end();
  for (const root of roots) await rm(root, { recursive: true, force: true });
});

/** What a model was handed over, served and watched as: where it all lies, and everything that was printed. */
interface Walk {
  readonly root: string;
  readonly printed: string;
  readonly replies: string;
}

/** From the profile to a request and a review, with labels by `key`. */
async function walk(key: "visit_id" | "passenger"): Promise<Walk> {
  const root = await mkdtemp(join(tmpdir(), "baton-sensitive-"));
  roots = [...roots, root];
  const at = (name: string) => join(root, name);
  let printed = "";
  const run = async (codes: readonly number[], ...argv: string[]): Promise<Ran> => {
    const env = { HOME: root, BATON_STATE: at("memory") };
    const ran = await program.run(argv, { cwd: root, env });
    printed += ran.stdout + ran.stderr;
    expect([codes, argv.join(" "), ran.stdout, ran.stderr]).toEqual([
      expect.arrayContaining([ran.exitCode]),
      ...[argv.join(" "), ran.stdout, ran.stderr],
    ]);
    return ran;
  };
  await writeSensitiveHandOff(root, key);
  const add = ["--add", ".baton/people.yaml"];
  await run([0], "key", "new", "lab", "--role", "builds", ...add);
  await run([0], "key", "new", "ops", "--role", "runs", ...add);
  await run([0], "key", "new", "bot", "--service", ...add);
  await run([0], "profile");
  await run([0, 1], "check");
  await run([0], "seal", "--key", "lab.key.pem");
  const { stdout } = await run([0], "inspect", "visits-1.0.0.baton", "--json");
  const contentDigest = (JSON.parse(stdout) as { digest: string }).digest;
  const first = { model: "visits", version: "1.0.0", contentDigest };
  await mkdir(at("relay"));
  await forgeEntry(at("relay"), at("lab.key.pem"), {
    ...first,
    action: "offer",
    person: "lab",
    role: "builds",
  });
  await forgeEntry(at("relay"), at("ops.key.pem"), {
    ...first,
    action: "accept",
    person: "ops",
    role: "runs",
  });
  await forgeEntry(at("relay"), at("ops.key.pem"), {
    ...first,
    ...{ action: "deploy", person: "ops", role: "runs", environment: "production" },
  });

  const asked = visits("2026-01-05", 5, 250);
  await writeFile(at("asked.csv"), visitsText(asked));
  const file = "visits-1.0.0.baton";
  await run([0, 1], "predict", file, "asked.csv", "answers.csv", "--observe", "observed");
  const served = await serve(root, file, visits("2026-01-04", 1, 250));
  printed += served.printed;

  await mkdir(at("ops"));
  await writeFile(
    at("ops/production.yaml"),
    "environment: production\nalerts:\n  - command: [node, tell.mjs]\n",
  );
  await writeFile(
    at("tell.mjs"),
    `import { appendFileSync, readFileSync } from "node:fs"; appendFileSync("told.jsonl", readFileSync(0));`,
  );
  const watch = ["watch", "observed", "--baton", file, "--labels", "asked.csv", "--at", "2026-01-20"];
  await run([0, 1], ...watch, "--html", "page.html", "--markdown", "page.md", "--prometheus", "page.prom");
  await run([0, 1], ...watch, "--json", "--state", "watch.state");
  await run([0, 1], ...watch, "--format", "github");
  await run([0, 1], ...watch, "--replay");
  await run([0, 1], ...watch, "--request", "--env", "production", "--key", "bot.key.pem");
  await run([0, 1], "review", "observed", "--baton", file, "--labels", "asked.csv", "--at", "2026-01-20");
  await run([0, 1], "review", "observed", "--baton", file, "--labels", "asked.csv", "--score");
  await run([0, 1], "ci", "nightly", "observed", "--baton", file, "--labels", "asked.csv", "--dry-run");
  await run([0, 1], "status", file);
  await run([0, 1], "log", file);
  // Labels that cannot be used are told without what stands beside them.
  await writeFile(at("wrong.csv"), visitsText(asked.map((visit, index) => ({ ...visit, late: index % 4 }))));
  await run([2], "watch", "observed", "--baton", file, "--labels", "wrong.csv");
  return { root, printed, replies: served.replies };
}

/** Asks a server about visits, sound and broken, by both protocols. */
async function serve(
  root: string,
  file: string,
  asked: readonly Visit[],
): Promise<{ printed: string; replies: string }> {
  const env = { PATH: process.env.PATH, HOME: root, BATON_STATE: join(root, "memory") };
  const server = await startProcess(
    process.execPath,
    [cli, "serve", file, "--port", "0", "--env", "production", "--observe", "observed"],
    { cwd: root, env },
  );
  let replies = "";
  const post = async (path: string, body: unknown) => {
    const reply = await fetch(`${server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
    replies += await reply.text();
  };
  const ask = (records: readonly unknown[]) => post("/v1/models/visits/predict", { records });
  const records = asked.map(({ late: _, ...record }) => record);
  await ask(records);
  for (const change of [
    { passenger: { name: canaries.text } },
    { passenger: canaries.numbers[3] },
    { ward: `${canaries.text}-ward` },
    { income: `${canaries.text}-income` },
    { income: canaries.numbers[1] },
    { born: canaries.text },
    { born: canaries.numbers[0] },
  ])
    await ask([{ ...records[0], ...change }]);
  const tensor = (name: string, datatype: string, data: readonly unknown[]) => ({
    name,
    shape: [1, 1],
    datatype,
    data,
  });
  const inputs = [
    tensor("origin", "BYTES", ["EWR"]),
    tensor("wind_speed", "FP32", [3]),
    tensor("passenger", "BYTES", [canaries.text]),
    tensor("ward", "BYTES", ["north"]),
    tensor("income", "FP64", [canaries.numbers[1]]),
    tensor("born", "INT64", [canaries.text]),
  ];
  await post("/v2/models/visits/infer", { id: "r", inputs });
  for (const path of ["/metrics", "/v2/models/visits", "/", "/openapi.json"])
    replies += await (await fetch(server.url + path)).text();
  await server.stop();
  return { printed: server.errors(), replies };
}

/** Every form in which a canary may stand: text, and the bytes of numbers. */
const needles: readonly (readonly [name: string, bytes: Buffer])[] = [
  [canaries.text, Buffer.from(canaries.text)],
  [`${canaries.text} in UTF-16`, Buffer.from(canaries.text, "utf16le")],
  [
    `${canaries.text} in base64`,
    Buffer.from(Buffer.from(`"${canaries.text}`).toString("base64").slice(0, 8)),
  ],
  ...canaries.numbers.flatMap((number): [string, Buffer][] => {
    const whole = Math.trunc(Math.abs(number));
    const double = Buffer.alloc(8);
    double.writeDoubleLE(number);
    const long = Buffer.alloc(8);
    long.writeBigInt64LE(BigInt(Math.trunc(number)));
    return [
      [String(whole), Buffer.from(String(whole))],
      [`${number} as a double`, double],
      [`${number} as an int64`, long],
    ];
  }),
];

function found(bytes: Buffer): string[] {
  return needles.flatMap(([name, needle]) => (bytes.includes(needle) ? [name] : []));
}

/** A Parquet file as DuckDB writes it without compression and dictionaries, and as text. */
async function plainParquet(path: string): Promise<Buffer> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const copies = [`${path}.plain`, `${path}.csv`];
    await connection.run(
      `COPY (FROM read_parquet('${path}')) TO '${copies[0]}' (FORMAT parquet, COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1)`,
    );
    await connection.run(`COPY (FROM read_parquet('${path}')) TO '${copies[1]}' (FORMAT csv)`);
    const bytes = Buffer.concat(await Promise.all(copies.map((copy) => readFile(copy))));
    for (const copy of copies) await rm(copy);
    return bytes;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

it("the search finds what it looks for, in text and in Parquet", async () => {
  const root = await mkdtemp(join(tmpdir(), "baton-sensitive-"));
  roots = [...roots, root];
  const text = visitsText(visits("2026-01-05", 1, 250));
  await writeFile(join(root, "asked.csv"), text);
  expect(found(Buffer.from(text))).toHaveLength(5);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  const path = join(root, "asked.parquet");
  await connection.run(
    `COPY (FROM read_csv('${join(root, "asked.csv")}')) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
  const names = found(await plainParquet(path));
  expect(names).toEqual(
    expect.arrayContaining([canaries.text, "8675309.5 as a double", "19770214 as an int64"]),
  );
});

/** What was given, and what answers hold by agreement: the rows of the caller. */
const given = new Set(["asked.csv", "wrong.csv", "answers.csv", "data/training.csv", "tell.mjs"]);

/** Everything that was written, by what was found in it. */
async function leaks({ root, printed }: Walk): Promise<Record<string, string[]>> {
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => !given.has(name) && !name.endsWith(".baton"));
  const seen: Record<string, string[]> = { printed: found(Buffer.from(printed)) };
  for (const name of files) {
    const bytes = await readFile(join(root, name));
    const plain = name.endsWith(".parquet") ? await plainParquet(join(root, name)) : Buffer.alloc(0);
    seen[name] = found(Buffer.concat([bytes, plain]));
  }
  return seen;
}

describe.each(["visit_id", "passenger"] as const)("with labels by %s", (key) => {
  let walked: Walk;
  let seen: Record<string, string[]>;
  beforeAll(async () => {
    walked = await walk(key);
    seen = await leaks(walked);
  }, 180_000);

  it("everything was written that could hold a value", () => {
    const names = Object.keys(seen).join(" ");
    for (const part of [
      "counters.json",
      "predictions.parquet",
      "rows.parquet",
      "page.html",
      "page.md",
      "page.prom",
    ])
      expect(names).toContain(part);
    for (const part of ["watch.state", "-request-", "told.jsonl", "reviews/0001-"])
      expect(names).toContain(part);
    if (key === "visit_id") expect(names).toMatch(/requests\/\S+\.parquet/);
    expect(walked.printed).toContain("features.income");
    expect(walked.printed).toContain("features.ward");
    expect(walked.replies).toContain("[withheld]");
  });

  it("nothing holds one, but for the profile, whose cells begin at numbers of the training data", () => {
    const { "profile.json": cells = [], ...rest } = seen;
    expect(cells.filter((name) => name.startsWith(canaries.text))).toEqual([]);
    expect(Object.entries(rest).filter(([, list]) => list.length > 0)).toEqual([]);
  });

  it("a server's replies hold none either", () => {
    expect(found(Buffer.from(walked.replies))).toEqual([]);
  });
});
