import { describe, expect, it } from "vitest";
import { BatonError } from "../kernel/index.ts";
import { entryLimit, readTar, writeTar } from "./tar.ts";
import { headerOf, ustarSizeLimit } from "./tar-header.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const archive = writeTar([
  { path: "a.txt", bytes: bytes("hello") },
  { path: "b.txt", bytes: bytes("world") },
]);

/** The message with which an archive is refused. */
function problem(changed: Uint8Array): string {
  try {
    readTar(changed);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(BatonError);
    expect((thrown as BatonError).code).toBe("baton-malformed");
    return (thrown as BatonError).message;
  }
  throw new Error("The archive was accepted.");
}

/** Writes fields over a header, with a right checksum, so that only the field itself is at fault. */
function withHeader(
  at: number,
  fields: Readonly<Record<number, string>>,
  base: Uint8Array = archive,
): Uint8Array {
  const copy = Buffer.from(base);
  for (const [offset, text] of Object.entries(fields)) copy.write(text, at + Number(offset), "latin1");
  copy.write("        ", at + 148, "latin1");
  const sum = copy.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, "0")}\0 `, at + 148, "latin1");
  return copy;
}

describe("an archive", () => {
  it("reads back in the order it was written", () => {
    const entries = readTar(archive).map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]);
    expect(entries).toEqual([
      ["a.txt", "hello"],
      ["b.txt", "world"],
    ]);
    expect(readTar(writeTar([]))).toEqual([]);
  });

  it("has this header, field by field", () => {
    const header = Buffer.from(headerOf("a.txt", 5)).toString("latin1");
    const zeros = (count: number) => "\0".repeat(count);
    expect(header).toBe(
      `a.txt${zeros(95)}0000644\x000000000\x000000000\x0000000000005\x0000000000000\x00010161\x00 0${zeros(100)}` +
        `ustar\x0000${zeros(64)}0000000\x000000000\x00${zeros(155 + 12)}`,
    );
  });

  it.each([
    ["link", "1"],
    ["symbolic link", "2"],
    ["character device", "3"],
    ["block device", "4"],
    ["directory", "5"],
    ["pipe", "6"],
    ["old regular file", "\0"],
    ["contiguous file", "7"],
    ["global PAX header", "g"],
    ["GNU long name", "L"],
    ["GNU sparse file", "S"],
  ])("refuses a %s", (_, type) =>
    expect(problem(withHeader(1024, { 156: type }))).toContain("is not a regular file. (At byte 1180.)"),
  );

  it.each([
    ["mode", 100, "0000755"],
    ["owner", 108, "0001750"],
    ["group", 116, "0001750"],
    ["time", 136, "14666423240"],
    ["owner's name", 265, "root"],
    ["link name", 157, "x"],
    ["magic of GNU tar", 257, "ustar  \0"],
    ["size in base 256", 124, "\x80"],
    ["size with a space", 124, "         5 \0"],
    ["rest of the header", 500, "x"],
    ["rest behind the name", 8, "x"],
    ["device number", 329, "0000001"],
  ])("refuses another %s", (_, offset, text) => {
    expect(problem(withHeader(1024, { [offset]: text }))).toMatch(/b\.txt|octal|size/);
  });

  it.each([
    "../x",
    "/etc/x",
    "a/../x",
    "./x",
    "a//x",
    "x/",
    "..",
    "a\\x",
    "C:x",
    "con",
    "nul.txt",
    "a\x07",
    "x.",
    "x ",
  ])("refuses the path %j", (path) => {
    expect(problem(withHeader(1024, { 0: `${path}\0\0\0\0\0\0` }))).toContain("The path of the entry");
    expect(() => writeTar([{ path, bytes: bytes("") }])).toThrow(BatonError);
  });

  it("refuses duplicates and names that some systems take for the same", () => {
    expect(problem(withHeader(1024, { 0: "a.txt" }))).toContain("is there twice");
    expect(problem(withHeader(1024, { 0: "A.TXT" }))).toContain("same name");
    expect(problem(withHeader(1024, { 0: "a.txt/b" }))).toContain("once as a folder");
  });

  it("refuses a PAX header where USTAR would do, and any record beyond path and size", () => {
    const pax = writeTar([{ path: "\u00e9.txt", bytes: bytes("x") }]);
    const records = (text: string) => {
      const changed = Buffer.from(withHeader(0, { 124: text.length.toString(8).padStart(11, "0") }, pax));
      changed.fill(0, 512, 1024).write(text, 512, "latin1");
      return problem(changed);
    };
    expect(records("12 path=abc\n")).toContain("not in canonical form");
    expect(records("11 mtime=1\n")).toContain("other than path and size");
    expect(records("20 GNU.sparse.major=1\n")).toContain("other than path and size");
    expect(records("12 path=\xff\xff\xff\n")).toContain("not UTF-8");
    expect(records("9 size=9\n")).toContain("not in canonical form");
    expect(records("29 size=99999999999999999999\n")).toContain("not a number");
  });

  it("uses PAX for sizes from 8 GiB on, as POSIX says", () => {
    expect(headerOf("m.onnx", ustarSizeLimit).length).toBe(512);
    const header = Buffer.from(headerOf("m.onnx", ustarSizeLimit + 1));
    expect(header.length).toBe(3 * 512);
    expect(header.toString("latin1", 512, 530)).toBe("19 size=8589934592".slice(0, 18));
    expect(header.toString("latin1", 1024 + 124, 1024 + 135)).toBe("00000000000");
  });

  it("refuses a size beyond its end without reading there", () => {
    expect(problem(withHeader(1024, { 124: "77777777777" }))).toContain("is cut off");
  });

  it.each([0, 1, 3, 4])("ends with exactly two zero blocks, not %d", (count) => {
    const body = archive.subarray(0, -1024);
    expect(problem(Buffer.concat([body, new Uint8Array(count * 512)]))).toMatch(/cut off|two zero blocks/);
  });

  it("holds a bounded number of files", () => {
    const many = Array.from({ length: entryLimit + 1 }, (_, i) => ({ path: `f${i}`, bytes: bytes("") }));
    expect(() => writeTar(many)).toThrow(/more than/);
    const headers = many.map(({ path }) => headerOf(path, 0));
    expect(problem(Buffer.concat([...headers, new Uint8Array(1024)]))).toContain("more than");
  });
});
