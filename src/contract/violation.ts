/** One value that breaks, or only strains, a clause. */
export interface Violation {
  /** 0-based row in the batch. */
  readonly row: number;
  /** `features.wind_speed`, `rules.not-a-loop`, `outputs.late_probability`; `features` where no single one is meant. */
  readonly clause: string;
  /** See {@link ViolationCode}. */
  readonly code: ViolationCode;
  /** `records[3].wind_speed`, `outputs[3].late_probability`. */
  readonly path: string;
  readonly expected: string;
  /** What came; `[withheld]` for sensitive features. */
  readonly received: string;
  readonly message: string;
}

/** Every way a value can break or strain a clause. */
export type ViolationCode =
  /** The record is not an object. */
  | "input.record"
  /** The value cannot be read as the feature's type. */
  | "input.type"
  /** The value's nested lists do not have the feature's shape. */
  | "input.shape"
  /** A string is longer than the limit. */
  | "input.too-long"
  /** The contract has no feature of that name. */
  | "input.unknown-field"
  /** The value is missing, and may not be. */
  | "input.missing"
  /** The value is infinite. */
  | "input.not-finite"
  /** The value is outside the hard range. */
  | "input.range"
  /** The value is outside what is expected: served all the same. */
  | "input.outside-expected"
  /** The value is none of the listed ones. */
  | "input.category"
  /** A rule does not hold. */
  | "input.rule"
  /** A feature that a rule needs is missing. */
  | "input.rule-not-evaluable"
  /** The answer is NaN or infinite. */
  | "output.not-a-number"
  /** The answer is outside its range. */
  | "output.range"
  /** The runtime failed on this row. */
  | "output.failed";

/** Stands in place of a sensitive value wherever one would be shown. */
export const withheld = "[withheld]";

const longestShown = 64;

/** A value as people read it in a message: quoted, one line, short. */
export function shownValue(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined || (typeof value === "number" && Number.isNaN(value))) return "missing";
  if (typeof value === "string") return shownText(value);
  if (typeof value === "object") return Array.isArray(value) ? `a list of ${value.length}` : "an object";
  return String(value);
}

function shownText(text: string): string {
  const head = JSON.stringify(text.slice(0, longestShown));
  return text.length > longestShown ? `${head.slice(0, -1)}…" (${text.length} characters)` : head;
}

const plainName = /^[A-Za-z_$][\w$-]*$/;

/** One step of a path: `.carrier`, or `["a b"]` where the name is not a plain word. */
export function pathStep(name: string): string {
  return plainName.test(name) && name.length <= longestShown ? `.${name}` : `[${shownText(name)}]`;
}
