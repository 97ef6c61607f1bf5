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

const [lab, ops, foe] = [signer("lab"), signer("ops"), signer("foe")];
const baton = smallBaton(lab);
const sealedBy = (by: typeof lab, change: object, at = sealedAt) =>
  withTail(baton, change, { privateKey: by.privateKey, at });

describe("verify", () => {
  it("names who signed the content and who sealed it", () => {
    const { findings, contentBy, sealedBy: seal } = verdict(baton, lab);
    const keyId = keyIdOf(lab.publicKey);
    expect(findings).toEqual([]);
    expect(contentBy).toEqual({ keyId, person: "lab", roles: ["builds"] });
    expect(seal).toEqual({ keyId, person: "lab", roles: ["builds"], at: sealedAt });
  });

  it("lets the acceptor add evidence and seal again over the builder's content", () => {
    const evidence = [
      ...readBaton(baton).evidence,
      { name: "theirs.json", bytes: envelopeBytes({ x: 1 }, ops) },
    ];
    const theirs = sealedBy(ops, { evidence });
    expect(verdict(theirs, lab, ops)).toMatchObject({
      findings: [],
      contentBy: { person: "lab" },
      sealedBy: { person: "ops" },
    });
    expect(readBaton(theirs).digest).toBe(readBaton(baton).digest);
    expect(codesOf(theirs, lab)).toEqual(["baton.unknown-key"]);
    expect(codesOf(theirs, ops)).toEqual(["baton.unknown-key"]);
  });

  it("knows nobody whom the people file does not know, and says why", () => {
    const { findings, contentBy, sealedBy: seal } = verdict(baton, foe);
    expect(findings.map(({ code, path }) => [code, path])).toEqual([
      ["baton.unknown-key", "seal.json"],
      ["baton.unknown-key", "model.sig"],
    ]);
    expect(findings[0]?.message).toContain("nobody's in the people file");
    expect([contentBy, seal]).toEqual([undefined, undefined]);
  });

  it("does not believe a people file that has another key under the same id", () => {
    const lying = { find: () => signersOf(foe).find(keyIdOf(foe.publicKey), now) };
    const { findings } = verifyBaton({ bytes: baton, signers: lying, now });
    expect(findings.map(({ code }) => code)).toEqual(["baton.unknown-key", "baton.unknown-key"]);
  });

  it("judges keys at the time of sealing, which must have come", () => {
    const asked: string[] = [];
    const signers = {
      find: (id: string, at: string) => {
        asked.push(at);
        return signersOf(lab).find(id, at);
      },
    };
    verifyBaton({ bytes: baton, signers, now });
    expect(new Set(asked)).toEqual(new Set([sealedAt]));
    expect(codesOf(sealedBy(lab, {}, "2099-01-01T00:00:00Z"), lab)).toEqual(["baton.sealed-ahead"]);
  });

  it("finds a missing signature, and only warns where that was asked for", () => {
    const { bytes } = sealBaton({ name: "small", content: smallContent });
    const ask = (allowUnsigned: boolean) =>
      verifyBaton({ bytes, signers: signersOf(lab), now, allowUnsigned });
    expect(ask(false).findings.map(({ code, severity }) => [code, severity])).toEqual([
      ["baton.unsigned", "blocking"],
      ["baton.unsigned", "blocking"],
    ]);
    expect(ask(true).findings.map(({ severity }) => severity)).toEqual(["warning", "warning"]);
    expect(codesOf(sealedBy(lab, { signature: undefined }), lab)).toEqual(["baton.unsigned"]);
  });

  it("finds the signature of other content, and one that is none", () => {
    const files = [{ path: "baton.yaml", size: 1, sha256: "0".repeat(64) }];
    const signature = signContent({ files, name: "x", privateKey: lab.privateKey });
    expect(codesOf(sealedBy(lab, { signature }), lab)).toEqual(["baton.signature-differs"]);
    expect(codesOf(sealedBy(lab, { signature: utf8("{}") }), lab)).toEqual(["baton.signature-unreadable"]);
  });

  it("finds entries that are no envelopes", () => {
    const spaced = utf8('{"payload": "", "payloadType":"x","signatures":[]}');
    for (const bytes of [utf8("{}"), utf8("null"), utf8("[]"), utf8("x"), spaced, new Uint8Array()])
      expect(codesOf(sealedBy(lab, { relay: [{ name: "a.json", bytes }] }), lab)).toEqual([
        "baton.entry-unreadable",
      ]);
  });

  it("gives each finding a page and a next step", () => {
    const found = [verdict(baton, foe), verdict(utf8("no tar"), lab)].flatMap(({ findings }) => findings);
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
      (privateKey = lab.privateKey, at = sealedAt) =>
      () =>
        writeBaton({ content: smallContent, sealer: { privateKey, at } });
    for (const at of ["", "yesterday", "2025-06-01", "2025-06-01T12:00:00+02:00", "2025-13-01T12:00:00Z"])
      expect(seal(lab.privateKey, at)).toThrow("not a time");
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
      contentKeyId: keyIdOf(lab.publicKey),
      sealKeyId: keyIdOf(lab.publicKey),
      sealedAt,
    });
  });
});
