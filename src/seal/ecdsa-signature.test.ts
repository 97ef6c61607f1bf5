import { generateKeyPairSync, sign, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalSignature, isCanonicalSignature } from "./ecdsa-signature.ts";

const text = new TextEncoder().encode("text");

describe("the one form of a signature", () => {
  it("is valid, and what it becomes from either twin", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    let low = 0;
    for (let i = 0; i < 200; i++) {
      const der = sign("sha256", text, privateKey);
      const canonical = canonicalSignature(der)!;
      expect(verify("sha256", text, publicKey, canonical)).toBe(true);
      expect(isCanonicalSignature(canonical)).toBe(true);
      expect(canonicalSignature(canonical)).toEqual(canonical);
      if (isCanonicalSignature(der)) low++;
    }
    expect(low).toBeGreaterThan(50);
    expect(low).toBeLessThan(150);
  });

  it.each([
    "",
    "3006020101020101",
    "3006020100020101",
    "300602010102",
    "3007020101020101ff",
    "3006020181020101",
    "30060301010201 01".replace(" ", ""),
    "30020500",
    "ff".repeat(70),
  ])("%s never throws", (hex) => {
    const der = Buffer.from(hex, "hex");
    expect(isCanonicalSignature(der)).toBe(hex === "3006020101020101");
  });
});
