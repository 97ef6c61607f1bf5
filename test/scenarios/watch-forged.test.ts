import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type SmallBaton, smallBaton } from "../support/small-baton.ts";

/* Counters that somebody else wrote into the folder. */

let small: SmallBaton;
let counters: string;
let honest: Forged;

interface Forged {
  readonly boot: string;
  readonly windows: readonly {
    readonly rows: number;
    readonly answered: number;
    readonly rejected: object;
  }[];
}

beforeAll(async () => {
  small = await smallBaton("critical");
  const observed = ["--allow-unaccepted", "--observe", "observed", "--replica", "here"];
  await small.run("predict", small.file, "builder/data/training.csv", "answers.csv", ...observed);
  counters = (await readdir(path("observed"))).find((name) => name.endsWith(".counters.json"))!;
  honest = JSON.parse(await readFile(path(join("observed", counters)), "utf8")) as Forged;
});
afterAll(() => small?.discard());

const path = (name: string) => join(small.root, name);
const watch = (...more: string[]) => small.run("watch", "observed", "--baton", small.file, ...more);

/** Writes counters of a replica beside the honest ones, with the first window changed. */
async function forge(replica: string, change: Partial<Forged["windows"][number]>): Promise<string> {
  const name = counters.replace("here.", `${replica}.`);
  const windows = honest.windows.map((window, at) => (at === 0 ? { ...window, ...change } : window));
  await writeFile(path(join("observed", name)), JSON.stringify({ ...honest, replica, windows }));
  return name;
}

interface Report {
  readonly passed: boolean;
  readonly windows: readonly { readonly rows: number; readonly rejected: object }[];
  readonly findings: readonly { readonly code: string; readonly file?: string; readonly message: string }[];
}

it("are refused by name where they contradict themselves, and count nothing", async () => {
  const before = JSON.parse((await watch("--json")).stdout) as Report;
  const [first] = honest.windows;
  const contradicting = await forge("liar", { answered: first!.rows + 1 });
  const flooding = await forge("flood", {
    rejected: Object.fromEntries(
      Array.from({ length: 100_000 }, (_, at) => [`features.n${at} input.range`, 1]),
    ),
  });
  const { exitCode, stdout, stderr } = await watch("--json");
  const report = JSON.parse(stdout) as Report;
  expect([exitCode, report.passed, stderr]).toEqual([1, false, expect.not.stringContaining("    at ")]);
  const unreadable = report.findings.filter(({ code }) => code === "watch.file-unreadable");
  expect(unreadable.map(({ file }) => file).sort()).toEqual([contradicting, flooding].sort());
  expect(report.windows).toEqual(before.windows);
  expect(stdout.length).toBeLessThan(1.1 * JSON.stringify(before, null, 2).length);
  const text = await watch();
  expect(text.stdout).toContain(`${first!.rows + 1} of ${first!.rows} rows were answered`);
});

it("are named twenty at a time where there are very many", async () => {
  for (let at = 0; at < 50; at++) await forge(`liar-${at}`, { answered: 10 ** 9 });
  const report = JSON.parse((await watch("--json")).stdout) as Report;
  const unreadable = report.findings.filter(({ code }) => code === "watch.file-unreadable");
  expect(unreadable).toHaveLength(21);
  expect(unreadable.map(({ message }) => message)).toContain("32 further files cannot be read.");
});
