import { Type } from "typebox";
import { type ColumnCells, cellCount } from "./cells.ts";
import type { Profile } from "./profile.ts";
import type { Strata, ThresholdTable } from "./thresholds.ts";

const closed = { additionalProperties: false } as const;
const rows = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
/** Scores are −log₁₀ p; nothing that is calibrated comes near. */
const score = Type.Number({ minimum: 0, maximum: 1e6 });
const perColumn = <Item extends Type.TSchema>(item: Item) => Type.Array(item, { maxItems: 20_000 });
const correction = Type.Array(Type.Number({ minimum: -1e15, maximum: 1e15 }), { minItems: 2, maxItems: 2 });
const dispersion = Type.Number({ minimum: 1, maximum: 1e12 });
const SizeSchema = Type.Object(
  {
    rows,
    threshold: score,
    location: perColumn(correction),
    shape: perColumn(correction),
    dispersion: perColumn(dispersion),
  },
  closed,
);

const count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const StrataSchema = Type.Object(
  {
    by: Type.String({ minLength: 1, maxLength: 1000 }),
    known: Type.Array(
      Type.Object(
        {
          at: Type.Integer({ minimum: 0, maximum: 20_000 }),
          counts: perColumn(Type.Array(count, { maxItems: 20_000 })),
        },
        closed,
      ),
      { maxItems: 20_000 },
    ),
  },
  closed,
);

/** The form of {@link ThresholdTable}. JSON has no number that is not finite. */
export const ThresholdsSchema = Type.Object(
  {
    format_version: Type.Literal(1),
    budget: Type.Object(
      {
        alarms: Type.Number({ exclusiveMinimum: 0, maximum: 1e9 }),
        windows: Type.Number({ exclusiveMinimum: 0, maximum: 1e12 }),
      },
      closed,
    ),
    decay: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    reference_rows: rows,
    block_rows: rows,
    seed: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    effect_floor: Type.Number({ minimum: 0, maximum: 1 }),
    rate_threshold: score,
    absent_dispersion: dispersion,
    columns: perColumn(Type.String({ minLength: 1, maxLength: 1000 })),
    sizes: Type.Array(SizeSchema, { minItems: 1, maxItems: 100 }),
    strata: Type.Optional(StrataSchema),
  },
  closed,
);

/** What is wrong with thresholds of the right form: they must be for the columns of their profile, sizes ascending. */
export function thresholdsFault(
  { columns, sizes, strata }: ThresholdTable,
  { features, outputs }: Pick<Profile, "features" | "outputs">,
): string | undefined {
  const judged = [...features.cells.columns, ...(outputs?.cells.columns ?? [])];
  if (judged.length !== columns.length || judged.some(({ name }, at) => name !== columns[at]))
    return "they are for other columns than the profile's";
  if (sizes.some((size, at) => at > 0 && size.rows <= sizes[at - 1]!.rows)) return "sizes do not ascend";
  const lists = sizes.flatMap(({ location, shape, dispersion }) => [location, shape, dispersion]);
  if (lists.some((list) => list.length !== columns.length)) return "a size has not one entry a column";
  const slopes = sizes.flatMap(({ location, shape }) => [...location, ...shape].map(([, slope]) => slope));
  if (slopes.some((slope) => slope < 0)) return "a correction turns scores round";
  return strata && strataFault(strata, judged);
}

function strataFault({ known }: Strata, judged: readonly ColumnCells[]): string | undefined {
  if (known.some(({ at }, index) => index > 0 && at <= known[index - 1]!.at)) return "strata do not ascend";
  for (const { counts } of known) {
    const rows = counts.map((list) => list.reduce((sum, own) => sum + own, 0));
    if (counts.length !== judged.length || counts.some((list, at) => list.length !== cellCount(judged[at]!)))
      return "a stratum is of other cells";
    if (rows.some((sum) => sum !== rows[0] || sum === 0)) return "the counts of a stratum differ in rows";
  }
  return undefined;
}
