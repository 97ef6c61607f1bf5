import { createPrivateKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { keyIdOf } from "../../kernel/index.ts";
import { parsePrivateKey, parsePublicKey } from "../../seal/index.ts";
import { newKeyPair } from "./index.ts";

describe("a new pair", () => {
  it("can be read again, and both halves have the same id", async () => {
    const pair = await newKeyPair();
    expect(keyIdOf(parsePrivateKey(pair.privateKeyPem))).toBe(pair.keyId);
    expect(keyIdOf(parsePublicKey(pair.publicKeyPem))).toBe(pair.keyId);
    expect((await newKeyPair()).keyId).not.toBe(pair.keyId);
  });

  it("is encrypted where a passphrase is given", async () => {
    const passphrase = "correct horse";
    const pair = await newKeyPair({ passphrase });
    expect(pair.privateKeyPem).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(() => createPrivateKey(pair.privateKeyPem)).toThrow();
    expect(keyIdOf(parsePrivateKey(pair.privateKeyPem, { passphrase }))).toBe(pair.keyId);
  });
});
