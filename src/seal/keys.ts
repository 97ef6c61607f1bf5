import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { BatonError } from "../kernel/index.ts";

/** Hash that belongs to a curve in OpenSSF Model Signing v1.0, by OpenSSL's name of the curve. */
export const hashOfCurve: Readonly<Record<string, string>> = {
  prime256v1: "sha256",
  secp384r1: "sha384",
  secp521r1: "sha512",
};

const newKey = "Make one with: baton key new.";

/** Where a key came from, for messages, and what opens it. */
export interface KeySource {
  readonly file?: string;
  readonly passphrase?: string;
}

/**
 * The private key in a PEM text (PKCS#8, encrypted or not, or SEC 1): ECDSA P-256, which is what Baton signs with.
 * Errors never contain any of the text. @throws BatonError `file-unusable`
 */
export function parsePrivateKey(pem: string, source: KeySource = {}): KeyObject {
  const labels = labelsOf(pem).filter((label) => label !== "EC PARAMETERS");
  if (labels.some((label) => label.endsWith("PUBLIC KEY")))
    throw refused(
      "is a public key, and a private key is wanted here",
      source,
      "Name the other file of the pair.",
    );
  if (labels.length !== 1 || !labels[0]?.endsWith("PRIVATE KEY"))
    throw refused("does not hold exactly one private key in PEM form", source, newKey);
  const key = openPrivateKey(pem, source);
  return requireCurve(key, ["prime256v1"], source);
}

/**
 * The public key in a PEM text (SPKI): ECDSA P-256, or P-384 or P-521 of other signers.
 * A private key is refused, so that it is never pasted where everyone reads. @throws BatonError `file-unusable`
 */
export function parsePublicKey(pem: string, source: KeySource = {}): KeyObject {
  const labels = labelsOf(pem);
  if (labels.some((label) => label.endsWith("PRIVATE KEY")))
    throw refused(
      "is a private key, and a public key is wanted here",
      source,
      "Take it out, name the .pub.pem file of the pair, and make a new pair if others could read it.",
    );
  if (labels.length !== 1 || labels[0] !== "PUBLIC KEY")
    throw refused("does not hold exactly one public key in PEM form", source, newKey);
  return requireCurve(readPublicKey(pem, source), Object.keys(hashOfCurve), source);
}

function labelsOf(pem: string): string[] {
  if (pem.length > 65_536) return [];
  return [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map((match) => match[1] as string);
}

function openPrivateKey(pem: string, source: KeySource): KeyObject {
  const encrypted = pem.includes("ENCRYPTED");
  if (encrypted && !source.passphrase)
    throw refused("is encrypted, and no passphrase was given", source, "Give its passphrase.");
  try {
    return createPrivateKey({ key: pem, format: "pem", passphrase: source.passphrase });
  } catch {
    throw encrypted
      ? refused("does not open with this passphrase", source, "Give the passphrase it was made with.")
      : refused("holds a private key that cannot be read", source, newKey);
  }
}

function readPublicKey(pem: string, source: KeySource): KeyObject {
  try {
    return createPublicKey({ key: pem, format: "pem" });
  } catch {
    throw refused("holds a public key that cannot be read", source, newKey);
  }
}

function requireCurve(key: KeyObject, curves: readonly string[], source: KeySource): KeyObject {
  if (curves.includes(curveOf(key) ?? "")) return key;
  throw refused(
    `holds a key of the kind ${kindOf(key)}; model signatures are made with ECDSA P-256`,
    source,
    newKey,
  );
}

/** OpenSSL's name of the key's curve; undefined for a key of another kind. */
export function curveOf(key: KeyObject): string | undefined {
  return key.asymmetricKeyType === "ec" ? key.asymmetricKeyDetails?.namedCurve : undefined;
}

function kindOf(key: KeyObject): string {
  return key.asymmetricKeyType === "ec" ? `EC ${curveOf(key) ?? ""}`.trim() : `${key.asymmetricKeyType}`;
}

function refused(problem: string, source: KeySource, next: string): BatonError {
  const { file } = source;
  return new BatonError("file-unusable", `${file ?? "The key"} ${problem}.`, { file, next });
}
