import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";

/*
 * Runs the tests on another major version of Node.js, taken from the npm package of this platform:
 *   npm run test:node24
 */

const major = process.argv[2] ?? "24";
const folder = join(tmpdir(), `baton-node-${major}`);
mkdirSync(folder, { recursive: true });
const name = `node-${process.platform}-${process.arch}`;
run(
  "npm",
  ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", `${name}@${major}`],
  process.env,
);

const bin = join(folder, "node_modules", name, "bin");
const node = join(bin, "node");
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
run(node, ["--version"], env);
run(
  node,
  [
    resolve(import.meta.dirname, "../node_modules/vitest/vitest.mjs"),
    "run",
    "--project",
    "unit",
    "--project",
    "scenario",
  ],
  env,
);

function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): void {
  const { status } = spawnSync(command, args, { stdio: "inherit", env: environment });
  if (status !== 0) process.exit(status ?? 1);
}
