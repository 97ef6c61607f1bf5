import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { onnxModel } from "../../../test/support/onnx-model.ts";

const run = promisify(execFile);

it("leaves no trace of a model outside of the process: ONNX Runtime does not report to its maker", async () => {
  const folder = await mkdtemp(join(tmpdir(), "baton-onnx-"));
  try {
    const [home, temporary] = [join(folder, "home"), join(folder, "temporary")];
    await Promise.all([home, temporary].map((path) => mkdir(path)));
    await writeFile(join(folder, "model.onnx"), identity);
    const adapter = pathToFileURL(join(import.meta.dirname, "open-onnx-model.ts")).href;
    const program = `
      import { readFileSync } from "node:fs";
      import { openOnnxModel } from ${JSON.stringify(adapter)};
      await (await openOnnxModel(readFileSync("model.onnx"))).close();`;
    await writeFile(join(folder, "load.mts"), program);
    const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
    await run(process.execPath, ["--import", import.meta.resolve("tsx"), "load.mts"], {
      cwd: folder,
      env: { ...env, HOME: home, XDG_CACHE_HOME: home, TMPDIR: temporary, TSX_DISABLE_CACHE: "1" },
    });
    expect(await readdir(home)).toEqual([]);
    expect((await readdir(temporary)).filter((name) => !name.startsWith("tsx-"))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const identity = onnxModel({
  inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
  outputs: [{ name: "y", type: "float32", shape: ["N", 2] }],
  nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
});
