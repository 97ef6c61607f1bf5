import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestOf, sha256 } from "../../kernel/index.ts";

/** The folder with the code of the whole program: of the built one the folder of its parts, otherwise `src`. */
const codeFolder = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../" : "./", import.meta.url));

/**
 * Names the code of this program and what it runs on: results of another one may differ in their last digits, or in more.
 * Dependencies are pinned by the code's own package.
 */
export async function programDigest(): Promise<string> {
  const names = (await readdir(codeFolder, { recursive: true })).filter((name) => /\.[jt]s$/.test(name));
  const files = names.sort().map(async (name) => [name, sha256(await readFile(join(codeFolder, name)))]);
  return digestOf([process.version, process.arch, ...(await Promise.all(files))]);
}
