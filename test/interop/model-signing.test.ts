import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newKeyPair } from "../../src/adapters/keys/index.ts";
import { sha256 } from "../../src/kernel/index.ts";
import { parsePrivateKey, parsePublicKey, sealBaton, verifySignature } from "../../src/seal/index.ts";
import { type ModelSigning, modelSigning } from "./model-signing-client.ts";
import type { Ended } from "./python-environment.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const handOff = [
  { path: "baton.yaml", bytes: utf8("baton: 1\n") },
  { path: "model/m.onnx", bytes: Uint8Array.from({ length: 70_000 }, (_, i) => i % 251) },
  { path: "model-notes.md", bytes: utf8("sorts between model and model/") },
  { path: "story/caf\u00e9 日本.md", bytes: utf8("why") },
  { path: `story/${"long-".repeat(30)}.md`, bytes: utf8("a name that needs an extended header") },
  { path: "empty.csv", bytes: utf8("") },
];

let client: ModelSigning;
let scratch: string;
let count = 0;

beforeAll(async () => {
  client = await modelSigning();
  scratch = await mkdtemp(join(tmpdir(), "baton-oms-"));
}, 300_000);
afterAll(() => scratch && rm(scratch, { recursive: true, force: true }));

/** A sealed baton, unpacked by the system's tar, with the public key beside it. */
async function unpackedBaton(): Promise<string> {
  const pair = await newKeyPair();
  const sealer = { privateKey: parsePrivateKey(pair.privateKeyPem), at: "2025-06-01T12:00:00Z" };
  const { bytes } = sealBaton({ name: "small-1.0.0", content: handOff, sealer });
  const folder = await newFolder();
  await writeFile(join(folder, "small.baton"), bytes);
  await writeFile(join(folder, "key.pub.pem"), pair.publicKeyPem);
  await promisify(execFile)("tar", ["-xf", "small.baton"], { cwd: folder });
  return folder;
}

async function newFolder(): Promise<string> {
  const folder = join(scratch, String(count++));
  await mkdir(folder);
  return folder;
}

function verify(folder: string): Promise<Ended> {
  const [signature, key] = [join(folder, "model.sig"), join(folder, "key.pub.pem")];
  return client(["verify", "key", join(folder, "content"), "--signature", signature, "--public_key", key]);
}

describe("the reference client of OpenSSF Model Signing", () => {
  it("verifies our signature over the content that tar unpacked", async () => {
    const folder = await unpackedBaton();
    for (const { path, bytes } of handOff)
      expect(Buffer.compare(await readFile(join(folder, "content", path)), bytes), path).toBe(0);
    expect(await verify(folder)).toMatchObject({
      ok: true,
      output: expect.stringContaining("Verification succeeded"),
    });
  });

  it.each<[string, (content: string) => Promise<unknown>]>([
    ["altered", (content) => writeFile(join(content, "baton.yaml"), "baton: 2\n")],
    ["missing", (content) => rm(join(content, "empty.csv"))],
    ["added", (content) => writeFile(join(content, "more.csv"), "")],
  ])("refuses it where a file is %s", async (_, change) => {
    const folder = await unpackedBaton();
    await change(join(folder, "content"));
    expect((await verify(folder)).ok).toBe(false);
  });

  it("refuses it under another key", async () => {
    const folder = await unpackedBaton();
    await writeFile(join(folder, "key.pub.pem"), (await newKeyPair()).publicKeyPem);
    expect((await verify(folder)).ok).toBe(false);
  });

  it("signs what we verify, and what we refuse once it is altered", async () => {
    const folder = await newFolder();
    const pair = await newKeyPair();
    await writeFile(join(folder, "key.pem"), pair.privateKeyPem);
    for (const { path, bytes } of handOff) {
      await mkdir(dirname(join(folder, "content", path)), { recursive: true });
      await writeFile(join(folder, "content", path), bytes);
    }
    const signature = join(folder, "model.sig");
    const key = ["--private_key", join(folder, "key.pem"), "--signature", signature];
    expect(await client(["sign", "key", join(folder, "content"), ...key])).toMatchObject({ ok: true });
    const bundleBytes = await readFile(signature);
    const files = handOff.map(({ path, bytes }) => ({ path, size: bytes.length, sha256: sha256(bytes) }));
    const publicKeys = [parsePublicKey(pair.publicKeyPem)];
    expect(verifySignature({ bundleBytes, files, publicKeys })).toEqual({ keyId: pair.keyId });
    const altered = [{ ...files[0]!, sha256: sha256("other") }, ...files.slice(1)];
    expect(verifySignature({ bundleBytes, files: altered, publicKeys })).toMatchObject({
      finding: { code: "baton.signature-differs" },
    });
  });
});
