/** Order of the base point of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const p256Order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * The one form of an ECDSA P-256 signature: minimal DER with s in the lower half of the order. Without it, anyone can turn a
 * valid signature into another valid one (r, n − s) of the same text. Undefined where it is no signature at all.
 */
export function canonicalSignature(der: Uint8Array): Uint8Array | undefined {
  const parts = decode(der);
  if (!parts) return undefined;
  const [r, s] = parts;
  if (r <= 0n || s <= 0n || r >= p256Order || s >= p256Order) return undefined;
  return encode(r, s > p256Order / 2n ? p256Order - s : s);
}

/** True for a signature in that form, byte for byte. */
export function isCanonicalSignature(der: Uint8Array): boolean {
  const canonical = canonicalSignature(der);
  return canonical !== undefined && Buffer.compare(canonical, der) === 0;
}

function decode(der: Uint8Array): [r: bigint, s: bigint] | undefined {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  const rLength = der[3] as number;
  const sAt = 4 + rLength;
  if (der[2] !== 0x02 || rLength < 1 || der[sAt] !== 0x02) return undefined;
  const sLength = der[sAt + 1] ?? 0;
  if (sLength < 1 || sAt + 2 + sLength !== der.length) return undefined;
  return [toInteger(der.subarray(4, sAt)), toInteger(der.subarray(sAt + 2))];
}

function encode(r: bigint, s: bigint): Uint8Array {
  const body = [toDer(r), toDer(s)].flatMap((bytes) => [0x02, bytes.length, ...bytes]);
  return Uint8Array.from([0x30, body.length, ...body]);
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function toDer(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return (bytes[0] as number) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes;
}
