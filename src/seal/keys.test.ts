import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { describe, expect, it } from "vitest";
import { newKeyPair } from "../adapters/keys/index.ts";
import { BatonError, keyIdOf } from "../kernel/index.ts";
import { parsePrivateKey, parsePublicKey } from "./index.ts";

const passphrase = "correct horse";
const pair = await newKeyPair();
const locked = await newKeyPair({ passphrase });

/** A pair in PEM. */
function pems({ privateKey, publicKey }: KeyPairKeyObjectResult) {
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

const curve = (namedCurve: string) => pems(generateKeyPairSync("ec", { namedCurve }));
const rsa = pems(generateKeyPairSync("rsa", { modulusLength: 2048 }));
const ed25519 = pems(generateKeyPairSync("ed25519"));

/** Why a key is refused; never with any of its text. */
function refusal(act: () => unknown, pem: string): string {
  try {
    act();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(BatonError);
    const { message, next, position, cause } = thrown as BatonError;
    expect({ position, next: typeof next }).toMatchObject({ position: { file: "k.pem" }, next: "string" });
    const said = `${message} ${next} ${String(cause)} ${(thrown as BatonError).stack}`;
    const lines = pem.split("\n").filter((line) => line.length > 8);
    for (const line of lines) expect(said).not.toContain(line);
    return message;
  }
  throw new Error("The key was accepted.");
}

describe("a new pair", () => {
  it("can be read again, and both halves have the same id", () => {
    expect(keyIdOf(parsePrivateKey(pair.privateKeyPem))).toBe(pair.keyId);
    expect(keyIdOf(parsePublicKey(pair.publicKeyPem))).toBe(pair.keyId);
    expect(locked.keyId).not.toBe(pair.keyId);
  });

  it("is encrypted where a passphrase is given", () => {
    expect(locked.privateKeyPem).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(keyIdOf(parsePrivateKey(locked.privateKeyPem, { passphrase }))).toBe(locked.keyId);
  });

  it("may come from other programs, in SEC 1 form", () => {
    const key = parsePrivateKey(pair.privateKeyPem);
    const sec1 = key.export({ type: "sec1", format: "pem" }).toString();
    expect(
      keyIdOf(
        parsePrivateKey(
          `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${sec1}`,
        ),
      ),
    ).toBe(pair.keyId);
  });
});

describe("a private key is refused", () => {
  it.each([
    ["without its passphrase", locked.privateKeyPem, undefined, "no passphrase"],
    ["with another passphrase", locked.privateKeyPem, "wrong", "does not open"],
    ["where it is public", pair.publicKeyPem, undefined, "is a public key"],
    ["of RSA", rsa.privateKey, undefined, "of the kind rsa"],
    ["of Ed25519", ed25519.privateKey, undefined, "of the kind ed25519"],
    ["of P-384", curve("P-384").privateKey, undefined, "EC secp384r1"],
    ["of secp256k1", curve("secp256k1").privateKey, undefined, "EC secp256k1"],
    ["when there are two", pair.privateKeyPem + pair.privateKeyPem, undefined, "exactly one"],
    ["when empty", "", undefined, "exactly one"],
    ["when damaged", pair.privateKeyPem.replace("MIGH", "AAAA"), undefined, "cannot be read"],
    ["when enormous", pair.privateKeyPem + " ".repeat(70_000), undefined, "exactly one"],
  ])("%s", (_, pem, given, reason) =>
    expect(refusal(() => parsePrivateKey(pem, { file: "k.pem", passphrase: given }), pem)).toContain(reason),
  );
});

describe("a public key", () => {
  it.each(["P-256", "P-384", "P-521"])("may be on %s", (name) =>
    expect(parsePublicKey(curve(name).publicKey).type).toBe("public"),
  );

  it.each([
    ["where it is private", pair.privateKeyPem, "is a private key"],
    ["where it is private and encrypted", locked.privateKeyPem, "is a private key"],
    ["with a private key behind it", pair.publicKeyPem + pair.privateKeyPem, "is a private key"],
    ["of RSA", rsa.publicKey, "of the kind rsa"],
    ["of Ed25519", ed25519.publicKey, "of the kind ed25519"],
    ["of secp256k1", curve("secp256k1").publicKey, "EC secp256k1"],
    ["when there are two", pair.publicKeyPem + pair.publicKeyPem, "exactly one"],
    ["when damaged", pair.publicKeyPem.replace("MFkw", "AAAA"), "cannot be read"],
    ["when it is something else", "hello", "exactly one"],
  ])("is refused %s", (_, pem, reason) =>
    expect(refusal(() => parsePublicKey(pem, { file: "k.pem" }), pem)).toContain(reason),
  );
});
