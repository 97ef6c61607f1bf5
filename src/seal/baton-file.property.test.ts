import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BatonError, canonicalBytes, isSignedBy, sha256 } from "../kernel/index.ts";
import { readBaton, verifyBaton, withTail, writeBaton } from "./index.ts";
import {
  codesOf,
  envelopeBytes,
  now,
  sealedAt,
  signer,
  signersOf,
  smallBaton,
  smallContent,
  smallTail,
  utf8,
} from "./small-baton.fixture.ts";
import { readTar, writeTar } from "./tar.ts";

const lab = signer("lab");
const baton = smallBaton(lab);
const blocks = baton.length / 512;
const cut = (bytes: Uint8Array, start: number, end: number) =>
  Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
const insert = (bytes: Uint8Array, at: number, more: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
const bits = [1, 2, 4, 8, 16, 32, 64, 128];
const looseStart = Buffer.from(baton).lastIndexOf('"sig":"');
const signers = signersOf(lab);
const refused = (bytes: Uint8Array) => verifyBaton({ bytes, signers, now }).findings.length > 0;

// Tens of thousands of errors are made and thrown here; nobody reads their stacks, which cost more than the reading.
const { stackTraceLimit } = Error;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
});

describe("any byte that differs is refused", () => {
  it("accepts the baton itself", () => expect(codesOf(baton, lab)).toEqual([]));

  it("where a bit of each byte is turned over, and each bit of the seal's signature", () => {
    const copy = Uint8Array.from(baton);
    const accepted: string[] = [];
    for (let position = 0; position < copy.length; position++)
      for (const mask of masksAt(position)) {
        copy[position] = (baton[position] as number) ^ mask;
        if (!refused(copy)) accepted.push(`${position} ^ ${mask}`);
        copy[position] = baton[position] as number;
      }
    expect(accepted).toEqual([]);
  }, 120_000);

  it("where the file is cut at each length", () => {
    const accepted: number[] = [];
    for (let length = 0; length < baton.length; length++)
      if (!refused(baton.subarray(0, length))) accepted.push(length);
    expect(accepted).toEqual([]);
  });

  it("where each byte is taken out or doubled, and the length made up at the end", () => {
    const accepted: number[] = [];
    for (let position = 0; position < baton.length; position++) {
      if (baton[position] === baton[position - 1]) continue; // in a run of equal bytes, the first stands for all
      const without = Buffer.concat([cut(baton, position, position + 1), new Uint8Array(1)]);
      const twice = insert(baton, position, baton.subarray(position, position + 1)).subarray(0, baton.length);
      for (const changed of [without, twice])
        if (!changed.equals(baton) && !refused(changed)) accepted.push(position);
    }
    expect(accepted).toEqual([]);
  });

  it("where blocks are taken out, doubled, swapped or put in between", () => {
    const block = (index: number) => baton.subarray(index * 512, index * 512 + 512);
    for (let a = 0; a < blocks; a++) {
      for (let b = a + 1; b <= blocks; b++) expect(refused(cut(baton, a * 512, b * 512))).toBe(true);
      expect(refused(insert(baton, a * 512, block(a)))).toBe(true);
      expect(refused(insert(baton, a * 512, new Uint8Array(512)))).toBe(true);
      for (let b = a + 1; b < blocks; b++) {
        if (Buffer.compare(block(a), block(b)) === 0) continue;
        const swapped = Uint8Array.from(baton);
        swapped.set(block(b), a * 512);
        swapped.set(block(a), b * 512);
        expect(refused(swapped), `blocks ${a} and ${b}`).toBe(true);
      }
    }
  });

  it("where anything is appended", () => {
    for (const more of [new Uint8Array(1), new Uint8Array(512), new Uint8Array(10_240), utf8("x"), baton])
      expect(refused(Buffer.concat([baton, more]))).toBe(true);
  });
});

/** One bit of each byte, and each bit of the seal's own signature, over which no other digest stands. */
function masksAt(position: number): number[] {
  return position >= looseStart && position < baton.length - 1024 ? bits : [1 << (position % 8)];
}

describe("well-formed changes by someone without the key are refused", () => {
  const read = readBaton(baton);
  const { evidence, relay, signature } = read;
  const foe = signer("foe");
  const forge = (change: object) => withTail(baton, change);
  const byEve = (change: object) => withTail(baton, change, { privateKey: foe.privateKey, at: sealedAt });

  it.each([
    ["nothing but the seal", {}],
    ["evidence missing", { evidence: evidence.slice(1) }],
    ["all evidence missing", { evidence: [] }],
    ["relay missing", { relay: relay.slice(0, 1) }],
    ["evidence added", { evidence: [...evidence, { name: "z.json", bytes: envelopeBytes({}) }] }],
    ["evidence renamed", { evidence: evidence.map((entry) => ({ ...entry, name: `x-${entry.name}` })) }],
    [
      "names of entries swapped",
      {
        relay: [
          { ...relay[0]!, name: relay[1]!.name },
          { ...relay[1]!, name: relay[0]!.name },
        ],
      },
    ],
    ["signature missing", { signature: undefined }],
  ])("%s", (_, change) => {
    expect(codesOf(forge(change), lab)).toContain("baton.unsigned");
    expect(codesOf(byEve(change), lab)).toContain("baton.unknown-key");
  });

  it("the seal of one baton on another of the same person", () => {
    const other = smallBaton(lab, [...smallContent, { path: "more.csv", bytes: utf8("a") }]);
    const otherRead = readBaton(other);
    const start = otherRead.contentPart.length;
    const mixed = Buffer.concat([read.contentPart, other.subarray(start)]);
    expect(codesOf(mixed, lab)).toEqual(["baton.altered"]);
  });

  it("whole entries in another order", () => {
    const entries = readTar(baton);
    const part = (index: number) => baton.subarray(entries[index - 1]?.end ?? 0, entries[index]?.end);
    const rest = baton.subarray(entries.at(-1)?.end);
    for (let a = 0; a < entries.length; a++)
      for (let b = a + 1; b < entries.length; b++) {
        const order = entries.map((_, index) => (index === a ? b : index === b ? a : index));
        const swapped = Buffer.concat([...order.map(part), rest]);
        expect(readTar(swapped)).toHaveLength(entries.length);
        expect(codesOf(swapped, lab), `entries ${a} and ${b}`).toEqual(["baton.malformed"]);
      }
  });

  it("the twin (r, n - s) of the seal's signature, which verifies as well", () => {
    const { envelope } = read.seal;
    const [{ keyid, sig } = { keyid: "", sig: "" }] = envelope.signatures;
    const twin = { keyid, sig: Buffer.from(twinOf(Buffer.from(sig, "base64"))).toString("base64") };
    expect(isSignedBy({ ...envelope, signatures: [twin] }, lab.publicKey)).toBe(true);
    const sealEntry = { path: "seal.json", bytes: canonicalBytes({ ...envelope, signatures: [twin] }) };
    const before = baton.subarray(0, readTar(baton).at(-2)?.end);
    const forged = Buffer.concat([before, writeTar([sealEntry])]);
    expect(codesOf(forged, lab)).toEqual(["baton.signature-invalid"]);
  });

  it("other content under the same signature", () => {
    const changed = smallContent.map((file) =>
      file.path === "model/m.onnx" ? { ...file, path: "model/n.onnx" } : file,
    );
    const bytes = writeBaton({ content: changed, signature, evidence, relay });
    expect(codesOf(bytes, lab)).toEqual(["baton.unsigned", "baton.signature-differs"]);
  });
});

describe("round trip", () => {
  const path = fc
    .array(fc.string({ unit: fc.constantFrom(..."abcXYZ09-_ é日"), minLength: 1, maxLength: 60 }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((parts) => `d/${parts.map((part) => `p${part.trim()}q`).join("/")}.bin`);
  const file = fc.record({ path, bytes: fc.uint8Array({ maxLength: 1200 }) });
  const content = fc
    .uniqueArray(file, { maxLength: 6, selector: (one) => one.path.toLowerCase() })
    .map((files) => [...files, { path: "baton.yaml", bytes: utf8("baton: 1\n") }]);
  const shuffled = content.chain((files) =>
    fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length })),
  );

  it("gives back content, evidence and relay, whatever the order they came in", () => {
    fc.assert(
      fc.property(shuffled, ([files, others]) => {
        const tail = smallTail(lab);
        const bytes = writeBaton({ content: files, ...tail });
        expect(
          Buffer.compare(
            bytes,
            writeBaton({ content: others, evidence: tail.evidence.toReversed(), relay: tail.relay }),
          ),
        ).toBe(0);
        const back = readBaton(bytes);
        expect(digests(back.content)).toEqual(digests(files.map(({ path, bytes }) => [path, bytes])));
        expect(back.relay.map(({ name }) => name)).toEqual(tail.relay.map(({ name }) => name));
      }),
      { numRuns: 60 },
    );
  });

  it("writes the same content part whoever seals it, whenever, with whatever tail", () => {
    fc.assert(
      fc.property(shuffled, ([files, others]) => {
        const ops = signer("ops");
        const one = smallBaton(lab, files);
        const two = writeBaton({
          content: others,
          sealer: { privateKey: ops.privateKey, at: "2026-01-01T00:00:00Z" },
        });
        const [a, b] = [readBaton(one), readBaton(two)];
        expect(sha256(a.contentPart)).toBe(sha256(b.contentPart));
        expect(a.digest).toBe(b.digest);
        expect(sha256(readBaton(withTail(one, { evidence: [] })).contentPart)).toBe(sha256(a.contentPart));
      }),
      { numRuns: 30 },
    );
  });
});

describe("whatever the bytes", () => {
  it("the reader returns or throws a BatonError with a next step, 10,000 times", () => {
    const edit = fc.record({
      kind: fc.constantFrom("flip", "zero", "cut", "copy", "noise", "digits"),
      at: fc.nat(baton.length - 1),
      length: fc.integer({ min: 1, max: 1100 }),
      byte: fc.nat(255),
      to: fc.nat(baton.length - 1),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const mutated = edits.reduce<Uint8Array>(apply, baton);
        try {
          readBaton(mutated);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(BatonError);
          expect((thrown as BatonError).next).toBeTruthy();
          expect(["baton-malformed", "baton-altered"]).toContain((thrown as BatonError).code);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

function digests(files: Iterable<readonly [path: string, bytes: Uint8Array]>): Record<string, string> {
  return Object.fromEntries([...files].map(([path, bytes]) => [path, sha256(bytes)]));
}

/** The other valid DER signature of the same text: s becomes n - s, with n the order of P-256. */
function twinOf(der: Uint8Array): Uint8Array {
  const r = der.subarray(2, 4 + (der[3] as number));
  const s = BigInt(`0x${Buffer.from(der.subarray(2 + r.length + 2)).toString("hex")}`);
  const high = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n - s;
  const digits = Buffer.from(`00${high.toString(16).padStart(64, "0")}`, "hex");
  return Uint8Array.from([0x30, r.length + 2 + 33, ...r, 0x02, 33, ...digits]);
}

interface Edit {
  readonly kind: string;
  readonly at: number;
  readonly length: number;
  readonly byte: number;
  readonly to: number;
}

function apply(bytes: Uint8Array, { kind, at, length, byte, to }: Edit): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (kind === "cut") return cut(copy, at, Math.min(copy.length, at + length));
  if (kind === "copy") return insert(copy, Math.min(to, copy.length), copy.subarray(at, at + length));
  if (kind === "zero") return copy.fill(0, at, at + length);
  if (kind === "digits") return copy.fill(0x30 + (byte % 10), at, at + (length % 12));
  if (kind === "noise")
    return copy.map((value, i) => (i >= at && i < at + length ? (value * 31 + byte) & 255 : value));
  if (at < copy.length) copy[at] = byte;
  return copy;
}
