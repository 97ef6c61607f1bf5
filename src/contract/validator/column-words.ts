import type { ElementType, Range } from "../contract.ts";
import { pathStep, shownValue, type ViolationCode, withheld } from "../violation.ts";
import type { Describe } from "./report.ts";

/** What a loop over one column needs to know, whether it is a feature or an output. */
export interface ColumnClause {
  readonly side: "input" | "output";
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly unit?: string;
  readonly range?: Range;
  readonly expected?: Range;
  readonly values?: readonly string[];
  readonly unknown: "reject" | "warn";
  /** `substituted`: allowed, and the model is given something in its place. */
  readonly missing: "reject" | "substituted" | "no-substitute";
  readonly sensitive: boolean;
}

/** The words for every violation that one column can have, prepared once. */
export interface ColumnWords {
  readonly missing: Describe;
  readonly notFinite: Describe;
  readonly range: Describe;
  readonly outsideExpected: Describe;
  readonly category: Describe;
}

/** Prepares the words for one column. */
export function wordsFor(clause: ColumnClause): ColumnWords {
  const input = clause.side === "input";
  const unit = clause.unit && clause.unit !== "1" ? ` ${clause.unit}` : "";
  const range = rangeText(clause.range) + unit;
  const expected = rangeText(clause.expected) + unit;
  const values = listText(clause.values ?? []);
  const missing =
    clause.missing === "no-substitute"
      ? `a value (a ${clause.type} has none that means missing, and the contract gives no missing-as)`
      : "a value";
  return {
    missing: describer(
      clause,
      input ? "input.missing" : "output.not-a-number",
      missing,
      (name) => `${name} is missing.`,
    ),
    notFinite: describer(
      clause,
      input ? "input.not-finite" : "output.not-a-number",
      "a finite number",
      (name, value) => `${name} is ${value}: not a finite number.`,
    ),
    range: describer(
      clause,
      input ? "input.range" : "output.range",
      range,
      (name, value) => `${name} is ${value}, outside ${range}.`,
    ),
    outsideExpected: describer(
      clause,
      "input.outside-expected",
      expected,
      (name, value) => `${name} is ${value}, outside the expected ${expected}.`,
    ),
    category: describer(
      clause,
      "input.category",
      `one of ${values}`,
      (name, value) => `${name} is ${value}, none of ${values}.`,
    ),
  };
}

function describer(
  clause: ColumnClause,
  code: ViolationCode,
  expected: string,
  say: (name: string, value: string) => string,
): Describe {
  const id = `${clause.side === "input" ? "features" : "outputs"}.${clause.name}`;
  const root = clause.side === "input" ? "records" : "outputs";
  const step = pathStep(clause.name);
  return (row, value, element) => {
    const received = value === undefined ? "missing" : clause.sensitive ? withheld : shownValue(value);
    const place = element < 0 ? "" : elementPath(clause.shape, element);
    return {
      row,
      clause: id,
      code,
      path: `${root}[${row}]${step}${place}`,
      expected,
      received,
      message: say(`${clause.name}${place}`, received),
    };
  };
}

/** `[1][4]`: where a flat index stands in one row's value. */
export function elementPath(shape: readonly number[], element: number): string {
  let rest = element;
  let path = "";
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    const index = axis === 0 || size < 1 ? rest : rest % size;
    path = `[${index}]${path}`;
    rest = (rest - index) / Math.max(size, 1);
  }
  return path;
}

function rangeText(range: Range | undefined): string {
  if (!range) return "";
  const [low, high] = range;
  if (low === null) return high === null ? "any number" : `${high} or less`;
  return high === null ? `${low} or more` : `${low} to ${high}`;
}

function listText(values: readonly string[]): string {
  const shown = values.slice(0, 8).map(shownValue).join(", ");
  return values.length > 8 ? `${shown} and ${values.length - 8} more` : shown;
}
