import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { generatedFiles } from "./reference.ts";

const files = await generatedFiles();

describe("generated files", () => {
  it.each([...files.keys()])("%s is what the code says (npm run generate)", async (path) => {
    const committed = await readFile(resolve(import.meta.dirname, "..", path), "utf8").catch(() => "");
    expect(committed).toBe(files.get(path));
  });
});
