/** One pinned package of an environment lock, whatever the format. */
export interface LockEntry {
  /** Normalised as PEP 503: lower case, runs of `-_.` as one `-`. */
  readonly name: string;
  /** 1-based line in the lock. */
  readonly line: number;
  /** One whole version; undefined where it is not pinned. */
  readonly version?: string;
  /** Environment marker (PEP 508); entries with other markers do not contradict each other. */
  readonly marker?: string;
  /** `sha256:…`, `md5:…`: as written. */
  readonly hashes: readonly string[];
  /** Why the package does not come from an index: `editable`, `a path`, `git+https`, `a URL`. */
  readonly elsewhere?: string;
}

/** What a lock says. */
export interface LockContent {
  readonly entries: readonly LockEntry[];
  /** Other files that it refers to, with the line. */
  readonly includes: readonly { readonly path: string; readonly line: number }[];
  /** Lines that cannot be understood. */
  readonly problems: readonly { readonly line: number; readonly problem: string }[];
}

/** PEP 503 normal form of a package name. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

const strong: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** True for a SHA-2 hash of the right length. */
export function isStrongHash(hash: string): boolean {
  const [algorithm, digest = ""] = hash.split(":", 2);
  return digest.length === strong[algorithm ?? ""] && /^[0-9a-f]+$/.test(digest);
}
