import { describe, expect, it } from "vitest";
import { keyIdOf } from "../kernel/index.ts";
import {
  inspectBaton,
  readBaton,
  sealBaton,
  sealFindings,
  signContent,
  verifyBaton,
  withTail,
  writeBaton,
} from "./index.ts";
import {
  codesOf,
  envelopeBytes,
  now,
  sealedAt,
  signer,
  signersOf,
  smallBaton,
  smallContent,
  utf8,
  verdict,
} from "./small-baton.fixture.ts";

const [ann, bob, eve] = [signer("ann"), signer("bob"), signer("eve")];
const baton = smallBaton(ann);
const sealedBy = (by: typeof ann, change: object, at = sealedAt) =>
  withTail(baton, change, { privateKey: by.privateKey, at });

describe("verify", () => {
  it("names who signed the content and who sealed it", () => {
    const { findings, contentBy, sealedBy: seal } = verdict(baton, ann);
    const keyId = keyIdOf(ann.publicKey);
    expect(findings).toEqual([]);
    expect(contentBy).toEqual({ keyId, person: "ann", roles: ["builds"] });
    expect(seal).toEqual({ keyId, person: "ann", roles: ["builds"], at: sealedAt });
  });

  it("lets the acceptor add evidence and seal again over the builder's content", () => {
    const evidence = [
      ...readBaton(baton).evidence,
      { name: "theirs.json", bytes: envelopeBytes({ x: 1 }, bob) },
    ];
    const theirs = sealedBy(bob, { evidence });
    expect(verdict(theirs, ann, bob)).toMatchObject({
      findings: [],
      contentBy: { person: "ann" },
      sealedBy: { person: "bob" },
    });
    expect(readBaton(theirs).digest).toBe(readBaton(baton).digest);
    expect(codesOf(theirs, ann)).toEqual(["baton.unknown-key"]);
    expect(codesOf(theirs, bob)).toEqual(["baton.unknown-key"]);
  });

  it("knows nobody whom the people file does not know, and says why", () => {
    const { findings, contentBy, sealedBy: seal } = verdict(baton, eve);
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ["baton.unknown-key", "seal.json"],
      ["baton.unknown-key", "model.sig"],
    ]);
    expect(findings[0]?.message).toContain("nobody's in the people file");
    expect([contentBy, seal]).toEqual([undefined, undefined]);
  });

  it("does not believe a people file that has another key under the same id", () => {
    const lying = { find: () => signersOf(eve).find(keyIdOf(eve.publicKey), now) };
    const { findings } = verifyBaton({ bytes: baton, signers: lying, now });
    expect(findings.map(({ code }) => code)).toEqual(["baton.unknown-key", "baton.unknown-key"]);
  });

  it("judges keys at the time of sealing, which must have come", () => {
    const asked: string[] = [];
    const signers = {
      find: (id: string, at: string) => {
        asked.push(at);
        return signersOf(ann).find(id, at);
      },
    };
    verifyBaton({ bytes: baton, signers, now });
    expect(new Set(asked)).toEqual(new Set([sealedAt]));
    expect(codesOf(sealedBy(ann, {}, "2099-01-01T00:00:00Z"), ann)).toEqual(["baton.sealed-ahead"]);
  });

  it("finds a missing signature, and only warns where that was asked for", () => {
    const { bytes } = sealBaton({ name: "small", content: smallContent });
    const ask = (allowUnsigned: boolean) =>
      verifyBaton({ bytes, signers: signersOf(ann), now, allowUnsigned });
    expect(ask(false).findings.map(({ code, severity }) => [code, severity])).toEqual([
      ["baton.unsigned", "blocking"],
      ["baton.unsigned", "blocking"],
    ]);
    expect(ask(true).findings.map(({ severity }) => severity)).toEqual(["warning", "warning"]);
    expect(codesOf(sealedBy(ann, { signature: undefined }), ann)).toEqual(["baton.unsigned"]);
  });

  it("finds the signature of other content, and one that is none", () => {
    const files = [{ path: "baton.yaml", size: 1, sha256: "0".repeat(64) }];
    const signature = signContent({ files, name: "x", privateKey: ann.privateKey });
    expect(codesOf(sealedBy(ann, { signature }), ann)).toEqual(["baton.signature-differs"]);
    expect(codesOf(sealedBy(ann, { signature: utf8("{}") }), ann)).toEqual(["baton.signature-unreadable"]);
  });

  it("finds entries that are no envelopes", () => {
    const spaced = utf8('{"payload": "", "payloadType":"x","signatures":[]}');
    for (const bytes of [utf8("{}"), utf8("null"), utf8("[]"), utf8("x"), spaced, new Uint8Array()])
      expect(codesOf(sealedBy(ann, { relay: [{ name: "a.json", bytes }] }), ann)).toEqual([
        "baton.entry-unreadable",
      ]);
  });

  it("gives each finding a page and a next step", () => {
    const found = [verdict(baton, eve), verdict(utf8("no tar"), ann)].flatMap(({ findings }) => findings);
    for (const { code, next, message } of found) {
      expect(Object.keys(sealFindings)).toContain(code);
      expect(next && message).toBeTruthy();
    }
  });
});

describe("writing", () => {
  it.each([
    ["no contract", [{ path: "a", bytes: utf8("") }]],
    ["a hidden file", [...smallContent, { path: ".env", bytes: utf8("") }]],
    ["a path out of the folder", [...smallContent, { path: "../x", bytes: utf8("") }]],
    ["a path in decomposed form", [...smallContent, { path: "cafe\u0301", bytes: utf8("") }]],
    ["one file twice", [...smallContent, smallContent[0]!]],
    ["names that differ in case", [...smallContent, { path: "Baton.yaml", bytes: utf8("") }]],
  ])("refuses %s", (_, content) => expect(() => writeBaton({ content })).toThrow(/baton\.yaml|path/));

  it.each(["a.txt", "x/y.json", "../x.json", ".x.json", "x\u00e9.json", ""])(
    "refuses the entry name %j",
    (name) => {
      expect(() => writeBaton({ content: smallContent, evidence: [{ name, bytes: utf8("{}") }] })).toThrow(
        "cannot stand",
      );
    },
  );

  it("refuses a time that is none and a key of another kind", () => {
    const seal =
      (privateKey = ann.privateKey, at = sealedAt) =>
      () =>
        writeBaton({ content: smallContent, sealer: { privateKey, at } });
    for (const at of ["", "yesterday", "2025-06-01", "2025-06-01T12:00:00+02:00", "2025-13-01T12:00:00Z"])
      expect(seal(ann.privateKey, at)).toThrow("not a time");
    expect(seal(signer("x", "P-384").privateKey)).toThrow("P-256");
  });
});

describe("inspect", () => {
  it("lists what is there", () => {
    expect(inspectBaton(readBaton(baton))).toMatchObject({
      files: [{ path: "baton.yaml" }, { path: "model/m.onnx", size: 40 }, { path: "story/caf\u00e9.md" }],
      references: [{ uri: "s3://x" }],
      evidence: ["check-1.json", "test-1.json"],
      relay: ["0001-offer-aa.json", "0002-accept-bb.json"],
      contentKeyId: keyIdOf(ann.publicKey),
      sealKeyId: keyIdOf(ann.publicKey),
      sealedAt,
    });
  });
});
