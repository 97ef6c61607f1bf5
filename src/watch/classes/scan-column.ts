import { type Scale, type Step, stepAt } from "./steps.ts";

/** What a judge says of one step. */
export interface StepFault {
  /** True for a window in which the fault lasts. */
  lasts(window: number): boolean;
  /** So many windows in a row without it end it; 1 where absent. Noisy numbers need more. */
  readonly patience?: number;
}

/** What is walked over: windows in a row. */
export interface Scanned {
  readonly length: number;
  /** True where nothing is known of a window. */
  isEmpty(window: number): boolean;
}

/** Looks at a step for one kind of fault. */
export interface StepJudge<Series extends Scanned, Fault extends StepFault> {
  readonly scales: readonly Scale[];
  /** How far the two sides of a step are from each other, in its own measure; remembered for {@link judge}. */
  measure(series: Series, step: Step): number;
  /** `usual` ascends: that measure at earlier steps between windows that are well; empty where there are too few. */
  judge(series: Series, step: Step, usual: readonly number[]): Fault | undefined;
}

/** A fault of one column, and the windows in which it lasts. */
export interface FoundFault<Fault extends StepFault> {
  readonly fault: Fault;
  readonly step: Step;
  readonly windows: readonly number[];
}

/** Fewer earlier steps than this do not say what is usual. */
const leastHistory = 5;

/**
 * Walks over the windows of a column, oldest first. Windows with a fault are left out of what later ones are compared with,
 * so that its end is no second fault.
 */
export function scanColumn<Series extends Scanned, Fault extends StepFault>(
  series: Series,
  judge: StepJudge<Series, Fault>,
): FoundFault<Fault>[] {
  const healthy: number[] = [];
  const histories = new Map(judge.scales.map((scale) => [scale, historyOf(scale)]));
  const found: FoundFault<Fault>[] = [];
  const usualBefore = ({ at, scale }: Step) => histories.get(scale)!.before(at);
  for (let at = 0; at < series.length; ) {
    if (series.isEmpty(at)) {
      at++;
      continue;
    }
    const steps = judge.scales.flatMap((scale) => stepAt(at, healthy, series.length, scale) ?? []);
    const first = firstFault(series, judge, steps, usualBefore);
    if (!first) {
      for (const step of steps)
        if (step.before !== "reference") histories.get(step.scale)!.note(at, judge.measure(series, step));
      healthy.push(at++);
      continue;
    }
    const placed = placedFault(series, judge, first, usualBefore(first.step));
    for (; at < placed.step.at; at++) if (!series.isEmpty(at)) healthy.push(at);
    const windows = lastingWindows(series, placed.fault, at);
    at = windows.at(-1)! + 1;
    found.push({ ...placed, windows });
  }
  return found;
}

/** Measures of earlier steps, ascending; of those alone whose windows all lie before the one that is judged. */
function historyOf({ after }: Scale) {
  const sorted: number[] = [];
  const waiting: { readonly at: number; readonly measure: number }[] = [];
  return {
    note: (at: number, measure: number) => void waiting.push({ at, measure }),
    before(at: number): readonly number[] {
      while (waiting.length > 0 && waiting[0]!.at + after <= at) {
        const { measure } = waiting.shift()!;
        sorted.splice(placeOf(measure, sorted), 0, measure);
      }
      return sorted.length < leastHistory ? [] : sorted;
    },
  };
}

/** After all that are not larger. */
function placeOf(measure: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > measure) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Placed<Fault> {
  readonly fault: Fault;
  readonly step: Step;
}

function firstFault<Series extends Scanned, Fault extends StepFault>(
  series: Series,
  { judge }: StepJudge<Series, Fault>,
  steps: readonly Step[],
  usualBefore: (step: Step) => readonly number[],
): Placed<Fault> | undefined {
  for (const step of steps) {
    const fault = judge(series, step, usualBefore(step));
    if (fault) return { fault, step };
  }
  return undefined;
}

/** From a window on, those that are not empty, until the fault is over. */
function lastingWindows(series: Scanned, { lasts, patience = 1 }: StepFault, from: number): number[] {
  const windows = [from];
  let without: number[] = [];
  for (let at = from + 1; at < series.length && without.length < patience; at++) {
    if (series.isEmpty(at)) continue;
    if (lasts(at)) {
      windows.push(...without, at);
      without = [];
    } else without.push(at);
  }
  return windows;
}

/** A step is seen from a few windows before it already: its place is where windows without the fault end and those with it begin. */
function placedFault<Series extends Scanned, Fault extends StepFault>(
  series: Series,
  { judge }: StepJudge<Series, Fault>,
  first: Placed<Fault>,
  usual: readonly number[],
): Placed<Fault> {
  const { scale, after: seen } = first.step;
  const at = beginning(
    seen.filter((window) => !series.isEmpty(window)),
    first.fault,
  );
  if (at === first.step.at) return first;
  const after = Array.from({ length: Math.min(scale.after, series.length - at) }, (_, index) => at + index);
  const step: Step = { ...first.step, at, after };
  return { step, fault: judge(series, step, usual) ?? first.fault };
}

/** The window with the fault before which as few as possible have it, and from which on as many as possible. */
function beginning(windows: readonly number[], { lasts }: StepFault): number {
  let [place, most, before] = [windows[0]!, 0, 0];
  const has = windows.map(lasts);
  for (const [index, window] of windows.entries()) {
    const right = before + has.slice(index).filter(Boolean).length;
    if (has[index] && right > most) [place, most] = [window, right];
    if (!has[index]) before++;
  }
  return place;
}
