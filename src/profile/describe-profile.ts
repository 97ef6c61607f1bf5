import { withheld } from "../contract/index.ts";
import type { ColumnCells, NumericCells } from "./cells.ts";
import { toNumber } from "./count.ts";
import type { ColumnCounters } from "./counters.ts";
import type { ColumnFacts, TableProfile } from "./profile.ts";

/** One column for a person's eye, all text. */
export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  /** `0.4 %`; not-a-number counts as missing here. */
  readonly missing: string;
  readonly min: string;
  readonly median: string;
  readonly max: string;
  /** The most frequent values with their shares. */
  readonly top: string;
  /** Eight-step bars. Numbers: density over the cells between the 5 % and the 95 % quantile. Categories: shares, largest first. */
  readonly histogram: string;
}

const barCount = 12;
const bars = "▁▂▃▄▅▆▇█";

/** Describes each column of a table's profile; values of `sensitive` columns are withheld. */
export function describeProfile(
  { cells, counters, facts }: TableProfile,
  sensitive: ReadonlySet<string> = new Set(),
): ColumnDescription[] {
  const rows = toNumber(counters.rows);
  return cells.columns.map((column, index) => {
    const about = { column, counts: numbersOf(counters.columns[index]!), facts: facts[index]!, rows };
    const hidden = sensitive.has(column.name);
    const shown =
      column.kind === "numeric" ? describeNumbers(column, about) : describeCategories(column.values, about);
    return {
      name: column.name,
      type: column.type,
      missing: percent(missingOf(about), rows),
      ...shown,
      ...(hidden && { min: withheld, median: withheld, max: withheld, top: withheld }),
    };
  });
}

interface About {
  readonly column: ColumnCells;
  readonly counts: readonly number[];
  readonly facts: ColumnFacts;
  readonly rows: number;
}

type Shown = Pick<ColumnDescription, "min" | "median" | "max" | "top" | "histogram">;

function describeNumbers(cells: NumericCells & ColumnCells, { counts, facts, rows }: About): Shown {
  const finite = "finite" in facts ? facts.finite : undefined;
  if (!finite) return { min: "", median: "", max: "", top: "", histogram: "" };
  const show = (value: number) => shownNumber(value, cells.type === "float32");
  return {
    min: show(finite.min),
    median: show(finite.median),
    max: show(finite.max),
    top: topText(
      atomsOf(cells, counts).map(({ start, count }) => [show(start), count]),
      rows,
    ),
    histogram: drawn(density(cells, counts)),
  };
}

function describeCategories(values: readonly string[], { counts, rows }: About): Shown {
  const named: [string, number][] = [...values, "(other)"].map((value, index) => [value, counts[index]!]);
  const largest = named.filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  return {
    min: "",
    median: "",
    max: "",
    top: topText(largest, rows),
    histogram: drawn(largest.slice(0, barCount).map(([, count]) => count)),
  };
}

/** Cells of one value: no wider than a millionth of a millionth of it, or one whole number. */
function atomsOf({ starts, type }: NumericCells & ColumnCells, counts: readonly number[]) {
  const whole = type === "int32" || type === "int64";
  return starts
    .slice(0, -1)
    .map((start, index) => ({ start, width: starts[index + 1]! - start, count: counts[index + 1]! }))
    .filter(
      ({ start, width, count }) =>
        count > 0 && (whole ? width === 1 : width <= Math.abs(start) * 1e-12 || width < 1e-300),
    )
    .sort((a, b) => b.count - a.count);
}

interface Filled {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/** Rows in equal steps over the cells in the middle, as if each cell were filled evenly. */
function density({ starts }: NumericCells, counts: readonly number[]): number[] {
  const cells = middle(
    starts
      .slice(0, -1)
      .map((start, index) => ({ start, end: starts[index + 1]!, count: counts[index + 1]! })),
  );
  const low = cells[0]?.start ?? 0;
  const step = ((cells.at(-1)?.end ?? 0) - low) / barCount;
  // One value alone is one bar.
  if (low + step === low) return cells.length > 0 ? [1] : [];
  const heights = new Array<number>(barCount).fill(0);
  const barOf = (value: number) => Math.min(barCount - 1, Math.floor((value - low) / step));
  for (const { start, end, count } of cells) {
    const [first, last] = [barOf(start), barOf(end)];
    for (let bar = first; bar <= last; bar++) {
      const overlap = Math.min(end, low + (bar + 1) * step) - Math.max(start, low + bar * step);
      heights[bar]! += first === last ? count : count * Math.max(0, overlap / (end - start));
    }
  }
  return heights;
}

/** The cells whose own middle lies between the 5 % and the 95 % quantile; all, where that leaves none. */
function middle(cells: readonly Filled[]): readonly Filled[] {
  const total = cells.reduce((sum, { count }) => sum + count, 0);
  let before = 0;
  const inner = cells.filter(({ count }) => {
    const at = before + count / 2;
    before += count;
    return count > 0 && at >= total * 0.05 && at <= total * 0.95;
  });
  return inner.length > 0 ? inner : cells;
}

function drawn(heights: readonly number[]): string {
  const highest = Math.max(...heights, 0);
  if (highest === 0) return "";
  return heights
    .map((height) => (height > 0 ? bars[Math.min(7, Math.floor((height / highest) * 8))] : " "))
    .join("")
    .trimEnd();
}

function topText(values: readonly (readonly [string, number])[], rows: number): string {
  return values
    .slice(0, 3)
    .map(([value, count]) => `${plainText(value)} ${percent(count, rows)}`)
    .join(", ");
}

/** Control characters of data never reach a terminal. */
function plainText(value: string): string {
  const text = value === "" ? '""' : value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\uFFFD");
  return text.length > 24 ? `${[...text].slice(0, 23).join("")}…` : text;
}

function missingOf({ column, counts }: About): number {
  return column.kind === "numeric" ? counts.at(-1)! + counts.at(-2)! : counts.at(-1)!;
}

function percent(part: number, whole: number): string {
  if (whole === 0) return "";
  const share = (100 * part) / whole;
  if (part > 0 && share < 0.1) return "< 0.1 %";
  return `${share.toFixed(part === 0 || part === whole ? 0 : 1)} %`;
}

/** At most six digits; float32 without the digits that only float64 has. */
function shownNumber(value: number, single: boolean): string {
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(single ? 6 : 7)));
}

function numbersOf({ counts }: ColumnCounters): number[] {
  return counts.map(toNumber);
}
