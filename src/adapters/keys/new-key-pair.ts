import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { keyIdOf } from "../../kernel/index.ts";

/** A new pair as it is kept: PKCS#8 and SPKI in PEM, and the id by which the people file knows it. */
export interface KeyPair {
  /** Secret: to be written with mode 0600. */
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  readonly keyId: string;
}

const generate = promisify(generateKeyPair);

/** Makes an ECDSA P-256 pair from the system's randomness; the private key is encrypted where a passphrase is given. */
export async function newKeyPair(options: { passphrase?: string } = {}): Promise<KeyPair> {
  const { privateKey, publicKey } = await generate("ec", { namedCurve: "P-256" });
  return {
    privateKeyPem: exportPrivateKey(privateKey, options.passphrase),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    keyId: keyIdOf(publicKey),
  };
}

function exportPrivateKey(key: KeyObject, passphrase: string | undefined): string {
  const encryption = passphrase ? { cipher: "aes-256-cbc", passphrase } : {};
  return key.export({ type: "pkcs8", format: "pem", ...encryption }).toString();
}
