import { describe, expect, it } from "vitest";
import { pathCollision, pathProblem } from "./entry-path.ts";

describe("a path in a baton", () => {
  it.each([
    "baton.yaml",
    "model/m.onnx",
    "story/caf\u00e9.md",
    "a b/c-d_e.1",
    "日本/語.csv",
    "console.txt",
    "a..b",
  ])("may be %j", (path) => expect(pathProblem(path)).toBeUndefined());

  it.each([
    ["", "empty"],
    ["/a", "absolute"],
    ["a\0", "cannot be seen"],
    ["a\nb", "cannot be seen"],
    ["a\u202eb", "cannot be seen"],
    ["a\u200bb", "cannot be seen"],
    ["\ud800", "cannot be seen"],
    ["a\u2028b", "cannot be seen"],
    ["a:b", "Windows"],
    ["a\\b", "Windows"],
    ["cafe\u0301", "normal form"],
    ["\u212b", "normal form"],
    ["a//b", "empty part"],
    ["a/", "empty part"],
    ["../a", '".."'],
    ["a/./b", '"."'],
    [".git/config", "begins with a dot"],
    ["a./b", "ends with a dot"],
    ["a /b", "ends with a dot or a space"],
    ["COM1", "device"],
    ["aux.yaml", "device"],
    ["x".repeat(241), "longer than"],
    ["\u65e5".repeat(81), "longer than"],
    ["x/".repeat(512).concat("y"), "longer than"],
  ])("may not be %j", (path, reason) => expect(pathProblem(path)).toContain(reason));
});

describe("paths beside each other", () => {
  it.each([[["a", "b", "a/c".replace("a/", "d/"), "d/e"]], [["a-b", "a/b", "a.b"]]])("%j stand", (paths) =>
    expect(pathCollision(paths)).toBeUndefined(),
  );

  it.each([
    [["a", "a"]],
    [["a", "A"]],
    [["stra\u00dfe", "STRASSE"]],
    [["\u017f", "s"]],
    [["\ufb01x", "fix"]],
    [["\u0130", "i\u0307"]],
    [["\u212a", "k"]],
    [["a", "a/b"]],
    [["a/b", "a"]],
    [["a/b", "A/c"]],
    [["A", "a/b"]],
    [["\u03c3", "\u03c2"]],
  ])("%j do not", (paths) => expect(pathCollision(paths)?.path).toBe(paths[1]));
});
