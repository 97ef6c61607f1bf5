import { Type } from "typebox";
import type { Count } from "../../profile/index.ts";

/** No further keys. */
export const closed = { additionalProperties: false } as const;
/** A whole number from 0. */
export const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const word = Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" });
const name = Type.String({ minLength: 1, maxLength: 1000 });
/** SHA-256 in lower-case hexadecimal. */
export const digest = Type.String({ pattern: "^[0-9a-f]{64}$" });
const instant = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" });
/** Whole numbers by name, of at most so many names. */
const tallies = (most: number) =>
  Type.Record(Type.String({ maxLength: 2000 }), whole, { maxProperties: most });
/** Whether an entry is a whole number is looked at in one loop: a schema takes ten times as long for it. */
const counts = Type.Unsafe<Count[]>({ type: "array", maxItems: 20_000 });
const CountersSchema = Type.Object(
  {
    cells: digest,
    rows: whole,
    columns: Type.Array(Type.Object({ counts, sums: Type.Optional(counts) }, closed), { maxItems: 10_000 }),
  },
  closed,
);
/** The years −1200 to 11476: event times of four digits, and whole windows around them. */
const milliseconds = Type.Integer({ minimum: -1e14, maximum: 3e14 });
const WindowSchema = Type.Object(
  {
    start: milliseconds,
    rows: whole,
    answered: whole,
    untimed: whole,
    calls: whole,
    latency: tallies(10_001),
    rejected: tallies(50_000),
    outside: tallies(10_000),
    failed: Type.Optional(tallies(64)),
    newest_event: Type.Optional(milliseconds),
    newest_arrival: Type.Optional(milliseconds),
    features: CountersSchema,
    outputs: CountersSchema,
  },
  closed,
);
const tableBeside = (kind: string) =>
  Type.Object(
    { file: Type.String({ pattern: `^[A-Za-z0-9._-]{1,300}\\.${kind}\\.parquet$` }), rows: whole },
    closed,
  );
/** A file without its windows and latency cells. */
export const EntrySchema = Type.Object(
  {
    format_version: Type.Literal(1),
    kind: Type.Literal("baton-observation"),
    model: name,
    version: name,
    digest,
    replica: word,
    boot: word,
    sequence: whole,
    last: Type.Boolean(),
    opened_at: instant,
    rolled_at: instant,
    may_lose: Type.Object({ seconds: Type.Number({ minimum: 0 }), rows: whole }, closed),
    dropped: whole,
    window_ms: Type.Integer({ minimum: 1 }),
    log: Type.Optional(tableBeside("predictions")),
    rows: Type.Optional(tableBeside("rows")),
  },
  closed,
);
/** Windows of a file or of a sum of files; whether entries of counts are whole numbers is not looked at. */
export const WindowsSchema = Type.Array(WindowSchema, { maxItems: 100_000 });
/** A `*.counters.json`. */
export const FileSchema = Type.Object(
  {
    ...EntrySchema.properties,
    latency_edges: Type.Array(Type.Number({ minimum: 0 }), { maxItems: 10_000 }),
    windows: WindowsSchema,
  },
  closed,
);
