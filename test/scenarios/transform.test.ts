import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startWarmProgram, type WarmProgram } from "../support/baton-program.ts";
import { copyHandOff, type HandOffCopy } from "../support/hand-off-copy.ts";

/*
 * `baton test --transform`: an engineer's re-implementation of the preprocessing runs on the raw layer of the example's
 * golden rows. The evidence of everything else is made once and holds.
 */

const example = resolve(import.meta.dirname, "../../examples/flight-delay");
let copy: HandOffCopy;
let program: WarmProgram;

const baton = (...argv: string[]) =>
  program.run(argv, { cwd: copy.folder, env: { HOME: copy.folder, BATON_STATE: copy.path("state") } });
const transform = (file: string) =>
  baton("test", "--transform", file, "--key", "lab.key.pem", "--json", "--quiet");

beforeAll(async () => {
  copy = await copyHandOff(example, [
    "baton.yaml",
    "requirements.lock",
    "prep.ts",
    "model",
    "golden",
    join("data", "joint.parquet"),
  ]);
  program = await startWarmProgram();
  await baton("key", "new", "lab", "--role", "builds", "--add", ".baton/people.yaml");
}, 60_000);
afterAll(async () => {
  await program?.end();
  await copy?.discard();
});

interface Item {
  readonly test: string;
  readonly outcome: string;
  readonly message: string;
  readonly findings: { readonly code: string; readonly path?: string; readonly message: string }[];
}

async function reimplementation(file: string): Promise<{ exitCode: number; item: Item; items: Item[] }> {
  const { exitCode, stdout, stderr } = await transform(file);
  const { items } = JSON.parse(stdout) as { items: Item[] };
  const item = items.find(({ test }) => test === "re-implementation");
  if (!item) throw new Error(`nothing about the re-implementation: ${stdout}${stderr}`);
  return { exitCode, item, items };
}

it("passes with the example's own", async () => {
  const { exitCode, item, items } = await reimplementation("./prep.ts");
  expect(item).toMatchObject({ outcome: "pass", findings: [] });
  expect(item.message).toContain("all 14 features");
  expect(items.filter(({ outcome }) => outcome === "fail")).toEqual([]);
  expect(exitCode).toBe(0);
});

it.each([
  {
    bug: "an hour that is one too high",
    from: 'Math.floor(integer(raw, "sched_dep_time") / 100)',
    to: 'Math.floor(integer(raw, "sched_dep_time") / 100) + 1',
    feature: "hour",
    row: 0,
  },
  {
    bug: "a missing value that became 0",
    from: 'float32(optionalNumber(raw, "pressure"))',
    to: 'float32(optionalNumber(raw, "pressure") ?? 0)',
    feature: "pressure",
  },
  {
    bug: "a feature that is not given",
    from: '    seats: float32(optionalNumber(raw, "seats")),\n',
    to: "",
    feature: "seats",
    row: 0,
  },
  {
    bug: "a week that begins on Sunday",
    from: ".getUTCDay() || 7",
    to: ".getUTCDay() + 1",
    feature: "weekday",
    row: 0,
  },
])("names the first feature and row of $bug", async ({ bug, from, to, feature, row }) => {
  const broken = `broken-${feature}.ts`;
  await copy.write(
    broken,
    (await copy.text("prep.ts")).replace(from, () => to),
  );
  expect(await copy.text(broken)).not.toBe(await copy.text("prep.ts"));
  const { exitCode, item } = await reimplementation(`./${broken}`);
  expect([bug, exitCode, item.outcome]).toEqual([bug, 1, "fail"]);
  const [first] = item.findings;
  expect(first?.code).toBe("evidence.feature-differs");
  const [, named, at] = /^features\.(\w+)\[(\d+)\]$/.exec(first?.path ?? "") ?? [];
  expect(named).toBe(feature);
  if (row !== undefined) expect(Number(at)).toBe(row);
  expect(item.message).toContain(
    `1 of 14 features differ. First: ${feature} of golden row ${Number(at) + 1}`,
  );
});

it.each([
  ["throws", "export default () => { throw new Error('no such column'); };\n", 1, "no such column"],
  ["gives no object", "export default () => 3;\n", 1, "it gave no object"],
  ["has no function", "export default 3;\n", 2, "has no function as its default export"],
  ["cannot be parsed", "export default (\n", 2, "cannot be loaded"],
])("says so of a module that %s", async (what, content, code, words) => {
  const file = `${what.replaceAll(" ", "-")}.ts`;
  await copy.write(file, content);
  const { exitCode, stdout, stderr } = await transform(file);
  expect([what, exitCode]).toEqual([what, code]);
  expect(stdout + stderr).toContain(words);
  expect(stdout + stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
});
