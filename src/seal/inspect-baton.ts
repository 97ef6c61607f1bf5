import type { ContentFile, ContentReference } from "../kernel/index.ts";
import type { Baton } from "./baton-file.ts";
import { claimedKeyOf } from "./model-signature.ts";

/** What `baton inspect` shows. Keys and times are what the file claims; `verifyBaton` says whether they count. */
export interface BatonSummary {
  readonly digest: string;
  readonly files: readonly ContentFile[];
  readonly references: readonly ContentReference[];
  readonly contentBytes: number;
  readonly evidence: readonly string[];
  readonly relay: readonly string[];
  readonly contentKeyId?: string;
  readonly sealKeyId?: string;
  readonly sealedAt?: string;
}

/** Lists what a baton holds. */
export function inspectBaton({ manifest, digest, evidence, relay, signature, seal }: Baton): BatonSummary {
  const contentKeyId = signature && claimedKeyOf(signature);
  return {
    digest,
    files: manifest.files,
    references: manifest.references,
    contentBytes: manifest.files.reduce((total, { size }) => total + size, 0),
    evidence: evidence.map(({ name }) => name),
    relay: relay.map(({ name }) => name),
    ...(contentKeyId && { contentKeyId }),
    ...(seal.keyId && { sealKeyId: seal.keyId }),
    ...(seal.at && { sealedAt: seal.at }),
  };
}
