import { type FoundFault, type StepFault, type StepJudge, scanColumn } from "../scan-column.ts";
import { type Step, scales } from "../steps.ts";

/** A number by window with its standard error; absent where nothing is known. */
export interface Level {
  readonly value: number;
  readonly error: number;
}

/** A number that moved from one window to the next and stayed there. */
export interface LevelStep extends StepFault {
  readonly before: number;
  readonly after: number;
}

/** Standard errors that a step must exceed. */
const certain = 4;

/** Windows are noisy: so many in a row must be back. */
const patience = 4;

/**
 * Steps of a number that are larger than any earlier one and than chance makes them. `counts` says whether a step from one
 * level to another matters.
 */
export function levelSteps(
  levels: readonly (Level | undefined)[],
  matters: (before: number, after: number) => boolean,
): FoundFault<LevelStep>[] {
  const mean = (windows: Step["before"]) => meanLevel(levels, windows);
  const scanned = { length: levels.length, isEmpty: (window: number) => levels[window] === undefined };
  const judge: StepJudge<typeof scanned, LevelStep> = {
    scales,
    measure: (_, { before, after }) => Math.abs(mean(after).value - mean(before).value),
    judge(_, { before, after }, usual) {
      const [was, is] = [mean(before), mean(after)];
      const step = Math.abs(is.value - was.value);
      const most = usual.at(-1);
      if (most === undefined || step <= most || step <= certain * Math.hypot(was.error, is.error))
        return undefined;
      if (!matters(was.value, is.value)) return undefined;
      return {
        before: was.value,
        after: is.value,
        patience,
        lasts: (window) => {
          const now = levels[window];
          return !now || Math.abs(now.value - is.value) < Math.abs(now.value - was.value);
        },
      };
    },
  };
  return scanColumn(scanned, judge);
}

function meanLevel(levels: readonly (Level | undefined)[], windows: Step["before"]): Level {
  const known = windows === "reference" ? [] : windows.flatMap((window) => levels[window] ?? []);
  if (known.length === 0) return { value: 0, error: Infinity };
  const sum = known.reduce((total, { value }) => total + value, 0);
  const squares = known.reduce((total, { error }) => total + error ** 2, 0);
  return { value: sum / known.length, error: Math.sqrt(squares) / known.length };
}
