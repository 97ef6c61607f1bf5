import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const example = fileURLToPath(new URL("../../examples/flight-delay", import.meta.url));
const baton = (...argv: string[]) =>
  execFileSync(process.execPath, [cli, ...argv], { cwd: folder, stdio: "pipe" });
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "baton-speed-"));
  cpSync(example, folder, { recursive: true });
  baton("profile", ".");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("checks the example in under 1.5 seconds, process start included", () => {
  const runs = Array.from({ length: 7 }, () => {
    const started = performance.now();
    baton("check", ".");
    return performance.now() - started;
  });
  const best = Math.min(...runs);
  process.stderr.write(`baton check: ${runs.map((ms) => ms.toFixed(0)).join(", ")} ms\n`);
  expect(best).toBeLessThan(1500);
});
