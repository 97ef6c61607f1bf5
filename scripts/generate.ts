import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { generatedFiles } from "./reference.ts";

const root = resolve(import.meta.dirname, "..");
for (const [path, text] of await generatedFiles()) {
  await mkdir(dirname(resolve(root, path)), { recursive: true });
  await writeFile(resolve(root, path), text);
  process.stdout.write(`${path}\n`);
}
