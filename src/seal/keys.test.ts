import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { describe, expect, it } from "vitest";
import { BatonError, keyIdOf } from "../kernel/index.ts";
import { parsePrivateKey, parsePublicKey } from "./index.ts";

const passphrase = "correct horse";
/** A pair in PEM, the private key encrypted where there is a passphrase. */
function pems({ privateKey, publicKey }: KeyPairKeyObjectResult, secret?: string) {
  const encryption = secret ? { cipher: "aes-256-cbc", passphrase: secret } : {};
  return {
    privateKey: privateKey.export({ type: "pkcs8", format: "pem", ...encryption }).toString(),
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pair = pems(p256);
const locked = pems(p256, passphrase);
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

describe("a private key", () => {
  it("may be plain, encrypted, or in SEC 1 form with its parameters", () => {
    const id = keyIdOf(p256.publicKey);
    const sec1 = p256.privateKey.export({ type: "sec1", format: "pem" }).toString();
    const parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    expect(keyIdOf(parsePrivateKey(pair.privateKey))).toBe(id);
    expect(keyIdOf(parsePrivateKey(locked.privateKey, { passphrase }))).toBe(id);
    expect(keyIdOf(parsePrivateKey(parameters + sec1))).toBe(id);
    expect(keyIdOf(parsePublicKey(pair.publicKey))).toBe(id);
  });
});

describe("a private key is refused", () => {
  it.each([
    ["without its passphrase", locked.privateKey, undefined, "no passphrase"],
    ["with another passphrase", locked.privateKey, "wrong", "does not open"],
    ["where it is public", pair.publicKey, undefined, "is a public key"],
    ["of RSA", rsa.privateKey, undefined, "of the kind rsa"],
    ["of Ed25519", ed25519.privateKey, undefined, "of the kind ed25519"],
    ["of P-384", curve("P-384").privateKey, undefined, "EC secp384r1"],
    ["of secp256k1", curve("secp256k1").privateKey, undefined, "EC secp256k1"],
    ["when there are two", pair.privateKey + pair.privateKey, undefined, "exactly one"],
    ["when empty", "", undefined, "exactly one"],
    ["when damaged", pair.privateKey.replace("MIGH", "AAAA"), undefined, "cannot be read"],
    ["when enormous", pair.privateKey + " ".repeat(70_000), undefined, "exactly one"],
  ])("%s", (_, pem, given, reason) =>
    expect(refusal(() => parsePrivateKey(pem, { file: "k.pem", passphrase: given }), pem)).toContain(reason),
  );
});

describe("a public key", () => {
  it.each(["P-256", "P-384", "P-521"])("may be on %s", (name) =>
    expect(parsePublicKey(curve(name).publicKey).type).toBe("public"),
  );

  it.each([
    ["where it is private", pair.privateKey, "is a private key"],
    ["where it is private and encrypted", locked.privateKey, "is a private key"],
    ["with a private key behind it", pair.publicKey + pair.privateKey, "is a private key"],
    ["of RSA", rsa.publicKey, "of the kind rsa"],
    ["of Ed25519", ed25519.publicKey, "of the kind ed25519"],
    ["of secp256k1", curve("secp256k1").publicKey, "EC secp256k1"],
    ["when there are two", pair.publicKey + pair.publicKey, "exactly one"],
    ["when damaged", pair.publicKey.replace("MFkw", "AAAA"), "cannot be read"],
    ["when it is something else", "hello", "exactly one"],
  ])("is refused %s", (_, pem, reason) =>
    expect(refusal(() => parsePublicKey(pem, { file: "k.pem" }), pem)).toContain(reason),
  );
});
