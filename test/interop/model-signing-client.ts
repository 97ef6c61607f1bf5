import { join } from "node:path";
import { attempt, type Ended, pythonWith } from "./python-environment.ts";

/** The reference client of OpenSSF Model Signing, and a package that it imports and forgets to ask for. */
const packages = ["model-signing==1.1.1", "pyopenssl==26.4.0"];

/** Runs `model_signing` with these arguments. */
export type ModelSigning = (args: readonly string[]) => Promise<Ended>;

/** The `model_signing` command. @throws Error with a hint where there is no Python or no package index */
export async function modelSigning(): Promise<ModelSigning> {
  const bin = await pythonWith("baton-interop-venv", packages, "model_signing");
  const program = join(bin, "model_signing");
  return (args) => attempt(program, args);
}
