import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type * as Library from "../../src/library/index.ts";
import { program } from "../support/baton-program.ts";
import { type SmallBaton, smallBaton } from "../support/small-baton.ts";
import { smallProbability } from "../support/small-hand-off.ts";

/* What `import … from "modelbaton"` gives: the built library, as published. */

const dist = dirname(program);
let small: SmallBaton;
let library: typeof Library;
beforeAll(async () => {
  library = (await import(pathToFileURL(join(dist, "index.js")).href)) as typeof Library;
  small = await smallBaton();
});
afterAll(() => small?.discard());

const peopleText = () => readFile(join(small.root, ".baton/people.yaml"), "utf8");

describe("openBaton", () => {
  it("answers rows in their order, and gives reasons in place of outputs for those that break a clause", async () => {
    const opened = await library.openBaton(small.file, { people: await peopleText() });
    try {
      const answers = await opened.predict([
        { id: 7, origin: "JFK", wind_speed: 20.5, hour: 17 },
        { flight_id: "b", origin: "XXX", hour: 17 },
        { origin: "LGA", wind_speed: null, hour: 6n },
        { origin: "LGA", wind_speed: 50, hour: "6" },
        { origin: "LGA", hour: 6.5 },
        { origin: "LGA", hour: 6, windspeed: 3 },
      ]);
      expect(answers).toMatchObject([
        {
          id: 7,
          outputs: {
            late_probability: expect.closeTo(smallProbability({ origin: "JFK", wind: 20.5, hour: 17 }), 6),
          },
          decision: true,
          warnings: [],
        },
        { id: "b", rejections: [{ clause: "features.origin", received: expect.stringContaining("XXX") }] },
        { outputs: { late_probability: expect.closeTo(smallProbability({ origin: "LGA", hour: 6 }), 6) } },
        { outputs: {}, warnings: [{ clause: "features.wind_speed" }] },
        { rejections: [{ clause: "features.hour" }] },
        { rejections: [{ message: expect.stringContaining("wind_speed") }] },
      ]);
      expect(opened.contract.model).toMatchObject({ name: "late", version: "1.0.0" });
      expect(opened.digest).toBe(JSON.parse((await small.run("verify", small.file, "--json")).stdout).digest);
      expect(await opened.predict([])).toEqual([]);
    } finally {
      await opened.close();
    }
  });

  it("refuses what nobody known sealed, and what was changed", async () => {
    await small.run("key", "new", "foe");
    const foreign = join(small.root, "foreign.baton");
    expect(await small.run("seal", small.folder, "--key", "foe.key.pem", "--out", foreign)).toMatchObject({
      exitCode: 0,
    });
    await expect(library.openBaton(foreign, { people: await peopleText() })).rejects.toMatchObject({
      code: "baton-refused",
      message: expect.stringContaining("foreign.baton"),
    });
    await (await library.openBaton(foreign)).close();

    const bytes = await readFile(small.file);
    bytes.write("roc_auc >= 0.1", bytes.indexOf("roc_auc >= 0.7"));
    const altered = join(small.root, "altered.baton");
    await writeFile(altered, bytes);
    await expect(library.openBaton(altered)).rejects.toBeInstanceOf(library.BatonError);
    await expect(library.openBaton(join(small.root, "none.baton"))).rejects.toMatchObject({
      code: "file-missing",
    });
    await expect(library.openBaton(small.folder)).rejects.toBeInstanceOf(library.BatonError);
  });
});

describe("baton types", () => {
  it("compiles with what the library gives, and refuses at compile time what the contract refuses", async () => {
    const types = join(small.root, "late.ts");
    expect(await small.run("types", small.file, "--out", types)).toMatchObject({ exitCode: 0 });
    await writeFile(join(small.root, "caller.ts"), caller);
    await writeFile(
      join(small.root, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: "ES2022",
          lib: ["ES2022"],
          module: "ESNext",
          moduleResolution: "Bundler",
          types: [],
          allowImportingTsExtensions: true,
          paths: { modelbaton: [join(dist, "index.d.ts")] },
        },
        files: ["caller.ts"],
      }),
    );
    const compiler = resolve(import.meta.dirname, "../../node_modules/typescript/bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, "-p", small.root]).catch(
      (failed: { stdout: string }) => failed,
    );
    expect(stdout).toBe("");
    expect(await readFile(join(dist, "index.d.ts"), "utf8")).not.toMatch(/^import .* from "[^.]/m);
  });
});

const caller = `
import { openBaton, type RejectedRecord } from "modelbaton";
import type { LateAnswer, LateRecord } from "./late.ts";

const model = await openBaton<LateRecord, LateAnswer>("late.baton");
const [answer] = await model.predict([{ origin: "JFK", hour: 17, wind_speed: null }]);
if (answer && "outputs" in answer) {
  const probability: number = answer.outputs.late_probability;
  const late: boolean = answer.decision;
  const clauses: string[] = answer.warnings.map(({ clause }) => clause);
  console.log(probability, late, clauses);
  // @ts-expect-error: there is no such output
  answer.outputs.probability;
}
const rejected: RejectedRecord[] = [];
if (answer && "rejections" in answer) rejected.push(answer);

const rows: LateRecord[] = [
  { flight_id: "a", origin: "LGA", hour: 6n },
  // @ts-expect-error: hour may not be missing
  { origin: "LGA" },
  // @ts-expect-error: there is no such airport
  { origin: "XXX", hour: 6 },
  // @ts-expect-error: there is no such feature
  { origin: "LGA", hour: 6, windspeed: 3 },
  // @ts-expect-error: origin may not be null
  { origin: null, hour: 6 },
];
declare const console: { log(...what: unknown[]): void };
await model.predict(rows);
await model.close();
`;
