import { execFile } from "node:child_process";
import { access, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** How a command ended. */
export interface Ended {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Folder of the programs of a virtual environment with these packages, made where it is absent: beside BATON_INTEROP_VENV, or in
 * the temporary folder. Importing `module` shows that they are there. @throws Error with a hint where there is no Python or no
 * package index
 */
export async function pythonWith(name: string, packages: readonly string[], module: string): Promise<string> {
  const { BATON_INTEROP_VENV: given } = process.env;
  const folder = join(given === undefined ? tmpdir() : dirname(given), name);
  const bin = join(folder, "bin");
  const works = async () => (await attempt(join(bin, "python"), ["-c", `import ${module}`])).ok;
  if (await works()) return bin;
  if (!(await exists(join(bin, "pip")))) await makeEnvironment(folder);
  const installed = await attempt(join(bin, "pip"), ["install", "--quiet", ...packages]);
  if (!installed.ok)
    throw new Error(
      `pip could not install ${packages.join(" and ")}; is a package index reachable?\n${installed.output}`,
    );
  if (!(await works())) throw new Error(`${module} cannot be imported; remove ${folder} and try again.`);
  return bin;
}

async function makeEnvironment(folder: string): Promise<void> {
  const made = await attempt("python3", ["-m", "venv", folder]);
  if (made.ok) return;
  await rm(folder, { recursive: true, force: true });
  throw new Error(
    `The interop tests need python3 with venv on the PATH (Debian: apt-get install python3-venv).\n${made.output}`,
  );
}

/** Runs a program, and says how it ended in place of throwing. */
export async function attempt(program: string, args: readonly string[]): Promise<Ended> {
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
