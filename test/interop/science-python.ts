import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const packages = ["pandas==3.1.1", "pyarrow==26.0.1", "scikit-learn==1.9.1"];

/** Runs a Python script with its arguments; gives what it prints. */
export type Python = (script: string, ...args: string[]) => Promise<string>;

/**
 * Python with pandas and scikit-learn, in a virtual environment (BATON_INTEROP_SCIENCE, or one in the temporary folder) that
 * is made where it is absent. @throws Error with a hint where there is no Python or no package index
 */
export async function sciencePython(): Promise<Python> {
  const folder = process.env.BATON_INTEROP_SCIENCE ?? join(tmpdir(), "baton-interop-science");
  const python = join(folder, "bin", "python");
  if (!(await hasPackages(python))) await install(folder);
  return async (script, ...args) => {
    const { stdout } = await run(python, [script, ...args], { maxBuffer: 64 * 1024 ** 2 });
    return stdout;
  };
}

async function hasPackages(python: string): Promise<boolean> {
  return run(python, ["-c", "import pandas, pyarrow, sklearn"]).then(
    () => true,
    () => false,
  );
}

async function install(folder: string): Promise<void> {
  try {
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin", "pip"), ["install", "--quiet", ...packages]);
  } catch (thrown) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(
      `The interop tests need python3 with venv on the PATH (Debian: apt-get install python3-venv) and a package index.\n${thrown}`,
    );
  }
}
