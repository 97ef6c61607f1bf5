import { Type } from "typebox";
import { BatonError, schemaGuard } from "../../kernel/index.ts";
import { type ColumnCounters, type Count, isCount } from "../../profile/index.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { countersEnding, type ObservationFile } from "./observation-file.ts";

const closed = { additionalProperties: false } as const;
const whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const word = Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" });
const name = Type.String({ minLength: 1, maxLength: 1000 });
const digest = Type.String({ pattern: "^[0-9a-f]{64}$" });
const instant = Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" });
const tallies = Type.Record(Type.String({ maxLength: 2000 }), whole);
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
const milliseconds = Type.Integer({ minimum: -8.64e15, maximum: 8.64e15 });
const WindowSchema = Type.Object(
  {
    start: milliseconds,
    rows: whole,
    answered: whole,
    untimed: whole,
    calls: whole,
    latency: tallies,
    rejected: tallies,
    outside: tallies,
    failed: Type.Optional(tallies),
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
const FileSchema = Type.Object(
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
    latency_edges: Type.Array(Type.Number({ minimum: 0 }), { maxItems: 10_000 }),
    log: Type.Optional(tableBeside("predictions")),
    rows: Type.Optional(tableBeside("rows")),
    windows: Type.Array(WindowSchema, { maxItems: 100_000 }),
  },
  closed,
);

const validate = schemaGuard<ObservationFile>(FileSchema);

/** Reads one `*.counters.json` and trusts nothing in it. @throws BatonError `data-unreadable` */
export function parseObservation(text: string, file: string): ObservationFile {
  const refuse = (why: string) =>
    new BatonError("data-unreadable", `${file} is not what baton writes as *${countersEnding}: ${why}.`, {
      file,
      next: "Take it out of the folder, or bring the file again from where it was written.",
    });
  const value = parsed(text);
  if (value === undefined) throw refuse("it is not JSON");
  if (!validate(value)) {
    const [error] = validate.errors;
    throw refuse(`${error?.instancePath || "the top"} ${error?.message ?? "is not valid"}`);
  }
  const fault = windowsFault(value.windows);
  if (fault) throw refuse(fault);
  return value;
}

/** What is wrong with windows that have their form; undefined where nothing is. */
export function windowsFault(windows: readonly WindowCounts[]): string | undefined {
  if (new Set(windows.map(({ start }) => start)).size < windows.length) return "a window is there twice";
  for (const { rows, features, outputs } of windows)
    for (const { rows: counted, columns } of [features, outputs])
      if (counted !== rows || !columns.every((column) => addsUp(column, rows)))
        return "its counts do not add up";
  return undefined;
}

/** Each row stands in one cell of every column. */
function addsUp({ counts, sums }: ColumnCounters, rows: number): boolean {
  let total = 0;
  for (const count of counts) {
    if (typeof count !== "number" || !Number.isSafeInteger(count) || count < 0) return false;
    total += count;
  }
  return total === rows && (sums === undefined || sums.every(isCount));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
