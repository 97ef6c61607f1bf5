import { type Baton, type BatonContent, type BatonParts, readBaton, writeBaton } from "./baton-file.ts";
import { signContent } from "./model-signature.ts";
import type { Sealer } from "./seal-statement.ts";

/** What `baton seal` puts together: `name` is shown by other clients of the model signature. */
export interface SealRequest extends Pick<BatonParts, "evidence" | "relay"> {
  readonly name: string;
  readonly content: readonly BatonContent[];
  /** Absent only for a sketch: the baton is then unsigned. */
  readonly sealer?: Sealer;
}

/** Signs the content, writes the baton, and reads it back before anyone relies on it. @throws BatonError as `writeBaton` */
export function sealBaton({ name, sealer, ...parts }: SealRequest): { bytes: Uint8Array; baton: Baton } {
  const unsigned = writeBaton({ ...parts, sealer: undefined });
  if (!sealer) return { bytes: unsigned, baton: readBaton(unsigned) };
  const { files } = readBaton(unsigned).manifest;
  const signature = signContent({ files, name, privateKey: sealer.privateKey });
  const bytes = writeBaton({ ...parts, signature, sealer });
  return { bytes, baton: readBaton(bytes) };
}
