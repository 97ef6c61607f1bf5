import { type Metric, ranked, type Sample } from "../metrics/index.ts";
import { seededIntegers } from "./random.ts";

/** What a paired bootstrap of two models on the same rows says. */
export interface BootstrapResult {
  readonly resamples: number;
  /** Share of resamples for which the condition holds, in [0, 1]. */
  readonly share: number;
  /** By metric: the central interval of (current − previous), or of the current value where there is no previous. */
  readonly intervals: Readonly<Record<string, readonly [low: number, high: number]>>;
}

/** The question put to each resample. */
export interface BootstrapQuestion {
  readonly current: Sample;
  /** The same rows, scored by the previous version. */
  readonly previous?: Sample;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Does the condition hold for these values? Undefined metrics are absent, and then it does not. */
  readonly holds: (values: Readonly<Record<string, number>>) => boolean;
  readonly confidence: number;
  /** Hex digest: the same seed gives the same resamples. */
  readonly seed: string;
}

const mostResamples = 1000;
const fewestResamples = 200;
const workPerBootstrap = 50_000_000;

/**
 * Paired bootstrap (Efron and Tibshirani 1993, ch. 8): rows are drawn with replacement, both models are measured on the
 * same draw. 1000 resamples, fewer (at least 200) above 50,000 rows.
 */
export function pairedBootstrap(question: BootstrapQuestion): BootstrapResult {
  const rows = question.current.labels.length;
  const resamples = Math.max(fewestResamples, Math.min(mostResamples, Math.floor(workPerBootstrap / rows)));
  const random = seededIntegers(question.seed);
  const current = ranked(question.current);
  const previous = question.previous && ranked(question.previous);
  const spread = new Map<string, number[]>(Object.keys(question.metrics).map((name) => [name, []]));
  let held = 0;
  for (let draw = 0; draw < resamples; draw++) {
    const weights = new Uint32Array(rows);
    for (let at = 0; at < rows; at++) weights[random(rows)]!++;
    const values: Record<string, number> = {};
    for (const [name, metric] of Object.entries(question.metrics)) {
      const now = metric({ ...current, weights });
      const before = previous ? metric({ ...previous, weights }) : 0;
      if (now === null || before === null) continue;
      values[name] = now;
      if (previous) values[`previous.${name}`] = before;
      spread.get(name)!.push(now - before);
    }
    if (question.holds(values)) held++;
  }
  return { resamples, share: held / resamples, intervals: intervalsOf(spread, question.confidence) };
}

function intervalsOf(
  spread: ReadonlyMap<string, number[]>,
  confidence: number,
): BootstrapResult["intervals"] {
  const intervals: Record<string, readonly [number, number]> = {};
  for (const [name, values] of spread) {
    if (values.length === 0) continue;
    values.sort((a, b) => a - b);
    const tail = (1 - confidence) / 2;
    intervals[name] = [quantile(values, tail), quantile(values, 1 - tail)];
  }
  return intervals;
}

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (sorted[Math.ceil(at)]! - below) * (at - Math.floor(at));
}
