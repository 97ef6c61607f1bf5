import { cp, mkdir, open, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWarmProgram, type WarmProgram } from "../support/baton-program.ts";
import { makePipe } from "../support/named-pipe.ts";
import { type WatchedModel, watchedModel } from "../support/watched-model.ts";

/* Pipes, devices, folders and huge files in place of what is read; folders that are not there in place of what is written. */

let model: WatchedModel;
let program: WarmProgram;
let plain: string;
const at = (name: string) => join(model.root, name);
const run = (...argv: string[]) => program.run(argv, { cwd: model.root, env: model.env });
const base = () => ["watch", "observed", "--baton", model.file, "--at", "2026-01-20"];

beforeAll(async () => {
  program = await startWarmProgram();
  model = await watchedModel();
  plain = (await run(...base(), "--json")).stdout;
  await mkdir(at("folder.csv"));
  await makePipe(at("pipe.csv"));
  await symlink("asked.csv", at("link.csv"));
  await writeFile(at("empty.csv"), "");
  await huge("huge.csv", 3 * 1024 ** 3);
  await mkdir(at("ops/folder.yaml"), { recursive: true });
  await makePipe(at("ops/pipe.yaml"));
  await huge("ops/huge.yaml", 1024 ** 3);
  await huge("huge.state", 1024 ** 3);
}, 120_000);
afterAll(async () => {
  await program?.end();
  await model?.discard();
});

/** A file of zeros that takes no room. */
async function huge(name: string, bytes: number): Promise<void> {
  const file = await open(at(name), "w");
  await file.truncate(bytes);
  await file.close();
}

describe("what cannot be read is refused by name, with what to do", () => {
  it.each<[what: string, options: string[], says: string]>([
    ["a folder as labels", ["--labels", "folder.csv"], "folder.csv is not a file"],
    ["a pipe as labels", ["--labels", "pipe.csv"], "pipe.csv is not a file"],
    ["a device as labels", ["--labels", "/dev/zero"], "/dev/zero is not a file"],
    ["nothing as labels", ["--labels", "nothing.csv"], "nothing.csv does not exist"],
    ["zeros as labels", ["--labels", "huge.csv"], "huge.csv is neither Parquet nor CSV text"],
    ["an empty file as labels", ["--labels", "empty.csv"], "empty.csv"],
    ["a folder as a state", ["--state", "folder.csv"], "folder.csv is not a file"],
    ["a pipe as a state", ["--state", "pipe.csv"], "pipe.csv is not a file"],
    ["a device as a state", ["--state", "/dev/zero"], "/dev/zero is not a file"],
    ["a folder as an environment", ["--env", "folder"], "ops/folder.yaml is not a regular file"],
    ["a pipe as an environment", ["--env", "pipe"], "ops/pipe.yaml is not a regular file"],
    ["zeros as an environment", ["--env", "huge"], "ops/huge.yaml has 1073741824 bytes"],
    ["a path as an environment", ["--env", "../production"], "cannot name an environment"],
    ["a folder as a page", ["--html", "folder.csv"], "folder.csv is not a regular file"],
    ["a pipe as a page", ["--markdown", "pipe.csv"], "pipe.csv is not a regular file"],
    ["a device as metrics", ["--prometheus", "/dev/full"], "/dev/full is not a regular file"],
    ["a link as a page", ["--html", "link.csv"], "link.csv is a symbolic link"],
    ["a file on the way to a page", ["--html", "asked.csv/page.html"], "has a file where a folder should be"],
  ])("%s", async (_, options, says) => {
    const { exitCode, stdout, stderr } = await run(...base(), ...options);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(says)]);
    expect(stderr).toMatch(/\n {4}→ \S/);
    expect(stdout + stderr).not.toMatch(/^ {4}at |inside baton/m);
  });

  it("zeros as a state are told, and the state is made anew", async () => {
    const { stdout } = await run(...base(), "--state", "huge.state");
    expect(stdout).toContain("[watch.state-rebuilt]");
    expect((await run(...base(), "--state", "huge.state", "--json")).stdout).toBe(plain);
  });

  it("a folder, a pipe and a link to nothing among the counters are told, and a link to counters counts", async () => {
    await cp(at("observed"), at("strange"), { recursive: true });
    const name = (await readdir(at("strange"))).find((one) => one.endsWith(".counters.json"))!;
    await cp(at(join("strange", name)), at("elsewhere.json"));
    await rm(at(join("strange", name)));
    await symlink("../elsewhere.json", at(join("strange", name)));
    await mkdir(at("strange/folder.counters.json"));
    await makePipe(at("strange/pipe.counters.json"));
    await symlink("nothing", at("strange/link.counters.json"));
    await huge("strange/huge.counters.json", 1024 ** 3);
    const { exitCode, stdout } = await run(
      ...base().map((word) => (word === "observed" ? "strange" : word)),
      "--json",
    );
    const { findings, windows } = JSON.parse(stdout) as {
      findings: { code: string; file?: string }[];
      windows: object[];
    };
    expect(exitCode).toBe(1);
    const unreadable = findings
      .filter(({ code }) => code === "watch.file-unreadable")
      .map(({ file }) => file);
    expect(unreadable.sort()).toEqual(
      ["folder", "huge", "link", "pipe"].map((one) => `${one}.counters.json`),
    );
    expect(windows).toHaveLength(5);
  });
});

it("folders on the way to what is written are made, by every command alike", async () => {
  const files = [
    "--html",
    "new/a/page.html",
    "--markdown",
    "new/b/page.md",
    "--prometheus",
    "new/c/page.prom",
  ];
  await run(...base(), ...files, "--state", "new/d/watch.state");
  for (const name of ["a/page.html", "b/page.md", "c/page.prom", "d/watch.state"])
    expect((await readFile(at(`new/${name}`))).length).toBeGreaterThan(0);
  const predicted = await run("predict", model.file, "asked.csv", "new/e/answers.parquet");
  expect([predicted.exitCode, predicted.stderr]).toEqual([
    1,
    expect.not.stringContaining("cannot be written"),
  ]);
  expect(await readdir(at("new/e"))).toEqual(["answers.parquet"]);
});
