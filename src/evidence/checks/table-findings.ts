import { type Feature, nearest } from "../../contract/index.ts";
import type { Finding } from "../../kernel/index.ts";
import type { CheckFacts } from "./check.ts";
import { type CheckCode, finding } from "./checks-findings.ts";
import {
  type DataColumn,
  type DataProblem,
  type FeatureFacts,
  isProblem,
  type Occurrence,
  type TableFacts,
} from "./data-probe.ts";
import { place, placeOfFeature } from "./reading.ts";

/** Share of rows outside `expected` (or, with `unknown: warn`, outside `values`) from which the clause itself is in doubt. */
export const strainedShare = 0.05;

/** One data file and where the contract names it. */
export interface DataFile {
  readonly path: string;
  /** `data.training`, `data.joint`: its path in the contract. */
  readonly at: string;
  readonly facts: TableFacts | DataProblem;
}

/** What is wrong with a file before its features are looked at; undefined rows mean that nothing more can be said. */
export function fileFindings(facts: CheckFacts, file: DataFile): { findings: Finding[]; table?: TableFacts } {
  const at = place(facts, file.at);
  if (isProblem(file.facts)) {
    const code = file.facts.problem === "missing" ? "data.missing-file" : "data.unreadable";
    const message =
      code === "data.missing-file"
        ? `There is no file "${file.path}".`
        : `"${file.path}" cannot be read: ${file.facts.detail}`;
    return { findings: [finding(code, { ...at, message })] };
  }
  if (file.facts.rows > 0) return { findings: [], table: file.facts };
  return { findings: [finding("data.empty", { ...at, message: `"${file.path}" has no rows.` })] };
}

/** Every feature of the contract against the columns of one file. */
export function featureFindings(facts: CheckFacts, file: DataFile, table: TableFacts): Finding[] {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return facts.contract.features.flatMap((feature) => {
    const column = columns.get(feature.name);
    if (!column) return [columnMissing(facts, file, feature, table)];
    const values = table.features.get(feature.name);
    if (!values && feature.shape.length > 0 && column.kind === "list") return [];
    return values
      ? valueFindings(facts, file, feature, values, table.rows)
      : [columnType(facts, file, feature, column)];
  });
}

function columnMissing(facts: CheckFacts, file: DataFile, feature: Feature, table: TableFacts): Finding {
  const names = table.columns.map((column) => column.name);
  const features = new Set(facts.contract.features.map(({ name }) => name));
  const [meant] = nearest(
    feature.name,
    names.filter((name) => !features.has(name)),
  );
  return finding("data.column-missing", {
    ...placeOfFeature(facts, feature, "name"),
    expected: feature.name,
    received: names.slice(0, 20).join(", "),
    message: `"${file.path}" has no column "${feature.name}"${meant ? `; did you mean "${meant}"?` : "."}`,
  });
}

function columnType(facts: CheckFacts, file: DataFile, feature: Feature, column: DataColumn): Finding {
  return finding("data.column-type", {
    ...placeOfFeature(facts, feature, "type"),
    expected: feature.type,
    received: column.type,
    message: `Column "${feature.name}" of "${file.path}" is ${column.type}, which is not ${feature.type}.`,
  });
}

/** What the values of one column do to the clause. A column of nothing but gaps is one finding. */
function valueFindings(
  facts: CheckFacts,
  file: DataFile,
  feature: Feature,
  values: FeatureFacts,
  rows: number,
): Finding[] {
  const say = (code: CheckCode, key: string, seen: Occurrence, what: string, more: object = {}) =>
    finding(code, {
      ...placeOfFeature(facts, feature, key),
      received: exampleOf(feature, seen),
      message: `${count(seen.count, rows)} of "${file.path}" ${what}${exampleText(feature, seen)}.`,
      ...more,
    });
  if (values.missing.count === rows)
    return [
      finding("data.column-empty", {
        ...placeOfFeature(facts, feature),
        message: `All ${rows} rows of "${file.path}" lack "${feature.name}".`,
      }),
    ];
  const found: Finding[] = [];
  if (values.unconvertible.count > 0)
    found.push(
      say(
        "data.value-type",
        "type",
        values.unconvertible,
        `hold a "${feature.name}" that is not ${feature.type}`,
        {
          expected: feature.type,
        },
      ),
    );
  if (feature.missing === "reject" && !feature.undecided?.includes("missing") && values.missing.count > 0)
    found.push(
      finding("data.missing-values", {
        ...placeOfFeature(facts, feature, "missing"),
        message: `${count(values.missing.count, rows)} of "${file.path}" lack "${feature.name}", which may not be missing (the first is row ${values.missing.row}).`,
      }),
    );
  if (values.outOfRange.count > 0)
    found.push(
      say(
        "data.out-of-range",
        "range",
        values.outOfRange,
        `have "${feature.name}" outside ${rangeText(feature.range)}`,
        {
          expected: rangeText(feature.range),
        },
      ),
    );
  if (values.unknownCategory.count > 0)
    found.push(...unknownFindings(facts, file, feature, values.unknownCategory, rows));
  if (values.outsideExpected.count > strainedShare * rows)
    found.push(
      say(
        "data.outside-expected",
        "expected",
        values.outsideExpected,
        `have "${feature.name}" outside the expected ${rangeText(feature.expected)}`,
        { expected: rangeText(feature.expected) },
      ),
    );
  return found;
}

/** With `unknown: warn` a new category now and then is what the clause is for; many, or any in training, are not. */
function unknownFindings(
  facts: CheckFacts,
  file: DataFile,
  feature: Feature,
  seen: Occurrence,
  rows: number,
): Finding[] {
  const warned = feature.unknown === "warn";
  if (warned && file.at !== "data.training" && seen.count <= strainedShare * rows) return [];
  return [
    finding("data.unknown-category", {
      ...placeOfFeature(facts, feature, "values"),
      severity: warned ? "warning" : "blocking",
      expected: (feature.values ?? []).slice(0, 12).join(", "),
      received: exampleOf(feature, seen),
      message: `${count(seen.count, rows)} of "${file.path}" have a "${feature.name}" that is not listed${exampleText(feature, seen)}.`,
    }),
  ];
}

function count(some: number, all: number): string {
  return `${some} of ${all} rows`;
}

function exampleOf(feature: Feature, seen: Occurrence): string | undefined {
  if (seen.value === undefined) return undefined;
  return feature.sensitive ? "[withheld]" : seen.value.slice(0, 80);
}

function exampleText(feature: Feature, seen: Occurrence): string {
  if (seen.row === undefined) return "";
  const value = exampleOf(feature, seen);
  return ` (the first is row ${seen.row}${value === undefined ? "" : `: ${value}`})`;
}

/** `[0, 120]`, `at least 0`, `at most 120`. */
export function rangeText(range: readonly [number | null, number | null] | undefined): string {
  const [low, high] = range ?? [null, null];
  if (low === null) return high === null ? "any number" : `at most ${high}`;
  return high === null ? `at least ${low}` : `[${low}, ${high}]`;
}
