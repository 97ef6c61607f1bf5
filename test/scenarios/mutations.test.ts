import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../src/apps/cli/run-cli.ts";
import type { Session } from "../../src/apps/cli/session.ts";
import type { Finding } from "../../src/kernel/index.ts";
import { copyHandOff, type HandOffCopy } from "../support/hand-off-copy.ts";
import { mutations } from "./mutations/index.ts";

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
let copy: HandOffCopy | undefined;

/** The example as it is; what `baton profile` generates is taken from it, or generated where it is not there. */
beforeAll(async () => {
  const there = generated.every((name) => existsSync(join(example, name)));
  sound = await copyHandOff(example, there ? [...parts, ...generated] : parts);
  if (!there) expect(await run(sound.folder, "profile", ".")).toMatchObject({ exitCode: 0 });
});
afterAll(() => sound.discard());
afterEach(() => copy?.discard());

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

  it.each(mutations)("$name: $codes", async ({ codes, mutate }) => {
    copy = await copyHandOff(sound.folder, [...parts, ...generated]);
    await mutate(copy);
    const { findings, exitCode, text } = await check(copy.folder);
    expect(codesOf(findings), findings.map(({ code, message }) => `${code}: ${message}`).join("\n")).toEqual(
      [...codes].sort(),
    );
    expect(exitCode).toBe(findings.some(({ severity }) => severity === "blocking") ? 1 : 0);
    expect(text).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    expect(text).not.toContain(copy.folder);
    for (const finding of findings) expect(finding.next).not.toBe("");
  });
});
