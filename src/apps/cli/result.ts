import type { Finding } from "../../kernel/index.ts";

/** What a command ends with. The text is for people, `data` for `--json`; both say the same. */
export interface CommandResult {
  /** False: a gate failed (exit code 1). */
  readonly passed: boolean;
  /** What people read on stdout. */
  readonly text?: string;
  readonly findings?: readonly Finding[];
  /** Fields of the `--json` document, beside `format_version`, `command` and `passed`. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Read by people after the result, on stderr: where to go next. */
  readonly hint?: string;
}
