import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { copyHandOff, type HandOffCopy } from "../support/hand-off-copy.ts";
import { onnxModel } from "../support/onnx-model.ts";

/*
 * Nothing in the demo is staged: it walks the example as it is, and with an altered model or joint set its verdicts are
 * others, and it ends with 1.
 */

const example = resolve(import.meta.dirname, "../../examples/flight-delay");
const made: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const discard of made) await discard();
});

interface Walked {
  readonly exitCode: number;
  readonly output: string;
  /** What the table at the end says of a step. */
  step(name: string): string;
}

function walk(from: string): Promise<Walked> {
  const loader = resolve(import.meta.dirname, "../../node_modules/tsx/dist/cli.mjs");
  const demo = join(example, "demo/demo.ts");
  return new Promise((done, fail) => {
    execFile(
      process.execPath,
      [loader, demo, "--exit", "--from", from],
      { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, NO_COLOR: "1" } },
      (error, output, stderr) => {
        const files = /^Files: +(.+)$/m.exec(output)?.[1];
        if (!files) return fail(new Error(`the demo did not come to its end: ${output}${stderr}`));
        made.push(() => rm(files, { recursive: true, force: true }));
        const table = output.slice(output.lastIndexOf("step  "));
        done({
          exitCode: error ? Number(error.code) : 0,
          output,
          step: (name) => table.split("\n").find((line) => line.startsWith(`${name}  `)) ?? "",
        });
      },
    );
  });
}

async function altered(change: (copy: HandOffCopy) => Promise<void>): Promise<string> {
  const copy = await copyHandOff(example, [
    "baton.yaml",
    "requirements.lock",
    "model",
    "golden",
    "story",
    join("data", "training.parquet"),
    join("data", "joint.parquet"),
    join("data", "replay.parquet"),
    join("data", "SOURCE.md"),
    "demo",
  ]);
  made.push(copy.discard);
  await change(copy);
  return copy.folder;
}

const rocAuc = ({ output }: Walked) =>
  /roc_auc >= 0\.72 (?:holds|does not hold): roc_auc (0\.\d+)/.exec(output)?.[1];

let whole: Walked;

it("walks the example to its end", async () => {
  whole = await walk(example);
  expect(whole.exitCode, whole.output).toBe(0);
  expect(whole.step("look back")).toMatch(/✓ \d+ clauses: \d+ pass, 0 fail/);
  expect(Number(rocAuc(whole))).toBeGreaterThan(0.72);
});

it("stops at a model that answers the other way round", async () => {
  const model = "model/flight_delay.onnx";
  const walked = await walk(
    await altered(async (copy) => {
      // The answer gets another name, and the old name what is left of it to 1.
      await copy.bytes(model, "late_probability", "late_probabilitz");
      const rest = onnxModel({
        opsets: {},
        inputs: [],
        outputs: [{ name: "late_probability", type: "float32", shape: ["N", 1] }],
        initializers: [{ name: "one_whole", type: "float32", dims: [1], values: [1] }],
        nodes: [{ op: "Sub", inputs: ["one_whole", "late_probabilitz"], outputs: ["late_probability"] }],
      });
      await copy.write(model, Buffer.concat([await copy.binary(model), rest]));
    }),
  );
  expect(walked.exitCode).toBe(1);
  expect(walked.step("test and bench")).toContain("✗ ended with 1");
  expect(walked.step("accept")).toContain("not reached");
  expect(walked.output).toMatch(/^ +fail +parity +golden/m);
  expect(walked.output).toMatch(/^ +fail +gate +gates\.auc/m);
  expect(Number(rocAuc(walked))).toBeCloseTo(1 - Number(rocAuc(whole)), 3);
});

it("stops at a joint set whose labels were shuffled", async () => {
  const walked = await walk(
    await altered((copy) =>
      copy.rows(
        "data/joint.parquet",
        `SELECT a.* EXCLUDE (n) REPLACE (b.late AS late) FROM
          (SELECT *, row_number() OVER () AS n FROM old) AS a JOIN
          (SELECT late, row_number() OVER (ORDER BY md5(flight_id)) AS n FROM old) AS b ON a.n = b.n ORDER BY a.n`,
      ),
    ),
  );
  expect(walked.exitCode).toBe(1);
  expect(walked.step("test and bench")).toContain("✗ ended with 1");
  expect(walked.output).toMatch(/^ +pass +parity +golden/m);
  expect(walked.output).toMatch(/^ +fail +gate +gates\.auc/m);
  expect(Math.abs(Number(rocAuc(walked)) - 0.5)).toBeLessThan(0.03);
});

it("comes to other numbers on half of the joint set", async () => {
  const walked = await walk(
    await altered((copy) => copy.rows("data/joint.parquet", "SELECT * FROM old WHERE day % 2 = 0")),
  );
  expect(rocAuc(walked)).toMatch(/^0\.7/);
  expect(rocAuc(walked)).not.toBe(rocAuc(whole));
});
