import { sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalBytes, inTotoType, keyIdOf, preAuthEncoding, sha256 } from "../kernel/index.ts";
import { signContent, verifySignature } from "./index.ts";
import { signer, utf8 } from "./small-baton.fixture.ts";

const lab = signer("lab");
const file = (path: string, text: string) => ({ path, size: text.length, sha256: sha256(text) });
const files = [file("baton.yaml", "a"), file("model/m.onnx", "b"), file("Z.csv", "c")];
const bundleBytes = signContent({ files, name: "small", privateKey: lab.privateKey });

type Tree = { [key: string]: Tree } & Tree[] & string;
const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Tree;
const statement = () =>
  JSON.parse(Buffer.from(parsed(bundleBytes).dsseEnvelope!.payload as string, "base64").toString()) as Tree;

/** The outcome of a verification: the key, or the finding's code. */
function outcome(bytes: Uint8Array, listed = files, publicKeys = [lab.publicKey]): string {
  const result = verifySignature({ bundleBytes: bytes, files: listed, publicKeys });
  return "keyId" in result ? result.keyId : result.finding.code;
}

/** The bundle with one change. */
function changed(change: (bundle: Tree) => void): Uint8Array {
  const bundle = parsed(bundleBytes);
  change(bundle);
  return utf8(JSON.stringify(bundle));
}

/** A bundle over another statement, signed all the same: what a careless or foreign signer might make. */
function signedOver(change: (statement: Tree) => void): Uint8Array {
  const said = statement();
  change(said);
  const payload = canonicalBytes(said);
  const sig = sign("sha256", preAuthEncoding(inTotoType, payload), lab.privateKey);
  return changed((bundle) => {
    bundle.dsseEnvelope!.payload = Buffer.from(payload).toString("base64") as Tree;
    bundle.dsseEnvelope!.signatures![0]!.sig = sig.toString("base64") as Tree;
  });
}

/** The root over these resources. */
function root(resources: Tree): string {
  return sha256(
    Buffer.concat((resources as Tree[]).map(({ digest }) => Buffer.from(digest as string, "hex"))),
  );
}

describe("a model signature", () => {
  it("has exactly the form of OpenSSF Model Signing v1.0", () => {
    const { payload, signatures } = parsed(bundleBytes).dsseEnvelope!;
    expect(parsed(bundleBytes)).toEqual({
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { publicKey: { hint: keyIdOf(lab.publicKey) }, tlogEntries: [] },
      dsseEnvelope: {
        payload,
        payloadType: inTotoType,
        signatures: [{ sig: signatures![0]!.sig, keyid: "" }],
      },
    });
    const resources = [files[2]!, files[0]!, files[1]!].map(({ path, sha256: digest }) => ({
      name: path,
      algorithm: "sha256",
      digest,
    }));
    expect(statement()).toEqual({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: "small", digest: { sha256: root(resources as unknown as Tree) } }],
      predicateType: "https://model_signing/signature/v1.0",
      predicate: {
        serialization: { method: "files", hash_type: "sha256", allow_symlinks: false, ignore_paths: [] },
        resources,
      },
    });
  });

  it.each(["P-256", "P-384", "P-521"])("verifies under %s, and under no other key", (curve) => {
    const [ops, foe] = [signer("ops", curve), signer("foe", curve)];
    const bytes = signContent({ files, name: "m", privateKey: ops.privateKey });
    expect(outcome(bytes, files, [foe.publicKey, ops.publicKey])).toBe(keyIdOf(ops.publicKey));
    expect(outcome(bytes, files, [foe.publicKey])).toBe("baton.unknown-key");
    expect(outcome(bytes, files, [])).toBe("baton.unknown-key");
  });

  it.each([
    ["a file is missing", files.slice(1)],
    ["a file is extra", [...files, file("x", "x")]],
    ["a file is renamed", [file("baton.yml", "a"), ...files.slice(1)]],
    ["a file is altered", [file("baton.yaml", "A"), ...files.slice(1)]],
    ["two files swap names", [file("baton.yaml", "b"), file("model/m.onnx", "a"), files[2]!]],
    ["there is none", []],
  ])("does not hold where %s", (_, listed) =>
    expect(outcome(bundleBytes, listed)).toBe("baton.signature-differs"),
  );

  it.each<[string, (bundle: Tree) => void]>([
    [
      "a key beside",
      (b) => {
        b.extra = {} as Tree;
      },
    ],
    [
      "a key in its material",
      (b) => {
        b.verificationMaterial!.certificate = {} as Tree;
      },
    ],
    [
      "a key in its envelope",
      (b) => {
        b.dsseEnvelope!.x = "" as Tree;
      },
    ],
    [
      "a key in its signature",
      (b) => {
        b.dsseEnvelope!.signatures![0]!.x = "" as Tree;
      },
    ],
    [
      "two signatures",
      (b) => {
        b.dsseEnvelope!.signatures!.push(b.dsseEnvelope!.signatures![0]!);
      },
    ],
    [
      "no signature",
      (b) => {
        b.dsseEnvelope!.signatures!.pop();
      },
    ],
    [
      "a log entry",
      (b) => {
        b.verificationMaterial!.tlogEntries!.push({} as Tree);
      },
    ],
    [
      "another media type",
      (b) => {
        b.mediaType = "application/json" as Tree;
      },
    ],
    [
      "another payload type",
      (b) => {
        b.dsseEnvelope!.payloadType = "text/plain" as Tree;
      },
    ],
    [
      "a key id",
      (b) => {
        b.dsseEnvelope!.signatures![0]!.keyid = "x" as Tree;
      },
    ],
    [
      "no hint",
      (b) => {
        b.verificationMaterial!.publicKey = {} as Tree;
      },
    ],
  ])("with %s is not read", (_, change) =>
    expect(outcome(changed(change))).toBe("baton.signature-unreadable"),
  );

  it.each(["", "{", "null", "[]", "\ufeff{}", "\xff"])("%j is no bundle", (text) =>
    expect(outcome(Buffer.from(text, "latin1"))).toBe("baton.signature-unreadable"),
  );

  it("does not hold for another payload or in another spelling of base64", () => {
    const spell = (change: (text: string) => string) =>
      changed((b) => {
        b.dsseEnvelope!.payload = change(b.dsseEnvelope!.payload as string) as Tree;
      });
    const other = Buffer.from(canonicalBytes({ ...(statement() as object), predicate: {} })).toString(
      "base64",
    );
    for (const change of [() => other, (text: string) => `${text}\n`, (text: string) => `${text} `, () => ""])
      expect(outcome(spell(change))).toBe("baton.signature-invalid");
    const sig = (change: (text: string) => string) =>
      changed((b) => {
        const s = b.dsseEnvelope!.signatures![0]!;
        s.sig = change(s.sig as string) as Tree;
      });
    for (const change of [(t: string) => `${t}\n`, () => "", () => "AAAA", (t: string) => t.slice(4)])
      expect(outcome(sig(change))).toBe("baton.signature-invalid");
  });

  it.each<[string, string, (said: Tree) => void]>([
    [
      "a wrong root",
      "invalid",
      (s) => {
        s.subject![0]!.digest!.sha256 = "0".repeat(64) as Tree;
      },
    ],
    [
      "resources in another order than the root",
      "invalid",
      (s) => {
        s.predicate!.resources!.reverse();
      },
    ],
    [
      "a resource twice",
      "differs",
      (s) => {
        s.predicate!.resources!.push(s.predicate!.resources![0]!);
        s.subject![0]!.digest!.sha256 = root(s.predicate!.resources!) as Tree;
      },
    ],
    [
      "links allowed",
      "unreadable",
      (s) => {
        s.predicate!.serialization!.allow_symlinks = true as unknown as Tree;
      },
    ],
    [
      "nothing said about links",
      "unreadable",
      (s) => {
        s.predicate!.serialization!.allow_symlinks = undefined as unknown as Tree;
      },
    ],
    [
      "shards",
      "unreadable",
      (s) => {
        s.predicate!.serialization!.method = "shards" as Tree;
      },
    ],
    [
      "another hash",
      "unreadable",
      (s) => {
        s.predicate!.resources![0]!.algorithm = "blake2b" as Tree;
      },
    ],
    [
      "two subjects",
      "unreadable",
      (s) => {
        s.subject!.push(s.subject![0]!);
      },
    ],
    [
      "another predicate",
      "unreadable",
      (s) => {
        s.predicateType = "https://model_signing/Digests/v0.1" as Tree;
      },
    ],
    [
      "a key in the predicate",
      "unreadable",
      (s) => {
        s.predicate!.x = "" as Tree;
      },
    ],
  ])("that a known key made with %s is refused", (_, code, change) =>
    expect(outcome(signedOver(change))).toBe(`baton.signature-${code}`),
  );

  it("may list resources in any order that its root has, and may name paths to ignore, which are not ignored", () => {
    const reordered = signedOver((s) => {
      s.predicate!.resources!.reverse();
      s.subject![0]!.digest!.sha256 = root(s.predicate!.resources!) as Tree;
      s.predicate!.serialization!.ignore_paths!.push("x.csv" as Tree);
    });
    expect(outcome(reordered)).toBe(keyIdOf(lab.publicKey));
    expect(outcome(reordered, [...files, file("x.csv", "x")])).toBe("baton.signature-differs");
  });
});
