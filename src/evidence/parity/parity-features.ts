import {
  type Column,
  type Contract,
  type Feature,
  shownValue,
  type Table,
  valueAt,
  withheld,
} from "../../contract/index.ts";
import { type Finding, messageOf } from "../../kernel/index.ts";
import { evidenceFinding } from "../evidence-findings.ts";
import { counted, type Judgement, keptFindings, notApplicable, notRun, passIf } from "../evidence-item.ts";
import { recordAt } from "../rows/table-rows.ts";
import { isSameValue, type Scalar } from "./compare-values.ts";
import { goldenLayer, goldenRowName } from "./golden-rows.ts";
import { unusable } from "./parity-prediction.ts";

/** Port: executes row-wise SQL from raw columns to features, without files or network. Adapter: `duckdb`. */
export interface TransformRunner {
  /**
   * One column a transform, by feature name, in the rows' order.
   * @throws BatonError `configuration-invalid` where the SQL cannot be run
   */
  transform(
    raw: Table,
    transforms: readonly { readonly feature: string; readonly sql: string }[],
  ): Promise<Table>;
}

/** An engineer's own preprocessing: a raw row in, features out; missing values are null on both sides. */
export type Reimplementation = (
  raw: Record<string, string | number | bigint | boolean | null>,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

/** What features are compared on. */
export interface FeatureParity {
  readonly contract: Contract;
  readonly rows: Table;
}

/** Features layer: the contract's own transforms over the raw columns against the recorded features. */
export async function transformParity(
  parity: FeatureParity,
  runner: TransformRunner | undefined,
): Promise<Judgement> {
  const { contract, rows } = parity;
  const transforms = contract.features.flatMap(({ name, transform }) =>
    transform === undefined ? [] : [{ feature: name, sql: transform }],
  );
  const raw = goldenLayer(rows, "raw");
  if (transforms.length === 0)
    return notApplicable("golden", "parity", "features layer: no feature has a transform");
  if (raw.columns.size === 0) return unusable("no column raw.…, which transforms read");
  if (!runner) return notRun("golden", "parity", "features layer: nothing here can execute transforms");
  const made = await runner.transform(raw, transforms);
  const given = (feature: Feature, row: number) => columnValue(made.columns.get(feature.name), row);
  const features = contract.features.filter((feature) => feature.transform !== undefined);
  return compareFeatures(parity, features, given, { test: "parity", maker: "the transform" });
}

/** The same comparison with an engineer's re-implementation in place of the transforms; it must give every feature. */
export async function reimplementationParity(
  parity: FeatureParity,
  prepare: Reimplementation,
): Promise<Judgement> {
  const { contract, rows } = parity;
  const raw = goldenLayer(rows, "raw");
  const test = "re-implementation";
  if (raw.columns.size === 0)
    return { ...unusable("no column raw.…, which the re-implementation reads"), test };
  const made: Record<string, unknown>[] = [];
  for (let row = 0; row < rows.rows; row++) {
    const outcome = await prepareRow(prepare, raw, row);
    if ("problem" in outcome) return broken(parity, row, outcome.problem);
    made.push(outcome.features);
  }
  const given = (feature: Feature, row: number) => scalarOf(made[row]![feature.name]);
  return compareFeatures(parity, contract.features, given, { test, maker: "the re-implementation" });
}

/** Raw layer: the columns are there, and those that features say they come from are among them. */
export function rawParity({ contract, rows }: FeatureParity): Judgement {
  const raw = goldenLayer(rows, "raw");
  if (raw.columns.size === 0) return unusable("no column raw.…");
  if (rows.rows === 0) return notRun("golden", "parity", "raw layer: there are no golden rows");
  const there = (name: string) => raw.columns.has(name) || raw.columns.has(name.split(".").at(-1) as string);
  const lacking = [...new Set(contract.features.flatMap(sourcesOf))].filter((name) => !there(name));
  if (lacking.length > 0) return unusable(`no column ${lacking.map((name) => `raw.${name}`).join(", ")}`);
  const message = `Raw layer: ${counted(raw.columns.size, "column")} for ${counted(rows.rows, "golden row")}.`;
  return {
    clause: "golden",
    test: "parity",
    outcome: "pass",
    message,
    measured: { rows: rows.rows, columns: raw.columns.size },
  };
}

/** `year, month` are two source columns; `weather.temp` may stand in the raw layer with its table's name or without. */
function sourcesOf({ from }: Feature): string[] {
  return (from ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

interface Comparison {
  readonly test: string;
  readonly maker: string;
}

function compareFeatures(
  { contract, rows }: FeatureParity,
  features: readonly Feature[],
  given: (feature: Feature, row: number) => Scalar | undefined,
  { test, maker }: Comparison,
): Judgement {
  const recorded = goldenLayer(rows, "features");
  const scalars = features.filter((feature) => feature.shape.length === 0);
  const lacking = scalars.filter((feature) => !recorded.columns.has(feature.name));
  if (lacking.length > 0)
    return { ...unusable(`no column ${lacking.map(({ name }) => `features.${name}`).join(", ")}`), test };
  if (scalars.length === 0 || rows.rows === 0)
    return notRun("golden", test, "features layer: there is nothing to compare");
  const findings: Finding[] = [];
  const measured: Record<string, number> = { rows: rows.rows, features: scalars.length };
  for (const feature of scalars) {
    const column = recorded.columns.get(feature.name)!;
    const wrong = rowsThatDiffer(feature, column, given, rows.rows);
    if (wrong.count === 0) continue;
    measured[`differs.${feature.name}`] = wrong.count;
    if (findings.length < keptFindings)
      findings.push(
        differs(feature, wrong.first, goldenRowName(rows, contract.data.key, wrong.first.row), maker),
      );
  }
  const bad = Object.keys(measured).filter((name) => name.startsWith("differs.")).length;
  const first = findings[0];
  const message = first
    ? `Features layer: ${bad} of ${counted(scalars.length, "feature")} differ. First: ${first.message}`
    : `Features layer: ${maker} gives all ${counted(scalars.length, "feature")} of ${counted(rows.rows, "golden row")}.`;
  return { clause: "golden", test, outcome: passIf(bad === 0), message, measured, findings };
}

interface Difference {
  readonly row: number;
  readonly recorded: Scalar;
  readonly given: Scalar | undefined;
}

function rowsThatDiffer(
  feature: Feature,
  column: Column,
  given: (feature: Feature, row: number) => Scalar | undefined,
  rows: number,
): { count: number; first: Difference } {
  let count = 0;
  let first: Difference = { row: 0, recorded: null, given: null };
  for (let row = 0; row < rows; row++) {
    const [want, got] = [columnValue(column, row) ?? null, given(feature, row)];
    if (got !== undefined && isSameValue(feature.type, want, got)) continue;
    if (count === 0) first = { row, recorded: want, given: got };
    count++;
  }
  return { count, first };
}

function differs(
  feature: Feature,
  { recorded, given, row }: Difference,
  name: string,
  maker: string,
): Finding {
  const show = (value: Scalar | undefined) =>
    value === undefined
      ? "nothing"
      : feature.sensitive && value !== null
        ? withheld
        : value === null
          ? "missing"
          : shownValue(value);
  return evidenceFinding("evidence.feature-differs", {
    clause: "golden",
    path: `features.${feature.name}[${row}]`,
    expected: show(recorded),
    received: show(given),
    message: `${feature.name} of ${name}: ${maker} gives ${show(given)}, recorded is ${show(recorded)}.`,
  });
}

async function prepareRow(
  prepare: Reimplementation,
  raw: Table,
  row: number,
): Promise<{ features: Record<string, unknown> } | { problem: string }> {
  const record: Record<string, string | number | bigint | boolean | null> = {};
  for (const name of raw.columns.keys()) record[name] = null;
  try {
    const features = await prepare(Object.assign(record, recordAt(raw, row)));
    if (typeof features !== "object" || features === null) return { problem: "it gave no object" };
    return { features };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}

function broken({ contract, rows }: FeatureParity, row: number, problem: string): Judgement {
  const message = `The re-implementation stops at ${goldenRowName(rows, contract.data.key, row)}: ${problem}.`;
  return {
    clause: "golden",
    test: "re-implementation",
    outcome: "fail",
    message,
    findings: [evidenceFinding("evidence.feature-differs", { clause: "golden", message })],
  };
}

function columnValue(column: Column | undefined, row: number): Scalar | undefined {
  if (!column) return undefined;
  const value = column.values[row];
  return typeof value === "bigint" && !column.missing?.[row] ? value : valueAt(column, row);
}

/** What an engineer's code gave: undefined (not given) is not the same as null (missing). */
function scalarOf(value: unknown): Scalar | undefined {
  if (value === null || ["string", "number", "bigint", "boolean"].includes(typeof value))
    return value as Scalar;
  return undefined;
}
