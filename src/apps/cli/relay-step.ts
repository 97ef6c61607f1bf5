import { createPublicKey, type KeyObject } from "node:crypto";
import { basename } from "node:path";
import { readBytes, writeFileAtomic } from "../../adapters/folder/index.ts";
import type { EvidenceFile } from "../../evidence/index.ts";
import { BatonError, type Finding, keyIdOf, shortDigest } from "../../kernel/index.ts";
import { type EntryDraft, prepareEntry, type Signing, type SignOff } from "../../relay/index.ts";
import { readBaton, withTail } from "../../seal/index.ts";
import type { Desk } from "./desk.ts";
import type { CommandResult } from "./result.ts";
import type { Session } from "./session.ts";

/** What every decision of the relay looks at: who signs, about what, now. */
export function signingOf(session: Session, desk: Desk, key: KeyObject, role?: string): Signing {
  return {
    history: desk.relay.history,
    people: desk.people,
    keyId: keyIdOf(createPublicKey(key)),
    model: desk.handoff.contract.model.name,
    contentDigest: desk.handoff.digest,
    at: session.now().toISOString(),
    ...(role ? { role } : {}),
  };
}

/** A step that was decided and is to be signed. */
export interface RelayStep {
  readonly signOff: SignOff;
  /** What the entry says beside model, version and content. */
  readonly says: Omit<EntryDraft, "model" | "version" | "contentDigest" | "role">;
  /** Content that the entry is about, where it is not the hand-off at hand. */
  readonly about?: { readonly version: string; readonly contentDigest: string };
  readonly evidence?: readonly EvidenceFile[];
  /** The step ends a fork, so that the fork is no news after it. */
  readonly settles?: boolean;
  /** Baton whose tail takes the new entry along; the hand-off's own where it is sealed. */
  readonly batonFile?: string;
  /** One line for people, after it is done. */
  readonly done: (person: string, role: string) => string;
  readonly hint?: string;
}

/** Signs a step that is allowed, keeps the entry, and puts it into the baton's tail; says why where it is not allowed. */
export async function takeStep(
  session: Session,
  desk: Desk,
  key: KeyObject,
  step: RelayStep,
): Promise<CommandResult> {
  const { signOff, says } = step;
  const { contract, digest, sealed } = desk.handoff;
  const findings: readonly Finding[] = signOff.findings;
  if (!signOff.allowed || !signOff.signer)
    return {
      passed: false,
      text: `Not signed: ${says.action} ${contract.model.name} ${contract.model.version}\n`,
      findings,
      data: { signed: false, digest },
    };
  const file = step.batonFile ?? sealed?.file;
  const before = file === undefined ? undefined : await sameContent(file, digest);
  const signed = prepareEntry({
    history: desk.relay.history,
    people: desk.people,
    privateKey: key,
    at: session.now().toISOString(),
    draft: {
      model: contract.model.name,
      version: contract.model.version,
      contentDigest: digest,
      ...step.about,
      ...says,
      role: signOff.signer.role,
    },
  });
  const entries = await desk.relay.append(signed);
  if (file && before) {
    const sealer = { privateKey: key, at: session.now().toISOString() };
    const relay = entries.map(({ name, bytes }) => ({ name, bytes }));
    await writeFileAtomic(
      file,
      withTail(before, { relay, ...(step.evidence ? { evidence: step.evidence } : {}) }, sealer),
    );
  }
  const { person, role } = signOff.signer;
  const open = findings.filter(({ code }) => !step.settles || code !== "relay.forked");
  return {
    passed: true,
    text: `${step.done(person, role)}\n  relay/${signed.file.name}${file ? `, also in ${basename(file)}` : ""}\n`,
    ...(open.length ? { findings: open } : {}),
    data: { signed: true, digest, entry: signed.id, file: signed.file.name, person, role },
    ...(step.hint ? { hint: step.hint } : {}),
  };
}

/** The baton's bytes now: what was judged may have been replaced meanwhile, and nobody seals what was not judged. */
async function sameContent(file: string, digest: string): Promise<Uint8Array> {
  const bytes = await readBytes(file, { maxBytes: 4 * 1024 ** 3 });
  const now = readBaton(bytes).digest;
  if (now === digest) return bytes;
  throw new BatonError(
    "relay-refused",
    `${basename(file)} holds other content (${shortDigest(now)}) than what was judged (${shortDigest(digest)}). Nothing was signed.`,
    { file: basename(file), next: "Look at who replaced the file, and run the command again." },
  );
}
