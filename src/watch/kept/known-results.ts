import { type TProperties, Type } from "typebox";
import { schemaGuard } from "../../kernel/index.ts";
import type { ColumnJudgement } from "../detectors/judge-window.ts";
import type { DriftState } from "../drift/judge-drift.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { type ColumnReport, watchedColumns } from "../report/column-report.ts";
import type { EstimatedPerformance } from "../report/estimated-performance.ts";
import { digest, whole } from "../windows/observation-schema.ts";
import { type Checkpoint, type JudgedWindow, once } from "./judged-windows.ts";
import {
  judgesDigest,
  type KeptKnown,
  type KeptResults,
  type KeptWindow,
  type NamedJudges,
} from "./kept-results.ts";
import { type PackedValues, packedOf, type Unpacker, unpacker } from "./packed-values.ts";

/** More forms than this are not kept up with: all results are made anew. */
const mostShapes = 20_000;

const open = <Fields extends TProperties>(fields: Fields) => Type.Object(fields);
const pair = Type.Array(Type.Number(), { minItems: 2, maxItems: 2 });
const alarmPhase = Type.Enum(["none", "begins", "lasts", "fades"]);
const KeptSchema = Type.Object({
  by: digest,
  shapes: Type.Array(Type.String(), { maxItems: mostShapes }),
  windows: Type.Array(
    Type.Object({
      start: Type.Integer(),
      columns: Type.String(),
      estimated: Type.String(),
      drift: Type.Optional(Type.Object({ alarm: alarmPhase, columns: Type.String() })),
    }),
  ),
  alarms: Type.Array(
    open({
      begins: Type.String(),
      until: Type.String(),
      windows: whole,
      open: Type.Boolean(),
      cause: Type.String(),
      columns: Type.Array(open({ clause: Type.String(), first: Type.String() })),
    }),
  ),
  checkpoints: Type.Array(
    Type.Object({
      windows: Type.Integer({ minimum: 1 }),
      detectors: open({
        format_version: Type.Literal(1),
        columns: Type.Array(
          open({ counts: Type.Array(Type.Number()), squares: Type.Number(), windows: Type.Number() }),
        ),
      }),
      alarms: Type.Array(whole),
    }),
  ),
});
// Forms are lenient: what else stands in a result is its own matter, and the digest of the program says that it made it.
const ColumnSchema = open({
  clause: Type.String(),
  missing: open({ now: Type.Number() }),
  distances: open({ rows: Type.Number(), sufficient: Type.Boolean(), unseen: Type.Array(Type.Unknown()) }),
});
const JudgementSchema = open({
  name: Type.String(),
  verdict: Type.Enum(["pass", "drift", "insufficient"]),
  rows: Type.Number(),
  effectiveRows: Type.Number(),
  readings: Type.Array(open({ detector: Type.String(), score: Type.Number(), threshold: Type.Number() })),
  effect: Type.Optional(open({ distance: Type.Number(), interval: pair })),
  marked: Type.Boolean(),
});
const EstimateSchema = open({
  rows: Type.Number(),
  calibration: Type.Enum(["pass", "fail", "not-run"]),
  metrics: Type.Record(Type.String(), Type.Number()),
  intervals: Type.Record(Type.String(), pair),
});
const isKept = schemaGuard<KeptResults>(KeptSchema);
const isColumn = schemaGuard<ColumnReport>(ColumnSchema);
const isJudgement = schemaGuard<ColumnJudgement>(JudgementSchema);
const isEstimate = schemaGuard<EstimatedPerformance>(EstimateSchema);

/**
 * Results that a state keeps of its windows, for the same judges; nothing in them is trusted. Undefined where they cannot be
 * used: all windows are judged again then, and what comes out is the same.
 */
export function knownResults(
  { windows, kept }: { readonly windows: readonly WindowCounts[]; readonly kept?: unknown },
  judges: NamedJudges,
): KeptKnown | undefined {
  if (!isKept(kept) || kept.by !== judgesDigest(judges)) return undefined;
  const shapes = readShapes(kept.shapes, judges);
  const byStart = new Map(windows.map((window) => [window.start, window]));
  const found = new Map<WindowCounts, { readonly kept: KeptWindow; readonly judged: JudgedWindow }>();
  for (const one of kept.windows) {
    const window = byStart.get(one.start);
    const judged = shapes && judgedOf(one, shapes);
    if (!window || !judged || found.has(window)) return undefined;
    found.set(window, { kept: one, judged });
  }
  const columns = watchedColumns(judges.contract, judges.profile).map(
    ({ reference }) => reference.counts.length,
  );
  const checkpoints = checkpointsOf(kept, columns);
  if (!checkpoints) return undefined;
  return {
    windows: [...found.keys()],
    of: (window) => found.get(window)?.judged,
    checkpoints,
    kept,
    keptOf: (window) => found.get(window)?.kept,
  };
}

interface Shapes {
  readonly values: Unpacker;
  readonly isDrifting: boolean;
  readonly columns: Fits;
  readonly judgements: Fits;
  readonly estimates: Fits;
}

/** Whether packed values are what they should be, one for each of some names. */
type Fits = (packed: PackedValues) => boolean;

function readShapes(texts: readonly string[], { contract, profile }: NamedJudges): Shapes | undefined {
  const values = unpackerOf(texts);
  if (!values) return undefined;
  const samples = values.samples();
  const named = (name: (sample: unknown) => string | undefined, wanted: readonly string[]): Fits => {
    const names = samples.map(name);
    return (packed) =>
      packed[0] === wanted.length && wanted.every((one, at) => names[packed[at + 1]!] === one);
  };
  const watched = watchedColumns(contract, profile);
  const estimates = samples.map((sample) => isEstimate(sample));
  return {
    values,
    isDrifting: profile.thresholds !== undefined,
    columns: named(
      (sample) => (isColumn(sample) ? sample.clause : undefined),
      watched.map(({ clause }) => clause),
    ),
    judgements: named(
      (sample) => (isJudgement(sample) ? sample.name : undefined),
      watched.map(({ cells }) => cells.name),
    ),
    estimates: (packed) => packed[0] === 0 || (packed[0] === 1 && estimates[packed[1]!] === true),
  };
}

function unpackerOf(shapes: readonly string[]): Unpacker | undefined {
  try {
    return unpacker(shapes);
  } catch {
    return undefined;
  }
}

function judgedOf({ columns, estimated, drift }: KeptWindow, shapes: Shapes): JudgedWindow | undefined {
  const read = (text: string, fits: Fits) => {
    const packed = packedOf(text);
    return packed && shapes.values.fits(packed) && fits(packed) ? packed : undefined;
  };
  const [reports, estimates] = [read(columns, shapes.columns), read(estimated, shapes.estimates)];
  const judgements = drift && read(drift.columns, shapes.judgements);
  if (!reports || !estimates || (judgements !== undefined) !== shapes.isDrifting) return undefined;
  const { unpack } = shapes.values;
  const columnsOf = once(() => unpack(reports) as ColumnReport[]);
  const judgementsOf = once(() => unpack(judgements!) as ColumnJudgement[]);
  const estimate = once(() => unpack(estimates)[0] as EstimatedPerformance | undefined);
  return {
    get columns() {
      return columnsOf();
    },
    get estimated() {
      return estimate();
    },
    drift: drift && {
      alarm: drift.alarm,
      get columns() {
        return judgementsOf();
      },
    },
  };
}

/** The checkpoints of some kept results; undefined where they do not fit columns with so many cells. */
function checkpointsOf(
  { windows, alarms, checkpoints }: KeptResults,
  cells: readonly number[],
): Checkpoint[] | undefined {
  const fits = checkpoints.every(({ windows: after, detectors, alarms: places }, at) => {
    const { columns } = detectors as DriftState["detectors"];
    return (
      after <= windows.length &&
      after > (checkpoints[at - 1]?.windows ?? 0) &&
      columns.length === cells.length &&
      columns.every(({ counts }, column) => counts.length === cells[column]) &&
      places.every((place) => place < alarms.length)
    );
  });
  if (!fits) return undefined;
  return checkpoints.map(({ windows: after, detectors, alarms: places }) => ({
    windows: after,
    state: {
      format_version: 1,
      detectors: detectors as DriftState["detectors"],
      alarms: places.map((place) => alarms[place] as DriftState["alarms"][number]),
    },
  }));
}
