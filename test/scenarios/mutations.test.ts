import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/apps/cli/run-cli.ts";
import type { Session } from "../../src/apps/cli/session.ts";
import type { Finding } from "../../src/kernel/index.ts";
import { copyHandOff, type HandOffCopy } from "../support/hand-off-copy.ts";
import { mutations } from "./mutations/index.ts";
import type { Mutation } from "./mutations/mutation.ts";

const example = fileURLToPath(new URL("../../examples/flight-delay", import.meta.url));
const parts = [
  "baton.yaml",
  "requirements.lock",
  "model",
  "story",
  "golden",
  join("data", "training.parquet"),
  join("data", "joint.parquet"),
];
const generated = ["baton.lock", "profile.json"];

let sound: HandOffCopy;

/** The example as it is; what `baton profile` generates is taken from it, or generated where it is not there. */
beforeAll(async () => {
  const there = generated.every((name) => existsSync(join(example, name)));
  sound = await copyHandOff(example, there ? [...parts, ...generated] : parts);
  if (!there) expect(await run(sound.folder, "profile", ".")).toMatchObject({ exitCode: 0 });
});
afterAll(() => sound.discard());

interface Checked {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly text: string;
}

/** A command line in a folder, in this process. */
async function run(
  folder: string,
  ...argv: string[]
): Promise<{ exitCode: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const session: Session = {
    cwd: folder,
    env: {},
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    now: () => new Date(),
    color: false,
    interactive: false,
    width: 100,
  };
  const exitCode = await runCli(argv, session);
  return { exitCode, out, err };
}

async function check(folder: string): Promise<Checked> {
  const { exitCode, out, err } = await run(folder, "check", ".", "--json");
  const { findings } = JSON.parse(out) as { findings: Finding[] };
  return { exitCode, findings, text: out + err };
}

const codesOf = (findings: readonly Finding[]) => [...new Set(findings.map(({ code }) => code))].sort();

describe("baton check", () => {
  it("finds nothing in the example", async () => {
    const { findings, exitCode } = await check(sound.folder);
    expect(findings).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it("knows sixty defects and more", () => {
    expect(mutations.length).toBeGreaterThanOrEqual(60);
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  });

  it.concurrent.each(mutations)("$name: $codes", async (mutation) => {
    await mutated(mutation, async ({ folder }) => {
      const { findings, exitCode, text } = await check(folder);
      const told = findings.map(({ code, message }) => `${code}: ${message}`).join("\n");
      expect(codesOf(findings), told).toEqual([...mutation.codes].sort());
      expect(exitCode).toBe(findings.some(({ severity }) => severity === "blocking") ? 1 : 0);
      expect(text).not.toMatch(stack);
      expect(text).not.toContain(folder);
      for (const finding of findings) expect(finding.next).not.toBe("");
    });
  });
});

/** One of each family, as a person runs it. */
const byHand = [
  "a misspelt key",
  "the model is cut",
  "a carrier that is not listed",
  "no predictions",
  "no hashes at all",
  "changed training data under an old lock",
];

describe("the built command line", () => {
  it.concurrent.each(mutations.filter(({ name }) => byHand.includes(name)))(
    "says $codes of $name, and ends with 1",
    async (mutation) => {
      await mutated(mutation, async ({ folder }) => {
        const { exitCode, out, err } = await built("check", folder);
        for (const code of mutation.codes) expect(out).toContain(code);
        expect(exitCode, err).toBe(1);
        expect(out + err).not.toMatch(stack);
      });
    },
  );

  it("ends with 0 on the example", async () => {
    expect(byHand.filter((name) => !mutations.some((mutation) => mutation.name === name))).toEqual([]);
    const { exitCode, out, err } = await built("check", sound.folder);
    expect(exitCode, out + err).toBe(0);
  });
});

const stack = /^\s+at .*:\d+:\d+\)?$/m;

/** A copy of the sound example with one defect, thrown away afterwards. */
async function mutated(mutation: Mutation, use: (copy: HandOffCopy) => Promise<void>): Promise<void> {
  const copy = await copyHandOff(sound.folder, [...parts, ...generated]);
  try {
    await mutation.mutate(copy);
    await use(copy);
  } finally {
    await copy.discard();
  }
}

/** The command line that `npm run build` makes. */
function built(...argv: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const script = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...argv], { cwd: sound.folder }, (error, out, err) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
