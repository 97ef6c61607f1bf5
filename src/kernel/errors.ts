/**
 * Every way an operation can end without a result. The meaning is here; each transport (exit code, HTTP status)
 * has its own exhaustive table, so a new code does not compile until every transport answers it.
 */
export type ErrorCode =
  /** The command or call was written wrongly: unknown option, missing argument, contradictory flags. */
  | "usage"
  /** A file that was named does not exist. */
  | "file-missing"
  /** A file exists and cannot be read or written, or is larger than its cap. */
  | "file-unusable"
  /** `baton.yaml`, the feature table, the people file or another configuration cannot be used. */
  | "configuration-invalid"
  /** A data file (CSV, Parquet) cannot be read as a table. */
  | "data-unreadable"
  /** The model cannot be loaded by its runtime. */
  | "model-unloadable"
  /** A baton file is not one, or not in canonical form. */
  | "baton-malformed"
  /** A baton's bytes differ from what was signed. */
  | "baton-altered"
  /** A baton is unsigned, unaccepted or recalled, and the operation wants otherwise. */
  | "baton-refused"
  /** A key, person or role may not do this. */
  | "not-authorised"
  /** The relay history is broken, cut or forked. */
  | "relay-broken"
  /** A relay action is not possible in the present state. */
  | "relay-refused"
  /** A request body or row breaks the contract. */
  | "input-invalid"
  /** A request or file is larger than the limit. */
  | "input-too-large"
  /** The model's answer breaks an output clause and was withheld. */
  | "output-invalid"
  /** A model, version, path or row that does not exist. */
  | "not-found"
  /** Asked for something that this program does not do. */
  | "unsupported"
  /** Not ready, draining, or overloaded. */
  | "unavailable"
  /** Too many requests are waiting. */
  | "overloaded"
  /** The time limit passed. */
  | "deadline"
  /** The person stopped it. */
  | "interrupted"
  /** A fault of this program or its surroundings. */
  | "internal";

/** Where in a file something is: 1-based line and column. */
export interface Position {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What is known about an error beside its message. */
export interface ErrorDetail extends Position {
  /** The next step to take, as an imperative sentence. */
  readonly next?: string;
  readonly cause?: unknown;
}

/** Thrown when an operation cannot complete. What is expected to go wrong is a {@link Finding}, not this. */
export class BatonError extends Error {
  readonly code: ErrorCode;
  readonly next: string | undefined;
  readonly position: Position;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(redactSecrets(message), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "BatonError";
    this.code = code;
    this.next = detail.next === undefined ? undefined : redactSecrets(detail.next);
    this.position = { file: detail.file, line: detail.line, column: detail.column };
  }
}

const secrets: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[private key]"],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, "$1[credentials]@"],
  [/\b(bearer|token|password|secret|api[-_]?key)(["']?\s*[:=]\s*["']?|\s+)[^\s"',;]{6,}/gi, "$1$2[secret]"],
];

/** Replaces private keys, URL credentials and bearer tokens in a text, when the text is made. */
export function redactSecrets(text: string): string {
  return secrets.reduce((safe, [pattern, replacement]) => safe.replace(pattern, replacement), text);
}

/** The message of anything that was thrown, one line, without a stack. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return redactSecrets(text.split("\n", 1)[0] ?? "");
}
