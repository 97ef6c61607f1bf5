import { describe, expect, it } from "vitest";
import { BatonError, contentDigest, sha256 } from "../kernel/index.ts";
import { contentManifest, readBaton, referencesOf, writeBaton } from "./index.ts";
import { smallContent, utf8 } from "./small-baton.fixture.ts";

const digest = "a".repeat(64);

describe("references", () => {
  it("are read from the contract's text", () => {
    const yaml = `baton: 1\ndata:\n  references:\n    - { uri: "s3://b", size: 7, sha256: ${digest} }\n`;
    expect(referencesOf(utf8(yaml))).toEqual([{ uri: "s3://b", size: 7, sha256: digest }]);
    for (const none of [
      "",
      "baton: 1",
      "data:",
      "data: {}",
      "data: {references: }",
      "[1]",
      "data: x",
      `${"\n".repeat(900)}a: ${"-".repeat(900)}`,
    ])
      expect(referencesOf(utf8(none))).toEqual([]);
  });

  it.each([
    ["no list", "data: {references: x}"],
    ["no digest", "data: {references: [{uri: a, size: 1}]}"],
    ["a negative size", `data: {references: [{uri: a, size: -1, sha256: ${digest}}]}`],
    ["a broken size", `data: {references: [{uri: a, size: 1.5, sha256: ${digest}}]}`],
    ["an upper-case digest", `data: {references: [{uri: a, size: 1, sha256: ${digest.toUpperCase()}}]}`],
    ["half a character", `data: {references: [{uri: "\\uD800", size: 1, sha256: ${digest}}]}`],
    ["one uri twice", `data: {references: [${`{uri: a, size: 1, sha256: ${digest}},`.repeat(2)}]}`],
    ["broken YAML", "a: ["],
    ["a key twice", "a: 1\na: 2"],
    [
      "aliases that multiply",
      `a: &a [1,1]\nb: &b [${"*a,".repeat(30)}]\nc: &c [${"*b,".repeat(30)}]\nd: [${"*c,".repeat(30)}]`,
    ],
    ["deep nesting by brackets", "a: ".concat("[".repeat(500_000))],
    ["deep nesting by dashes, which ends the process in the parser", "- ".repeat(500_000)],
    ["deep nesting by question marks", "? - ".repeat(200_000)],
    ["deep nesting over many lines", Array.from({ length: 900 }, (_, i) => `${" ".repeat(i)}-\n`).join("")],
    ["what is not UTF-8", Uint8Array.of(0xff)],
    ["a contract beyond any size", new Uint8Array(5_000_000).fill(0x20)],
  ])("refuse %s", (_, yaml) => {
    expect(() => referencesOf(typeof yaml === "string" ? utf8(yaml) : yaml)).toThrow(BatonError);
  });

  it("survive a document that holds itself", () => expect(referencesOf(utf8("a: &a [*a]"))).toEqual([]));

  it("are part of one digest, whether the content is sealed or still a folder", () => {
    const files = smallContent.map(({ path, bytes }) => ({
      path,
      size: bytes.length,
      sha256: sha256(bytes),
    }));
    const manifest = contentManifest(files.toReversed(), smallContent[0]!.bytes);
    expect(manifest.references).toHaveLength(1);
    expect(readBaton(writeBaton({ content: smallContent })).digest).toBe(contentDigest(manifest));
  });
});
