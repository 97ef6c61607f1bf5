import type { Range } from "../contract.ts";
import { type ColumnClause, type ColumnWords, wordsFor } from "./column-words.ts";
import type { Describe } from "./report.ts";

/** How a value breaks (hard) or strains a clause. One frozen object for each way, so that judging allocates nothing. */
export interface Breach {
  readonly hard: boolean;
  readonly describe: Describe;
}

/** Judges the values of one column, missing ones aside. */
export interface Judge<Value> {
  /** `undefined`: nothing can be wrong with a value that is there. */
  readonly judge: ((value: Value) => Breach | undefined) | undefined;
  /** `undefined`: a value may be missing. */
  readonly missing: Breach | undefined;
}

/** Numbers within these bounds have no breach, so that most need two comparisons and no call. */
export interface NumberJudge extends Judge<number> {
  readonly judge: (value: number) => Breach | undefined;
  readonly quiet: readonly [low: number, high: number];
}

/** For float32, float64 and int32. Bounds of a float32 are rounded as its values were. */
export function numberJudge(clause: ColumnClause): NumberJudge {
  const words = wordsFor(clause);
  const missing = missingBreach(clause, words);
  const round = clause.type === "float32" ? Math.fround : (bound: number) => bound;
  const [low, high] = bounds(clause.range, round);
  const [softLow, softHigh] = bounds(clause.expected, round);
  const listed = clause.values && new Set(clause.values.map((text) => round(Number(text))));
  const range = hard(words.range);
  const notFinite = hard(words.notFinite);
  const category = categoryBreach(clause, words);
  const outsideExpected = soft(words.outsideExpected);
  const judge = (value: number): Breach | undefined => {
    if (Number.isNaN(value)) return missing;
    if (!Number.isFinite(value)) return notFinite;
    if (value < low || value > high) return range;
    if (listed && !listed.has(value)) return category;
    return value < softLow || value > softHigh ? outsideExpected : undefined;
  };
  const quiet = [
    Math.max(low, softLow, -Number.MAX_VALUE),
    Math.min(high, softHigh, Number.MAX_VALUE),
  ] as const;
  return { judge, missing, quiet: listed ? [1, 0] : quiet };
}

/** For int64: compared as bigint, without rounding. */
export function bigintJudge(clause: ColumnClause): Judge<bigint> {
  const words = wordsFor(clause);
  const [low, high] = integerBounds(clause.range);
  const [softLow, softHigh] = integerBounds(clause.expected);
  const listed =
    clause.values && new Set(clause.values.filter((text) => /^-?\d{1,40}$/.test(text)).map(BigInt));
  const range = hard(words.range);
  const category = categoryBreach(clause, words);
  const outsideExpected = soft(words.outsideExpected);
  const judge = (value: bigint): Breach | undefined => {
    if (value < low || value > high) return range;
    if (listed && !listed.has(value)) return category;
    return value < softLow || value > softHigh ? outsideExpected : undefined;
  };
  const judges = clause.range || clause.expected || listed;
  return { judge: judges ? judge : undefined, missing: missingBreach(clause, words) };
}

/** For strings, and for booleans held as 0 and 1: only a list of values can be broken. */
export function listJudge<Value>(clause: ColumnClause, read: (text: string) => Value): Judge<Value> {
  const words = wordsFor(clause);
  const listed = clause.values && new Set(clause.values.map(read));
  const category = categoryBreach(clause, words);
  return {
    judge: listed && ((value) => (listed.has(value) ? undefined : category)),
    missing: missingBreach(clause, words),
  };
}

function missingBreach(clause: ColumnClause, words: ColumnWords): Breach | undefined {
  return clause.missing === "substituted" ? undefined : hard(words.missing);
}

function categoryBreach(clause: ColumnClause, words: ColumnWords): Breach {
  return { hard: clause.unknown === "reject", describe: words.category };
}

function hard(describe: Describe): Breach {
  return { hard: true, describe };
}

function soft(describe: Describe): Breach {
  return { hard: false, describe };
}

/** The whole numbers within a range, as far as an int64 reaches. */
function integerBounds(range: Range | undefined): readonly [bigint, bigint] {
  const reach = 2 ** 63;
  const within = (bound: number) => BigInt(Math.min(Math.max(bound, -reach), reach));
  return [within(Math.ceil(range?.[0] ?? -reach)), within(Math.floor(range?.[1] ?? reach))];
}

function bounds(range: Range | undefined, round: (bound: number) => number): readonly [number, number] {
  return [round(range?.[0] ?? Number.NEGATIVE_INFINITY), round(range?.[1] ?? Number.POSITIVE_INFINITY)];
}
