import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { watch as watchFolder } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { program, type Ran } from "../support/baton-program.ts";
import { type WatchedModel, watchedModel } from "../support/watched-model.ts";

/* Two at once, one that is killed, and a disk that is full: nothing lost, nothing half written, nothing twice. */

let model: WatchedModel;
let plain: string;
/** Where those that are killed unpack what they read. */
let scratch: string;
const at = (name: string) => join(model.root, name);
const watch = (...more: string[]) => model.run(...model.watch, ...more);
const asking = ["--request", "--key", "bot.key.pem"];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "baton-killed-"));
  model = await watchedModel();
  await cp(at("relay"), at("relay.before"), { recursive: true });
  plain = (await watch("--json")).stdout;
}, 120_000);
beforeEach(async () => {
  for (const name of ["relay", "requests", "memory", "watch.state", ".relay.lock"])
    await rm(at(name), { recursive: true, force: true });
  await cp(at("relay.before"), at("relay"), { recursive: true });
});
afterAll(async () => {
  await model?.discard();
  await rm(scratch, { recursive: true, force: true });
});

/** What stands in the folder and is neither given nor asked for: temporary files, locks. */
async function leftOver(): Promise<string[]> {
  const names = await readdir(model.root, { recursive: true });
  return names.filter((name) => /\.tmp$|(^|\/)\.[^/]*(lock|state|request|enough)/.test(name));
}
const requests = async () => (await readdir(at("relay"))).filter((name) => name.includes("-request-"));

/** Starts a watch and kills it without warning as soon as a name appears in the folder. */
async function killedAt(name: RegExp, ...more: string[]): Promise<void> {
  const folder = watchFolder(model.root);
  const child = spawn(process.execPath, [program, ...model.watch, ...more], {
    cwd: model.root,
    env: { PATH: process.env.PATH, TMPDIR: scratch, ...model.env },
    stdio: "ignore",
  });
  folder.on("change", (_, file) => {
    if (name.test(String(file))) child.kill("SIGKILL");
  });
  await once(child, "exit");
  folder.close();
}

/** Runs a watch that may write no file of more than so many KiB. */
function limited(kib: number, ...more: string[]): Promise<Ran> {
  // POSIX counts in half KiB.
  const script = `ulimit -f ${2 * kib}; exec "$0" "$@"`;
  const argv = [program, "watch", "observed", "--baton", ".", "--at", "2026-01-20", ...more];
  const env = { PATH: process.env.PATH, ...model.env };
  return new Promise((resolve) => {
    execFile(
      "sh",
      ["-c", script, process.execPath, ...argv],
      { cwd: model.root, env },
      (error, stdout, stderr) => resolve({ exitCode: error ? Number(error.code ?? 255) : 0, stdout, stderr }),
    );
  });
}

describe("two at once", () => {
  it("on one state say the same as without one, and leave one whole state", async () => {
    for (let round = 0; round < 3; round++) {
      const both = await Promise.all([
        watch("--state", "watch.state", "--json"),
        watch("--state", "watch.state", "--json"),
      ]);
      expect(both.map(({ stdout }) => stdout)).toEqual([plain, plain]);
    }
    expect((await watch("--state", "watch.state", "--json")).stdout).toBe(plain);
    expect(await leftOver()).toEqual([]);
  });

  it("on one relay ask once", async () => {
    const both = await Promise.all([watch(...asking), watch(...asking)]);
    expect(both.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(
      both.map(() => [0, expect.anything()]),
    );
    expect(both.filter(({ stdout }) => stdout.includes("asked for the version after"))).toHaveLength(1);
    expect(await requests()).toHaveLength(1);
    expect(await readdir(at("requests"))).toHaveLength(1);
    expect(await leftOver()).toEqual([]);
  });
});

describe("one that is killed without warning", () => {
  it("while it writes the state leaves the old one or the new one, and the next says the same", async () => {
    for (let round = 0; round < 3; round++) {
      await killedAt(/^\.watch\.state\./, "--state", "watch.state");
      const text = await readFile(at("watch.state"), "utf8").catch(() => undefined);
      const next = await watch("--state", "watch.state", "--json");
      expect(next.stdout).toBe(plain);
      if (text !== undefined) expect(text.endsWith("\n")).toBe(true);
    }
    for (const name of await leftOver()) await rm(at(name));
  });

  it("while it asks is made up for by the next, once", async () => {
    await killedAt(/^\.relay\.lock$/, ...asking);
    const next = await watch(...asking);
    expect([next.exitCode, next.stderr]).toEqual([0, expect.not.stringContaining("is at work here")]);
    expect(await requests()).toHaveLength(1);
    await watch(...asking);
    expect(await requests()).toHaveLength(1);
    expect((await readdir(at("requests"))).filter((name) => !name.startsWith("."))).toHaveLength(1);
    for (const name of await leftOver()) await rm(at(name), { recursive: true });
  });
});

describe("no room for a file", () => {
  it.each(["--state", "--html", "--markdown"])(
    "of %s: it is said, and what was there stays",
    async (option) => {
      const first = await limited(10_000, option, "kept");
      expect(first.exitCode).toBe(0);
      const before = await readFile(at("kept"));
      const kib = Math.max(1, Math.floor(before.length / 1024 / 2));
      const { exitCode, stderr } = await limited(kib, option, "kept");
      expect([exitCode, stderr]).toEqual([
        2,
        expect.stringContaining("→ Raise the limit (ulimit -f) and run it again."),
      ]);
      expect(stderr).not.toContain("    at ");
      expect(Buffer.compare(await readFile(at("kept")), before)).toBe(0);
      await rm(at("kept"));
      expect(await leftOver()).toEqual([]);
    },
  );

  it.each([1, 30, 60, 100])("of what %i KiB hold: nothing is asked in half, and it is said", async (kib) => {
    const { exitCode, stderr } = await limited(kib, "--labels", "asked.csv", ...asking);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("[file-unusable]")]);
    expect(stderr).toMatch(/→ (Make room|Free some space|Raise the limit)/);
    expect(stderr).not.toContain("    at ");
    expect(await requests()).toEqual([]);
    expect(await leftOver()).toEqual([]);
    expect((await limited(100_000, "--labels", "asked.csv", ...asking)).exitCode).toBe(0);
    expect(await requests()).toHaveLength(1);
  });
});
