import { createJiti } from "jiti";
import { readBytes } from "../../adapters/folder/index.ts";
import type { TestInput } from "../../evidence/index.ts";
import { BatonError, messageOf, sha256 } from "../../kernel/index.ts";

type Reimplementation = NonNullable<TestInput["reimplementation"]>;

/**
 * Loads an engineer's preprocessing: a TypeScript or JavaScript module whose default export turns a raw row into a row of
 * features. It is the caller's own code, named on the command line; nothing out of a baton is ever executed.
 * @throws BatonError
 */
export async function loadReimplementation(file: string, shown: string): Promise<Reimplementation> {
  const bytes = await readBytes(file, { maxBytes: 16 * 1024 * 1024 });
  let loaded: unknown;
  try {
    loaded = await createJiti(file, { fsCache: false, moduleCache: false }).import(file, { default: true });
  } catch (cause) {
    throw new BatonError("usage", `${shown} cannot be loaded: ${messageOf(cause)}`, {
      file: shown,
      cause,
      next: "Make it a module that runs by itself.",
    });
  }
  if (typeof loaded !== "function")
    throw new BatonError("usage", `${shown} has no function as its default export.`, {
      file: shown,
      next: "Write: export default function prepare(raw) { return { …features }; }",
    });
  return { name: shown, digest: sha256(bytes), prepare: loaded as Reimplementation["prepare"] };
}
