import { execFile } from "node:child_process";
import { access, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The reference client of OpenSSF Model Signing, and a package that it imports and forgets to ask for. */
const packages = ["model-signing==1.1.1", "pyopenssl==26.4.0"];

/** How a command ended. */
export interface Ended {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs `model_signing` with these arguments. */
export type ModelSigning = (args: readonly string[]) => Promise<Ended>;

/**
 * The `model_signing` command in a virtual environment (BATON_INTEROP_VENV, or one in the temporary folder), made where it is absent.
 * @throws Error with a hint where there is no Python or no package index
 */
export async function modelSigning(): Promise<ModelSigning> {
  const folder = process.env.BATON_INTEROP_VENV ?? join(tmpdir(), "baton-interop-venv");
  const program = join(folder, "bin", "model_signing");
  if (!(await works(program))) await install(folder);
  if (!(await works(program))) throw new Error(`${program} does not run; remove ${folder} and try again.`);
  return (args) => attempt(program, args);
}

async function install(folder: string): Promise<void> {
  const ready = await exists(join(folder, "bin", "pip"));
  if (!ready) await makeEnvironment(folder);
  const installed = await attempt(join(folder, "bin", "pip"), ["install", "--quiet", ...packages]);
  if (!installed.ok)
    throw new Error(
      `pip could not install ${packages.join(" and ")}; is a package index reachable?\n${installed.output}`,
    );
}

async function makeEnvironment(folder: string): Promise<void> {
  const made = await attempt("python3", ["-m", "venv", folder]);
  if (made.ok) return;
  await rm(folder, { recursive: true, force: true });
  throw new Error(
    `The interop tests need python3 with venv on the PATH (Debian: apt-get install python3-venv).\n${made.output}`,
  );
}

async function works(program: string): Promise<boolean> {
  const { ok, output } = await attempt(program, ["--version"]);
  return ok && output.includes("1.1.1");
}

async function attempt(program: string, args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(program, [...args], { timeout: 240_000 });
    return { ok: true, output: stdout + stderr };
  } catch (thrown) {
    const { stdout, stderr, message } = thrown as { stdout?: string; stderr?: string; message: string };
    return { ok: false, output: `${stdout ?? ""}${stderr ?? ""}` || message };
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
