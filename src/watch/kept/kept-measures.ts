import { Type } from "typebox";
import { schemaGuard } from "../../kernel/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import type {
  CollectedAfter,
  KnownMeasures,
  MeasuredWindow,
  PrintedWindow,
  TakenMeasures,
} from "../labels/known-measures.ts";
import { binNumbers } from "../slices/score-bins.ts";
import type { CollectedSlices } from "../slices/slice-finder.ts";
import { sliceLayout } from "../slices/slice-layout.ts";
import { digest, whole } from "../windows/observation-schema.ts";
import { judgesDigest, type NamedJudges, survivesJson } from "./kept-results.ts";
import { packedOf, packedText } from "./packed-values.ts";

/** Measurements as a state keeps them. */
export interface KeptMeasures {
  readonly windows: readonly (PrintedWindow & { readonly measured?: MeasuredWindow })[];
  readonly collected: readonly KeptCollected[];
}

interface KeptCollected {
  readonly windows: number;
  readonly most: number;
  readonly probabilities: boolean;
  readonly blocks: readonly {
    readonly from: number;
    readonly until: number;
    readonly windows: number;
    readonly sums: string;
  }[];
  readonly ranks: readonly { readonly place: number; readonly counts: string }[];
}

/** Known measurements, and how they are kept. */
export interface KeptKnownMeasures extends KnownMeasures {
  readonly kept: KeptMeasures;
}

/** What a slice finder collected is not kept where its text would be longer: all labelled rows are read again then. */
const longestCollected = 8 * 1024 ** 2;

/** Measurements as they are kept. */
export function keptMeasures(taken: TakenMeasures, known?: KeptKnownMeasures): KeptMeasures {
  // What had not matured at the instant of this watch is as true as before: its print says so.
  const isPart = taken.same === taken.windows.length && taken.same < (known?.windows.length ?? 0);
  if (known && isPart) return known.kept;
  const before = new Map(known?.kept.collected.map((one) => [one.windows, one]));
  return {
    windows: taken.windows.map((window) => {
      const measured = taken.of(window);
      return { ...window, ...(measured && survivesJson(measured) && { measured }) };
    }),
    collected: taken.collected
      .map((one) => (one.windows <= taken.same ? before.get(one.windows) : undefined) ?? keptCollected(one))
      .filter((one) => lengthOf(one) <= longestCollected),
  };
}

function lengthOf({ blocks, ranks }: KeptCollected): number {
  return [...blocks.map(({ sums }) => sums), ...ranks.map(({ counts }) => counts)].reduce(
    (sum, { length }) => sum + length,
    0,
  );
}

function keptCollected({ windows, slices: { losses, ranks, probabilities } }: CollectedAfter): KeptCollected {
  return {
    windows,
    most: losses.most,
    probabilities,
    blocks: losses.blocks.map(({ sums, ...block }) => ({ ...block, sums: sparseText(sums) })),
    ranks: ranks.flatMap((counts, place) => (counts ? [{ place, counts: sparseText(counts) }] : [])),
  };
}

/** Places and values of what is not zero: most slices hold no rows in most windows. */
function sparseText(values: Float64Array): string {
  const pairs: number[] = [];
  for (let at = 0; at < values.length; at++) if (values[at] !== 0) pairs.push(at, values[at]!);
  return packedText(Float64Array.from(pairs));
}

function sparseOf(text: string, length: number): Float64Array | undefined {
  const values = new Float64Array(length);
  if (text === "") return values;
  const pairs = packedOf(text);
  if (!pairs || pairs.length % 2 !== 0) return undefined;
  for (let at = 0; at < pairs.length; at += 2) {
    const place = pairs[at]!;
    if (!Number.isInteger(place) || place < 0 || place >= length) return undefined;
    values[place] = pairs[at + 1]!;
  }
  return values;
}

const Performance = Type.Object({
  answered: whole,
  labelled: whole,
  mature: Type.Literal(true),
  metrics: Type.Optional(Type.Record(Type.String(), Type.Number())),
  intervals: Type.Optional(
    Type.Record(Type.String(), Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
  ),
});
const Tally = Type.Object({ rows: whole, wrong: whole, expected: Type.Number() });
const isKept = schemaGuard<KeptMeasures>(
  Type.Object({
    windows: Type.Array(
      Type.Object({
        start: Type.Integer(),
        print: digest,
        measured: Type.Optional(
          Type.Object({
            performance: Performance,
            inTime: Performance,
            wrong: Type.Optional(
              Type.Object({
                contradicted: Tally,
                rest: Tally,
                places: Type.Array(Type.Number()),
                samples: Type.Array(Type.Object({ name: Type.String(), places: Type.Array(whole) })),
              }),
            ),
          }),
        ),
      }),
    ),
    collected: Type.Array(
      Type.Object({
        windows: Type.Integer({ minimum: 1 }),
        most: Type.Integer({ minimum: 1 }),
        probabilities: Type.Boolean(),
        blocks: Type.Array(
          Type.Object({
            from: Type.Integer(),
            until: Type.Integer(),
            windows: Type.Integer({ minimum: 1 }),
            sums: Type.String(),
          }),
        ),
        ranks: Type.Array(Type.Object({ place: whole, counts: Type.String() })),
      }),
    ),
  }),
);
const hasMeasures = schemaGuard<{ readonly by: string; readonly measures: unknown }>(
  Type.Object({ by: digest, measures: Type.Unknown() }),
);

/**
 * Measurements that a state keeps, for the same judges and slices; nothing in them is trusted. Undefined where they cannot be
 * used: all windows are measured again then.
 */
export function knownMeasures(
  kept: unknown,
  judges: NamedJudges,
  slices: readonly ColumnCells[],
): KeptKnownMeasures | undefined {
  if (!hasMeasures(kept) || kept.by !== judgesDigest(judges) || !isKept(kept.measures)) return undefined;
  const { measures } = kept;
  const { windows } = measures;
  const layout = sliceLayout(slices);
  const collected = measures.collected.map((one) => collectedOf(one, layout));
  const isAscending = (values: readonly number[]) =>
    values.every((value, at) => at === 0 || value > values[at - 1]!);
  if (
    !collected.every((one) => one !== undefined && one.windows <= windows.length) ||
    !isAscending(windows.map(({ start }) => start)) ||
    !isAscending(measures.collected.map(({ windows: after }) => after))
  )
    return undefined;
  const byPrint = new Map(windows.map(({ start, print, measured }) => [`${start} ${print}`, measured]));
  return {
    windows,
    of: ({ start, print }) => byPrint.get(`${start} ${print}`),
    collected: collected as CollectedAfter[],
    kept: measures,
  };
}

function collectedOf(
  { windows, most, probabilities, blocks, ranks }: KeptCollected,
  { size, singles }: { readonly size: number; readonly singles: number },
): CollectedAfter | undefined {
  const read = blocks.map(({ sums, ...block }) => ({ ...block, sums: sparseOf(sums, 3 * (size + 1)) }));
  const held = new Array<Float64Array | undefined>(singles);
  for (const { place, counts } of ranks) {
    held[place] = sparseOf(counts, binNumbers);
    if (place >= singles || !held[place]) return undefined;
  }
  if (read.some(({ sums }) => !sums)) return undefined;
  const losses = { blocks: read, most } as CollectedSlices["losses"];
  return { windows, slices: { losses, ranks: held, probabilities } };
}
