import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/kernel/index.ts";
import type { RequestSaid, ReviewSaid } from "../../src/relay/index.ts";
import { type Ran, startWarmProgram, type WarmProgram } from "../support/baton-program.ts";
import { type Forgery, forgeEntry } from "../support/forge-entry.ts";

/* Requests and reviews that somebody forged, with the keys that they have, looked at as a person would. */

const sketch = `baton: 1
level: sketch
model: { name: rides, version: 0.1.0, task: regression }
owners: { builds: forecasting@example.org, runs: platform@example.org }
use: Minutes until a ride arrives, shown to riders. Never for pay.
features:
  - { name: distance, type: float32, range: [0, 200] }
  - { name: city, type: string, values: [ams, ber] }
output: { name: minutes, type: float32, range: [0, 600] }
gates: [ "mae <= 3.0" ]
limitations:
  - { id: two-cities, text: Other cities are rejected., kept-by: features.city }
budget: { p99: 50ms, at: 20/s, hardware: 1cpu-512Mi }
review: { first: 7d, every: 30d }
`;
const rows = Buffer.from("minutes\n1\n");
const said: RequestSaid = {
  clause: "retrain.worse",
  window: "2026-01-01T00:00:00.000Z",
  reason: "It holds in 3 of the last 4 windows.",
  values: [],
  rows: { file: "rows.parquet", sha256: createHash("sha256").update(rows).digest("hex"), count: 1 },
};
const request = { action: "request", person: "bot", role: "service", request: said } as const;
const decided: ReviewSaid = {
  material: { file: "0001-2026-01-02", digest: "1".repeat(64), collected: "2026-01-02T00:00:00.000Z" },
  decision: "keep",
};
const review = { action: "review", note: "Well.", review: decided } as const;

let origin: string;
let root: string;
let program: WarmProgram;
const file = "rides-0.1.0.baton";
const at = (name: string) => join(root, name);

const run = (...argv: string[]): Promise<Ran> =>
  program.run(argv, { cwd: root, env: { HOME: root, BATON_STATE: at("state") } });
async function done(...argv: string[]): Promise<Ran> {
  const ran = await run(...argv);
  expect([ran.exitCode, argv.join(" "), ran.stdout + ran.stderr]).toEqual([
    0,
    argv.join(" "),
    expect.anything(),
  ]);
  return ran;
}

beforeAll(async () => {
  program = await startWarmProgram();
  root = origin = await mkdtemp(join(tmpdir(), "baton-forged-"));
  await mkdir(at("home"));
  root = at("home");
  await writeFile(at("baton.yaml"), sketch);
  const add = ["--add", ".baton/people.yaml"];
  await done("key", "new", "lab", "--role", "builds", ...add);
  await done("key", "new", "ops", "--role", "runs", ...add);
  await done("key", "new", "bot", "--service", ...add);
  await done("key", "new", "foe");
  await done("seal");
  await done("offer", file, "--key", "lab.key.pem");
  await done("accept", file, "--key", "ops.key.pem");
  await done("deploy", file, "--env", "production", "--key", "ops.key.pem");
});
beforeEach(async () => {
  root = await mkdtemp(join(origin, "case-"));
  await cp(join(origin, "home"), root, { recursive: true });
});
afterAll(async () => {
  await program?.end();
  await rm(origin, { recursive: true, force: true });
});

const forge = (by: string, entry: Forgery) => forgeEntry(at("relay"), at(`${by}.key.pem`), entry);

interface Status {
  readonly passed: boolean;
  readonly requests: readonly unknown[];
  readonly reviews: readonly unknown[];
  readonly findings: readonly { readonly code: string; readonly file?: string; readonly message: string }[];
}

async function status(): Promise<Status> {
  const { stdout } = await run("status", file, "--json");
  return JSON.parse(stdout) as Status;
}

describe("an entry is named, counts for nothing, and stops what rests on the relay", () => {
  it.each<[string, string, Forgery, string]>([
    ["a review by a service", "bot", { ...review, person: "bot", role: "service" }, "relay.wrong-role"],
    [
      "a review by a service as builds",
      "bot",
      { ...review, person: "bot", role: "builds" },
      "relay.wrong-role",
    ],
    [
      "a review under another's name",
      "bot",
      { ...review, person: "lab", role: "builds" },
      "relay.wrong-person",
    ],
    ["a review in the other role", "ops", { ...review, person: "ops", role: "builds" }, "relay.wrong-role"],
    ["a review by nobody", "foe", { ...review, person: "foe", role: "builds" }, "relay.unknown-key"],
    [
      "a review of what never ran",
      "lab",
      { ...review, person: "lab", role: "builds", contentDigest: "2".repeat(64) },
      "relay.out-of-turn",
    ],
    [
      "a review of another version",
      "lab",
      { ...review, person: "lab", role: "builds", version: "9.9.9" },
      "relay.out-of-turn",
    ],
    ["a request by nobody", "foe", { ...request, person: "foe" }, "relay.unknown-key"],
    ["a request of another model", "bot", { ...request, model: "walks" }, "relay.other-model"],
    ["a request of another version", "bot", { ...request, version: "0.2.0" }, "relay.out-of-turn"],
    [
      "a request for what was never accepted",
      "bot",
      { ...request, contentDigest: "2".repeat(64) },
      "relay.out-of-turn",
    ],
    [
      "a request of tomorrow",
      "bot",
      { ...request, at: new Date(Date.now() + 864e5).toISOString() },
      "relay.future-dated",
    ],
    [
      "a request that stands on nothing here",
      "bot",
      { ...request, parents: ["3".repeat(64)] },
      "relay.missing-parent",
    ],
    [
      "an acceptance by a service",
      "bot",
      { action: "accept", person: "bot", role: "runs" },
      "relay.wrong-role",
    ],
  ])("%s", async (_, by, entry, code) => {
    const name = await forge(by, entry);
    const { passed, requests, reviews, findings } = await status();
    expect([passed, requests, reviews]).toEqual([false, [], []]);
    expect(findings.map((finding) => [finding.code, finding.file])).toContainEqual([code, name]);
    const seen = await run("status", file);
    expect([seen.exitCode, seen.stdout]).toEqual([1, expect.stringContaining(`[${code}]`)]);
    expect((await run("log", file)).exitCode).toBe(1);
    const collected = await run("review", "--baton", file);
    const signing = await run("recall", file, "--note", "Odd.", "--key", "lab.key.pem");
    expect(signing.stdout + signing.stderr + collected.stdout).not.toContain("    at ");
  });
});

/** The builders answer with version 0.2.0. */
async function offerNext(): Promise<void> {
  await writeFile(at("baton.yaml"), sketch.replace("0.1.0", "0.2.0"));
  await done("seal");
  await done("offer", "rides-0.2.0.baton", "--key", "lab.key.pem");
}

describe("a request", () => {
  it("that was brought back after its answer stays answered, and one that asks again is refused", async () => {
    const asked = await forge("bot", request);
    const kept = await readFile(at(join("relay", asked)));
    await offerNext();
    await done("accept", "rides-0.2.0.baton", "--key", "ops.key.pem");
    await rm(at(join("relay", asked)));
    await writeFile(at(join("relay", asked)), kept);
    const { passed, requests } = await status();
    expect([passed, requests]).toEqual([true, [expect.objectContaining({ closed: expect.anything() })]]);
    const again = await forge("bot", request);
    const refused = await status();
    expect(refused.findings.map((finding) => [finding.code, finding.file])).toContainEqual([
      "relay.out-of-turn",
      again,
    ]);
    expect(refused.requests).toHaveLength(1);
  });

  it("opens the way for the rows that it names, and for no others", async () => {
    await forge("bot", request);
    await offerNext();
    await writeFile(at("rows.parquet"), "minutes\n9\n");
    const accept = ["accept", "rides-0.2.0.baton", "--key", "ops.key.pem", "--fresh", "rows.parquet"];
    const swapped = await run(...accept);
    expect([swapped.exitCode, swapped.stderr]).toEqual([
      2,
      expect.stringContaining("is not the file of an open request"),
    ]);
    expect((await readdir(at("relay"))).filter((name) => name.includes("-accept-"))).toHaveLength(1);
  });
});

describe("material of a review", () => {
  const sign = (page: string, by: "lab" | "ops") =>
    run(
      "review",
      "sign",
      page,
      "--baton",
      file,
      "--decision",
      "keep",
      "--view",
      "Well.",
      "--key",
      `${by}.key.pem`,
    );
  async function collected(): Promise<string> {
    const { stdout } = await done("review", "--baton", file);
    return /reviews\/[\d-]+/.exec(stdout)![0];
  }
  /** Rewrites material and page so that they agree with each other again. */
  async function rewrite(stem: string): Promise<void> {
    const page = (await readFile(at(`${stem}.md`), "utf8")).replace("neither good nor bad", "very good");
    const { digest: _, ...material } = JSON.parse(await readFile(at(`${stem}.json`), "utf8")) as object & {
      digest: string;
    };
    const hash = (text: string) => createHash("sha256").update(text).digest("hex");
    const bound = { ...material, page: hash(page) };
    await writeFile(at(`${stem}.md`), page);
    await writeFile(at(`${stem}.json`), JSON.stringify({ ...bound, digest: hash(canonicalJson(bound)) }));
  }
  const codes = ({ findings }: Status) => findings.map((finding) => finding.code);

  it("that both signed and somebody rewrote, with its page, is told", async () => {
    const stem = await collected();
    for (const by of ["lab", "ops"] as const) expect((await sign(`${stem}.md`, by)).exitCode).toBe(0);
    expect(codes(await status())).not.toContain("relay.material-edited");
    await rewrite(stem);
    const rewritten = await status();
    expect([rewritten.passed, codes(rewritten)]).toEqual([
      false,
      expect.arrayContaining(["relay.material-edited"]),
    ]);
    const text = await run("status", file);
    expect([text.exitCode, text.stdout]).toEqual([
      1,
      expect.stringContaining("lab as builds and ops as runs, and holds other content than what was signed"),
    ]);
    const again = await sign(`${stem}.md`, "ops");
    expect([again.exitCode, again.stdout]).toEqual([1, expect.stringContaining("[relay.material-edited]")]);
  });

  it("of which the page alone or the facts alone were changed is told", async () => {
    const stem = await collected();
    expect((await sign(`${stem}.md`, "lab")).exitCode).toBe(0);
    const [page, json] = await Promise.all([".md", ".json"].map((end) => readFile(at(stem + end), "utf8")));
    await writeFile(at(`${stem}.md`), `${page}And well.\n`);
    expect(codes(await status())).toContain("relay.material-edited");
    await writeFile(at(`${stem}.md`), page!.replaceAll("\n", "\r\n"));
    expect(codes(await status())).not.toContain("relay.material-edited");
    await writeFile(at(`${stem}.json`), json!.replace(/"score": \d+/, '"score": 7'));
    expect(codes(await status())).toContain("relay.material-edited");
    await rm(at("reviews"), { recursive: true });
    expect(codes(await status())).not.toContain("relay.material-edited");
  });

  it("that one signed and somebody rewrote is not signed by the other", async () => {
    const stem = await collected();
    expect((await sign(`${stem}.md`, "lab")).exitCode).toBe(0);
    await rewrite(stem);
    const other = await sign(`${stem}.md`, "ops");
    expect([other.exitCode, other.stdout]).toEqual([1, expect.stringContaining("[relay.material-edited]")]);
  });
});
