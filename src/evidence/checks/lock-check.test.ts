import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLock } from "./lock-check.ts";
import { isStrongHash } from "./lock-entry.ts";
import { parseRequirements } from "./requirements-lock.ts";
import { parseUvLock } from "./uv-lock.ts";

const hash = (letter: string) => letter.repeat(64);

describe("a requirements lock", () => {
  it("joins continued lines and leaves out comments", () => {
    const { entries, problems } = parseRequirements(
      [
        "# made by pip-compile",
        "--index-url https://example.org/simple",
        "",
        "Scikit_Learn==1.7.0 \\",
        `    --hash=sha256:${hash("a")} \\`,
        `    --hash=sha256:${hash("b")}`,
        "    # via -r requirements.in",
        'pywin32[extra,more]==306 ; sys_platform == "win32" \\',
        `    --hash sha256:${hash("c")}  # windows only`,
      ].join("\r\n"),
    );
    expect(problems).toEqual([]);
    expect(entries).toEqual([
      {
        name: "scikit-learn",
        line: 4,
        version: "1.7.0",
        hashes: [`sha256:${hash("a")}`, `sha256:${hash("b")}`],
      },
      {
        name: "pywin32",
        line: 8,
        version: "306",
        marker: 'sys_platform == "win32"',
        hashes: [`sha256:${hash("c")}`],
      },
    ]);
  });

  it.each([
    ["numpy", undefined],
    ["numpy>=1.0", undefined],
    ["numpy==1.*", undefined],
    ["numpy==1.0,!=1.1", undefined],
    ["numpy ~= 1.4", undefined],
    ["numpy === 1.0", "1.0"],
    ["numpy (==1.0)", "1.0"],
    ["numpy == 1.0.post1+cpu", "1.0.post1+cpu"],
    ["numpy==1!2.0rc1", "1!2.0rc1"],
  ])("reads the version of %s as %s", (line, version) => {
    expect(parseRequirements(line).entries).toMatchObject([{ name: "numpy" }]);
    expect(parseRequirements(line).entries[0]?.version).toBe(version);
  });

  it.each([
    ["-e .", "editable"],
    ["--editable=git+https://example.org/x.git#egg=x", "editable"],
    ["git+https://user:secret@example.org/x.git@main", "version control"],
    ["x @ git+ssh://git@example.org/x.git", "version control"],
    ["./wheels/x-1.0-py3-none-any.whl", "a path"],
    ["x-1.0.tar.gz", "a path"],
    ["x @ file:///tmp/x.whl", "a path"],
    ["https://example.org/x-1.0.whl", "a URL without a hash"],
  ])("knows that %s comes from elsewhere: %s", (line, from) => {
    const { entries } = parseRequirements(line);
    expect(entries).toMatchObject([{ elsewhere: from }]);
    expect(JSON.stringify(entries)).not.toContain("secret");
  });

  it("takes a URL whose bytes a hash names", () => {
    const [entry] = parseRequirements(`x @ https://example.org/x.whl#sha256=${hash("a")}`).entries;
    expect(entry).toMatchObject({ name: "x", hashes: [`sha256:${hash("a")}`] });
    expect(entry?.elsewhere).toBeUndefined();
  });

  it("names what it refers to, and lines that it does not understand", () => {
    expect(parseRequirements("-r base.txt\n-c limits.txt").includes.map(({ path }) => path)).toEqual([
      "base.txt",
      "limits.txt",
    ]);
    expect(parseRequirements("--what").problems).toMatchObject([{ line: 1 }]);
    expect(parseRequirements("[package]\nname = 'x'").problems).toMatchObject([{ line: 1 }, { line: 2 }]);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) => {
        parseRequirements(text);
        parseUvLock(text);
        parseLock("uv.lock", text);
      }),
    );
  });
});

const uv = `version = 1
revision = 3
requires-python = ">=3.11"
resolution-markers = [
    "python_full_version >= '3.12'",
]

[[package]]
name = "mine"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "numpy" },
]

[package.metadata]
requires-dist = [{ name = "numpy", specifier = ">=2" }]

[[package]]
name = "numpy"
version = "2.3.1"
source = { registry = "https://example.org/simple" }
sdist = { url = "https://example.org/numpy.tar.gz", hash = "sha256:${hash("a")}", size = 20 }
wheels = [
    { url = "https://example.org/numpy-1.whl", hash = "sha256:${hash("b")}", size = 14 },
    { url = "https://example.org/numpy-2.whl", hash = "sha256:${hash("c")}", size = 14 },
]
`;

describe("uv.lock", () => {
  it("gives packages with all their hashes, and not the project itself", () => {
    const content = parseLock("uv.lock", uv);
    expect(content.problems).toEqual([]);
    expect(content.entries).toEqual([
      {
        name: "numpy",
        line: 19,
        version: "2.3.1",
        hashes: [hash("a"), hash("b"), hash("c")].map((digest) => `sha256:${digest}`),
      },
    ]);
  });

  it("does not take a package of which one file has no hash", () => {
    const content = parseUvLock(uv.replace(`, hash = "sha256:${hash("c")}"`, ""));
    expect(content.entries).toMatchObject([{ name: "numpy", hashes: [] }]);
  });

  it.each(["git", "directory", "editable"])("knows packages from %s", (kind) => {
    const text = uv.replace('{ registry = "https://example.org/simple" }', `{ ${kind} = "../numpy" }`);
    expect(parseUvLock(text).entries).toMatchObject([{ name: "numpy", elsewhere: expect.any(String) }]);
  });

  it("refuses what uv does not write", () => {
    expect(parseUvLock("<<<<<<< ours\n").problems).toMatchObject([{ line: 1 }]);
    expect(parseUvLock(uv.slice(0, uv.length - 3)).problems).toMatchObject([
      { problem: expect.stringContaining("no end") },
    ]);
  });
});

it("takes SHA-2 hashes of their full length only", () => {
  expect(isStrongHash(`sha256:${hash("a")}`)).toBe(true);
  expect(isStrongHash(`sha256:${"a".repeat(63)}`)).toBe(false);
  expect(isStrongHash(`md5:${"a".repeat(32)}`)).toBe(false);
  expect(isStrongHash(`sha256:${"g".repeat(64)}`)).toBe(false);
  expect(isStrongHash(hash("a"))).toBe(false);
});
