import { digestOf } from "./digest.ts";

/** One file of the content: POSIX path relative to the hand-off folder (NFC), size in bytes, hex SHA-256. */
export interface ContentFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Large or private data that is named, not carried. */
export interface ContentReference {
  readonly uri: string;
  readonly size: number;
  readonly sha256: string;
}

/** All content of a hand-off, in one order. */
export interface Manifest {
  readonly files: readonly ContentFile[];
  readonly references: readonly ContentReference[];
}

/** Sorts by the code units of path (or uri), so that every machine lists the same content the same way. */
export function manifestOf(
  files: readonly ContentFile[],
  references: readonly ContentReference[] = [],
): Manifest {
  return {
    files: files
      .map(({ path, size, sha256 }) => ({ path, size, sha256 }))
      .sort((a, b) => order(a.path, b.path)),
    references: references
      .map(({ uri, size, sha256 }) => ({ uri, size, sha256 }))
      .sort((a, b) => order(a.uri, b.uri)),
  };
}

/** Names what is handed over: SHA-256 of the canonical JSON of the manifest (docs/decisions/0001). */
export function contentDigest(manifest: Manifest): string {
  return digestOf([...manifest.files, ...manifest.references]);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
