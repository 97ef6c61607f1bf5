import { boundsText } from "../clauses.ts";
import type { Contract, ElementType, Feature, Output, Range } from "../contract.ts";
import { isScalar } from "../expressions/expression-scopes.ts";
import { showValue } from "../written/show-value.ts";
import type { Note } from "./check-list.ts";

/** Checks each feature and output by itself: bounds, categories, missing values, shapes, thresholds. */
export function checkFeatures(contract: Contract, note: Note): void {
  for (const [index, feature] of contract.features.entries()) {
    const at = (key: string) => `features[${index}].${key}`;
    const clause = `features.${feature.name}`;
    const own: Note = (code, path, remark) => note(code, path, { clause, ...remark });
    checkBounds(feature, "range", at("range"), own);
    checkBounds(feature, "expected", at("expected"), own);
    checkExpected(feature, at("expected"), own);
    checkValues(feature, at("values"), own);
    checkMissing(feature, at, own);
  }
  checkStandIns(contract.features, note);
  for (const [index, output] of contract.outputs.entries()) {
    const at = (key: string) => `outputs[${index}].${key}`;
    const own: Note = (code, path, remark) =>
      note(code, path, { clause: `outputs.${output.name}`, ...remark });
    checkBounds(output, "range", at("range"), own);
    checkThreshold(output, at("threshold"), own);
  }
}

type Bounded = Pick<Feature, "name" | "type" | "range" | "expected">;

function checkBounds(item: Bounded, key: "range" | "expected", path: string, note: Note): void {
  const bounds = item[key];
  if (!bounds) return;
  const [low, high] = bounds;
  const received = boundsText(bounds);
  if (item.type === "string" || item.type === "boolean")
    note("contract.range-on-text", path, { message: `${item.name} is ${item.type} and has numeric bounds.` });
  else if (low === null && high === null)
    note("contract.range-empty", path, {
      received,
      message: `\`${key}\` of ${item.name} has no bound at all.`,
    });
  else if (low !== null && high !== null && low > high)
    note("contract.range-empty", path, {
      received,
      message: `\`${key}\` of ${item.name} goes from ${low} down to ${high}.`,
      next: `Write [${high}, ${low}].`,
    });
  else if (bounds.some((bound) => bound !== null && !holds(item.type, bound)))
    note("contract.range-digits", path, {
      received,
      message: `\`${key}\` of ${item.name} has a bound that ${item.type} cannot hold.`,
    });
}

const integerLimits = { int32: 2 ** 31, int64: 2 ** 63 } as const;
const largestFloat32 = 3.4028234663852886e38;

function holds(type: ElementType, value: number): boolean {
  if (type === "float32") return Math.abs(value) <= largestFloat32;
  if (type !== "int32" && type !== "int64") return true;
  const limit = integerLimits[type];
  return Number.isInteger(value) && value >= -limit && value < limit;
}

function checkExpected(feature: Feature, path: string, note: Note): void {
  const { range, expected } = feature;
  if (!range || !expected || isNoRange(range) || isNoRange(expected)) return;
  const below = range[0] !== null && (expected[0] === null || expected[0] < range[0]);
  const above = range[1] !== null && (expected[1] === null || expected[1] > range[1]);
  if (below || above)
    note("contract.expected-outside-range", path, {
      message: `${feature.name} expects ${boundsText(expected)} and allows ${boundsText(range)}.`,
      expected: `inside ${boundsText(range)}`,
      received: boundsText(expected),
    });
}

/** Bounds that are a finding of their own. */
function isNoRange([low, high]: Range): boolean {
  return low === null || high === null ? low === high : low > high;
}

function checkValues(feature: Feature, path: string, note: Note): void {
  const { name, type, values } = feature;
  if (!values) return;
  if (type !== "string" && type !== "int32" && type !== "int64") {
    note("contract.values-on-number", path, { message: `${name} is ${type} and has categories.` });
    return;
  }
  if (!isScalar(feature.shape)) {
    note("contract.shape-unsupported", path, { message: `${name} has a shape and categories.` });
    return;
  }
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    const at = `${path}[${index}]`;
    if (type !== "string" && !isInteger(type, value))
      note("contract.values-not-integers", at, {
        message: `${name} is ${type}, and ${showValue(value)} is not.`,
        received: value,
      });
    if (seen.has(value))
      note("contract.values-duplicate", at, {
        message: `${name} lists ${showValue(value)} twice.`,
        received: value,
      });
    seen.add(value);
  }
}

function isInteger(type: "int32" | "int64", text: string): boolean {
  if (!/^(0|-?[1-9]\d{0,18})$/.test(text)) return false;
  const value = BigInt(text);
  const limit = type === "int32" ? 2n ** 31n : 2n ** 63n;
  return value >= -limit && value < limit;
}

function checkMissing(feature: Feature, at: (key: string) => string, note: Note): void {
  const { name, type, missing, missingAs } = feature;
  if (missing === "allowed" && !isScalar(feature.shape))
    note("contract.shape-unsupported", at("missing"), { message: `${name} has a shape and may be missing.` });
  if (missingAs !== undefined && !fits(type, missingAs))
    note("contract.missing-as-type", at("missing-as"), {
      message: `\`missing-as\` of ${name} is ${showValue(missingAs)}, which is no ${type}.`,
      expected: type,
      received: showValue(missingAs),
    });
}

/** One finding for all that lack a stand-in: they are mended in one go. */
function checkStandIns(features: readonly Feature[], note: Note): void {
  const lacking = features.filter(
    ({ type, shape, missing, missingAs }) =>
      missing === "allowed" && isScalar(shape) && !/^float/.test(type) && missingAs === undefined,
  );
  const [first] = lacking;
  if (!first) return;
  const shown = lacking.slice(0, 6).map(({ name, type }) => `${name} (${type})`);
  const rest = lacking.length > shown.length ? ` and ${lacking.length - shown.length} more` : "";
  note("contract.missing-as-absent", `features[${features.indexOf(first)}].missing`, {
    ...(lacking.length === 1 ? { clause: `features.${first.name}` } : {}),
    message: `Nothing says what the model is given where these are missing: ${shown.join(", ")}${rest}.`,
  });
}

function fits(type: ElementType, value: string | number | boolean): boolean {
  if (type === "string") return typeof value === "string";
  if (type === "boolean") return typeof value === "boolean";
  return typeof value === "number" && holds(type, value);
}

function checkThreshold(output: Output, path: string, note: Note): void {
  const { threshold, range, name } = output;
  if (threshold === undefined) return;
  if (!isScalar(output.shape) || output.type === "string" || output.type === "boolean") {
    note("contract.shape-unsupported", path, {
      message: `${name} has a threshold and is not one number a row.`,
    });
    return;
  }
  const [low, high] = range ?? [null, null];
  if ((low !== null && threshold < low) || (high !== null && threshold > high))
    note("contract.threshold-outside", path, {
      message: `The threshold ${threshold} of ${name} is outside of ${boundsText([low, high])}.`,
      expected: boundsText([low, high]),
      received: String(threshold),
    });
}
