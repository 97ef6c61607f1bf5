import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BatonError,
  canonicalJson,
  contentDigest,
  findingMaker,
  isSignedBy,
  isTooDeep,
  manifestOf,
  parseDuration,
  redactSecrets,
  sealStatement,
  worstFirst,
  worstOutcome,
} from "./index.ts";

describe("content digest", () => {
  it("does not depend on the order in which files are listed", () => {
    const file = fc.record({
      path: fc.string({ minLength: 1 }),
      size: fc.nat(),
      sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
    });
    const files = fc.uniqueArray(file, { selector: (f) => f.path, maxLength: 12 });
    fc.assert(
      fc.property(
        files.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([a, b]) => {
          expect(contentDigest(manifestOf(a))).toBe(contentDigest(manifestOf(b)));
        },
      ),
    );
  });

  it("changes when a file is renamed, resized or altered", () => {
    const file = { path: "a", size: 1, sha256: "0".repeat(64) };
    const digest = contentDigest(manifestOf([file]));
    for (const change of [{ path: "b" }, { size: 2 }, { sha256: "1".repeat(64) }])
      expect(contentDigest(manifestOf([{ ...file, ...change }]))).not.toBe(digest);
  });
});

describe("envelope", () => {
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "m", digest: { sha256: "00" } }],
    predicateType: "urn:x",
    predicate: { a: 1 },
  } as const;
  const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

  it("is valid under the key that signed it and under no other", () => {
    const [ours, theirs] = [pair(), pair()];
    const envelope = sealStatement(statement, ours.privateKey);
    expect(isSignedBy(envelope, ours.publicKey)).toBe(true);
    expect(isSignedBy(envelope, theirs.publicKey)).toBe(false);
  });

  it("is invalid when the payload, its type or the signature changed", () => {
    const { privateKey, publicKey } = pair();
    const envelope = sealStatement(statement, privateKey);
    const other = sealStatement({ ...statement, predicate: { a: 2 } }, privateKey);
    expect(isSignedBy({ ...envelope, payload: other.payload }, publicKey)).toBe(false);
    expect(isSignedBy({ ...envelope, payloadType: "x" }, publicKey)).toBe(false);
    expect(
      isSignedBy({ ...envelope, signatures: [{ ...envelope.signatures[0]!, sig: "AAAA" }] }, publicKey),
    ).toBe(false);
    expect(isSignedBy({ ...envelope, signatures: [] }, publicKey)).toBe(false);
  });
});

describe("findings", () => {
  it("take severity and next step from the catalogue and come worst first", () => {
    const make = findingMaker({
      "a.bad": { title: "", what: "", why: "", mend: "Mend it.", severity: "blocking", where: ["builder"] },
      "a.odd": { title: "", what: "", why: "", mend: "Look.", severity: "warning", where: ["builder"] },
    });
    const [odd, bad] = [make("a.odd", { message: "odd" }), make("a.bad", { message: "bad" })];
    expect(bad).toEqual({ code: "a.bad", severity: "blocking", next: "Mend it.", message: "bad" });
    expect(worstFirst([odd, bad]).map((f) => f.code)).toEqual(["a.bad", "a.odd"]);
  });
});

describe("outcomes", () => {
  it("never turn not-run into pass", () => {
    expect(worstOutcome(["pass", "not-run"])).toBe("not-run");
    expect(worstOutcome(["pass", "not-applicable"])).toBe("pass");
    expect(worstOutcome([])).toBe("not-run");
  });
});

describe("durations", () => {
  it.each([
    ["50ms", 50],
    ["1.5s", 1500],
    ["10d", 864_000_000],
  ])("%s is %d ms", (text, ms) => expect(parseDuration(text)).toBe(ms));
  it.each(["", "10", "d", "-1s", "1 s", "1m"])("%j is refused", (text) =>
    expect(() => parseDuration(text)).toThrow(BatonError),
  );
});

describe("canonical JSON", () => {
  it("sorts keys and refuses what JSON cannot say", () => {
    expect(canonicalJson({ b: 1, a: [1, "x", null] })).toBe('{"a":[1,"x",null],"b":1}');
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(BatonError);
  });
});

describe("errors", () => {
  it("carry no secret", () => {
    const error = new BatonError("internal", "to https://ops:hunter22@example.org with Bearer abcdefghijkl");
    expect(error.message).toBe("to https://[credentials]@example.org with Bearer [secret]");
    expect(redactSecrets("-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----")).toBe(
      "[private key]",
    );
  });
});

describe("nesting", () => {
  it.each([
    ["- ".repeat(400)],
    ["? ".repeat(400)],
    [`a:\n${" ".repeat(400)}b: 1`],
    ["[".repeat(201)],
    ["{a: ".repeat(201)],
  ])("that a parser would not survive is seen beforehand (%#)", (text) => expect(isTooDeep(text)).toBe(true));

  it("of what people write is not refused", () => {
    expect(isTooDeep(`- - - a: [[1], {b: 2}]\n${"-".repeat(80)}\n${"a: []\n".repeat(5000)}`)).toBe(false);
  });
});
