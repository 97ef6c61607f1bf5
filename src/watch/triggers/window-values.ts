import type { Effect } from "../detectors/effect.ts";
import type { ColumnJudgement } from "../detectors/judge-window.ts";
import type { WindowReport } from "../report/window-report.ts";

/** A value of a name in a condition. */
export type NamedValue = number | boolean;

/** `quality.ok` of a window, and why it is not true. */
export interface WindowQuality {
  readonly ok: boolean | "unknown";
  readonly why: string;
}

/**
 * Values of the names that have one in a window, by name; an absent name is unknown. Meanings stand beside the names
 * (`metric-definitions.ts`). `mature.` comes from windows whose label delay has passed and from no other; `estimated.`
 * only from scores that were shown to mean what they say.
 */
export function windowValues(
  window: WindowReport,
  quality: WindowQuality,
): Readonly<Record<string, NamedValue>> {
  const values: Values = {
    ...driftValues(window),
    ...qualityValues(window, quality),
    "traffic.rows": window.rows,
    ...performanceValues(window),
  };
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, NamedValue] => typeof entry[1] === "boolean" || Number.isFinite(entry[1]),
    ),
  );
}

type Values = Readonly<Record<string, NamedValue | undefined>>;

function driftValues({ drift, columns }: WindowReport): Values {
  if (!drift) return {};
  const of = (kind: string) =>
    drift.columns.filter((_, index) => columns[index]?.clause.startsWith(`${kind}.`));
  const features = of("features");
  const told = features.filter(isTold);
  const drifting = told.filter(({ verdict }) => verdict === "drift").length;
  const [score] = of("outputs");
  return {
    "drift.share": told.length > 0 && 2 * told.length >= features.length ? drifting / told.length : undefined,
    "drift.max": largest(told.flatMap(({ effect }) => effect ?? [])),
    "drift.score": score && isTold(score) ? score.effect?.distance : undefined,
  };
}

const isTold = ({ verdict }: ColumnJudgement) => verdict !== "insufficient";

function largest(effects: readonly Effect[]): number | undefined {
  return effects.length === 0 ? undefined : Math.max(...effects.map(({ distance }) => distance));
}

function qualityValues({ rows, answered, columns }: WindowReport, { ok }: WindowQuality): Values {
  const known = ok === "unknown" ? {} : { "quality.ok": ok };
  if (rows === 0) return known;
  const features = columns.filter(({ clause }) => clause.startsWith("features."));
  const increases = features.flatMap(({ missing: { now, reference } }) =>
    reference === undefined ? [] : [now - reference],
  );
  return {
    ...known,
    "quality.rejected": (rows - answered) / rows,
    "quality.missing": increases.length === 0 ? undefined : Math.max(0, ...increases),
    "quality.unknown": Math.max(0, ...features.map(({ other }) => other?.now ?? 0)),
  };
}

function performanceValues({ performance, estimated }: WindowReport): Values {
  const mature = performance?.mature
    ? prefixed("mature.", { ...performance.metrics, rows: performance.labelled })
    : {};
  const guessed =
    estimated?.calibration === "pass"
      ? prefixed("estimated.", { ...estimated.metrics, rows: estimated.rows })
      : {};
  const coverage =
    performance && performance.answered > 0 ? performance.labelled / performance.answered : undefined;
  return { ...mature, ...guessed, "labels.coverage": coverage };
}

function prefixed(prefix: string, values: Readonly<Record<string, number>>): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
