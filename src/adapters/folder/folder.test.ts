import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { BatonError } from "../../kernel/index.ts";
import { createFileAtomic, type Folder, findUp, openFolder, readBytes, writeFileAtomic } from "./index.ts";

const scratch = await mkdtemp(join(tmpdir(), "baton-folder-"));
let folder: Folder;
let root: string;
let count = 0;

beforeEach(async () => {
  root = join(scratch, String(count++), "hand-off");
  await mkdir(root, { recursive: true });
  folder = await openFolder(root);
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** The error of a promise that must fail, with a place and a next step. */
async function failure(promise: Promise<unknown>): Promise<BatonError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(BatonError);
  const error = thrown as BatonError;
  expect(error.next).toBeTruthy();
  expect(error.message).not.toContain(scratch);
  return error;
}

describe("a folder", () => {
  it("gives back what was written, and its digest", async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7) % 251);
    await folder.write("model/m.onnx", bytes);
    expect(Buffer.compare(await folder.read("model/m.onnx"), bytes)).toBe(0);
    expect(await folder.digestFile("model/m.onnx")).toEqual({
      path: "model/m.onnx",
      size: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  });

  it("reads text without its byte order mark and refuses what is not UTF-8", async () => {
    await folder.write("a.yaml", "\uFEFFbaton: 1\n");
    expect(await folder.readText("a.yaml")).toBe("baton: 1\n");
    await folder.write("b.yaml", Uint8Array.of(0x62, 0xff));
    expect((await failure(folder.readText("b.yaml"))).code).toBe("file-unusable");
  });

  it("lists files by code units and leaves out what is hidden", async () => {
    const paths = ["z.csv", "Z.csv", "model/m.onnx", "model.txt", "story/é.md"];
    for (const path of [...paths, ".git/config", ".DS_Store", "node_modules/x/a.js"])
      await folder.write(path, "x");
    expect(await folder.list()).toEqual([...paths].sort());
    expect(await folder.list("model")).toEqual(["model/m.onnx"]);
    expect(await folder.list("model/")).toEqual(["model/m.onnx"]);
    expect(await folder.list("evidence")).toEqual([]);
  });

  it("finds a name that the disk spells decomposed by its composed path", async () => {
    await writeFile(join(root, "cafe\u0301.md"), "x");
    expect(await folder.list()).toEqual(["caf\u00e9.md"]);
    expect(await folder.readText("caf\u00e9.md")).toBe("x");
    expect((await folder.digestFile("cafe\u0301.md")).path).toBe("caf\u00e9.md");
    await folder.write("caf\u00e9.md", "y");
    expect(await readdir(root)).toHaveLength(1);
  });

  it("says what is missing", async () => {
    const error = await failure(folder.read("model/m.onnx"));
    expect(error).toMatchObject({ code: "file-missing", position: { file: "model/m.onnx" } });
    expect(await folder.exists("model/m.onnx")).toBe(false);
    await folder.write("model", "x");
    expect(await folder.exists("model")).toBe(true);
    expect(await folder.exists("model/m.onnx")).toBe(false);
    expect((await failure(folder.write("model/m.onnx", "x"))).code).toBe("file-unusable");
  });

  it.each(["../secret", "a/../../secret", "/etc/hosts", "C:/x", "a\\b", "a\0b", "", ".", "a//b", "./a"])(
    "refuses the path %j",
    async (path) => {
      await writeFile(join(root, "..", "secret"), "s");
      expect((await failure(folder.read(path))).code).toBe("file-unusable");
      expect((await failure(folder.write(path, "x"))).code).toBe("file-unusable");
      expect((await failure(folder.exists(path))).code).toBe("file-unusable");
      expect((await failure(folder.list(path === "" ? ".." : path))).code).toBe("file-unusable");
      expect(await readFile(join(root, "..", "secret"), "utf8")).toBe("s");
    },
  );

  it("neither reads, writes nor lists through links, wherever they lead", async () => {
    const outside = join(root, "..", "outside");
    await mkdir(outside);
    await writeFile(join(outside, "f"), "s");
    await symlink(outside, join(root, "dir"));
    await symlink(join(outside, "f"), join(root, "file"));
    await symlink(join(outside, "absent"), join(root, "dangling"));
    for (const path of ["dir/f", "file", "dangling", "dir/new"]) {
      for (const act of [
        () => folder.read(path),
        () => folder.write(path, "x"),
        () => folder.createNew(path, "x"),
      ])
        expect((await failure(act())).message).toContain("symbolic link");
      await failure(folder.exists(path));
      await failure(folder.digestFile(path));
    }
    await failure(folder.list());
    await failure(folder.list("dir"));
    expect(await readdir(outside)).toEqual(["f"]);
    expect(await readFile(join(outside, "f"), "utf8")).toBe("s");
  });

  it("refuses files over the limit and folders in place of files", async () => {
    await folder.write("a/b", "12345");
    expect((await failure(folder.read("a/b", { maxBytes: 4 }))).message).toContain("5 bytes");
    expect((await folder.read("a/b", { maxBytes: 5 })).length).toBe(5);
    await failure(folder.read("a"));
    await failure(folder.write("a", "x"));
  });

  it("creates a file once", async () => {
    await folder.createNew("relay/0001.json", "first");
    const error = await failure(folder.createNew("relay/0001.json", "second"));
    expect(error).toMatchObject({ code: "file-unusable", position: { file: "relay/0001.json" } });
    expect(await folder.readText("relay/0001.json")).toBe("first");
  });

  it("lets exactly one of many creators win", async () => {
    const tries = Array.from({ length: 20 }, (_, i) => folder.createNew("relay/1.json", `by ${i}`));
    const done = await Promise.allSettled(tries);
    const winner = done.findIndex((result) => result.status === "fulfilled");
    expect(done.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await folder.readText("relay/1.json")).toBe(`by ${winner}`);
    expect(await readdir(join(root, "relay"))).toEqual(["1.json"]);
  });

  it("leaves no temporary file behind", async () => {
    await folder.write("a", "1");
    await folder.write("a", "2");
    await failure(folder.createNew("a", "3"));
    expect(await readdir(root)).toEqual(["a"]);
  });

  it("must be a folder", async () => {
    await expect(openFolder(join(root, "none"))).rejects.toMatchObject({ code: "file-missing" });
    await folder.write("f", "x");
    await expect(openFolder(join(root, "f"))).rejects.toMatchObject({ code: "file-unusable" });
  });
});

describe("writing anywhere", () => {
  it("keeps a private key private", async () => {
    const file = join(root, "keys", "k.pem");
    await writeFileAtomic(file, new Uint8Array(3), { mode: 0o600 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(createFileAtomic(file, new Uint8Array(1))).rejects.toMatchObject({ code: "file-unusable" });
    expect(await readBytes(file)).toEqual(new Uint8Array(3));
  });

  it("reports a folder without permission", async () => {
    const locked = join(root, "locked");
    await mkdir(locked);
    await chmod(locked, 0o500);
    if (process.getuid?.() === 0) return;
    await expect(writeFileAtomic(join(locked, "f"), new Uint8Array())).rejects.toBeInstanceOf(BatonError);
  });
});

describe("looking upwards", () => {
  const people = join(".baton", "people.yaml");

  it("takes the nearest file and stops at the root of the repository", async () => {
    await folder.write("repo/.git/HEAD", "x");
    await folder.write("repo/models/a/baton.yaml", "x");
    await folder.write(".baton/people.yaml", "planted");
    const start = join(root, "repo/models/a");
    expect(await findUp(start, people)).toBeUndefined();
    await folder.write("repo/.baton/people.yaml", "ours");
    expect(await findUp(start, people)).toBe(join(root, "repo", people));
    await folder.write("repo/models/.baton/people.yaml", "nearer");
    expect(await findUp(start, people)).toBe(join(root, "repo/models", people));
  });

  it.skipIf(process.platform === "win32")(
    "is not looked for in a folder that everyone may write to",
    async () => {
      await folder.write("shared/.baton/people.yaml", "planted");
      await folder.write("shared/ours/baton.yaml", "x");
      await folder.write("shared/.git/HEAD", "planted too");
      const start = join(root, "shared/ours");
      expect(await findUp(start, people)).toBe(join(root, "shared", people));
      await chmod(join(root, "shared"), 0o1777);
      expect(await findUp(start, people)).toBeUndefined();
      expect(await findUp(join(root, "shared"), people)).toBe(join(root, "shared", people));
    },
  );
});
