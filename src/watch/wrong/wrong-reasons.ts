import { type ErrorGroup, taxonomyOf } from "../classes/error-group.ts";
import { placeOf, type SliceLayout } from "../slices/slice-layout.ts";
import { addTallies, tallyAt, type WrongSample, type WrongTally, type WrongWindow } from "./wrong-window.ts";

/** A class that needs no group of errors. */
export type OwnReason = "label.conflict" | "limitation.expected";

/** Why predictions are wrong. */
export type WrongReason = ErrorGroup | OwnReason;

/** Predictions of one window that one reason speaks of. */
export interface ReasonedPart {
  readonly reason: WrongReason;
  /** Every group of that class and owner in the window; none where the reason needs no group. */
  readonly groups: readonly ErrorGroup[];
  readonly tally: WrongTally;
  readonly samples: readonly WrongSample[];
}

/**
 * Groups that speak of all rows of a window: they count where most rows had the fault, so that any row is more likely to have
 * had it than not.
 */
const mostRows = 0.5;
/** What answers are made from, or by, is broken. */
const broken = (group: ErrorGroup) =>
  ((familyOf(group) === "upstream" && touchesFeatures(group)) || taxonomyOf(group) === "output.shift") &&
  group.rate >= mostRows;
/** The model no longer fits, or is asked about other rows; the first counts. */
const changed = ["drift.concept", "output.calibration", "drift.covariate"];

/** Splits the labelled predictions of windows by the first reason that holds; every one is in exactly one part. */
export function wrongReasons(errors: readonly ErrorGroup[], layout: SliceLayout) {
  const known = errors.map((group) => ({ group, starts: new Set(group.starts) }));
  const slices = new Map(
    errors.flatMap((group) => {
      const place = group.slice === undefined ? undefined : placeOf(layout, group.slice);
      return place === undefined ? [] : [[group, place] as const];
    }),
  );
  const conflict = errors.find((group) => taxonomyOf(group) === "label.conflict") ?? "label.conflict";
  return (start: string, window: WrongWindow): ReasonedPart[] => {
    const here = known.filter(({ starts }) => starts.has(start)).map(({ group }) => group);
    const certain = window.samples.filter(({ contradicted }) => !contradicted);
    const part = (reason: WrongReason, tally: WrongTally, samples: readonly WrongSample[]) => ({
      ...{ reason, tally, samples },
      groups: typeof reason === "string" ? [] : [reason, ...here.filter((group) => isBeside(reason, group))],
    });
    const doubted = part(
      conflict,
      window.contradicted,
      window.samples.filter(({ contradicted }) => contradicted),
    );
    const whole = here.find(broken);
    if (whole) return [doubted, part(whole, window.rest, certain)];
    const rest = firstOf(changed, here) ?? "limitation.expected";
    const worse = here.find((group) => slices.has(group));
    if (!worse) return [doubted, part(rest, window.rest, certain)];
    const place = slices.get(worse)!;
    const inside = tallyAt(window, place);
    return [
      doubted,
      part(
        worse,
        inside,
        certain.filter(({ places }) => places.includes(place)),
      ),
      part(
        rest,
        addTallies(window.rest, inside, -1),
        certain.filter(({ places }) => !places.includes(place)),
      ),
    ];
  };
}

const familyOf = (group: ErrorGroup) => taxonomyOf(group).split(".", 1)[0];

/** A slice that became worse stands for its own rows alone; all other groups of one class and owner are told together. */
function isBeside(reason: ErrorGroup, group: ErrorGroup): boolean {
  const same = (["class", "owner", "severity", "action", "rule"] as const).every(
    (key) => reason[key] === group[key],
  );
  return same && group !== reason && reason.slice === undefined;
}

function touchesFeatures({ clause, clauses = [clause] }: ErrorGroup): boolean {
  return clauses.some((one) => one.startsWith("features."));
}

function firstOf(names: readonly string[], groups: readonly ErrorGroup[]): ErrorGroup | undefined {
  for (const name of names) {
    const found = groups.find((group) => taxonomyOf(group) === name);
    if (found) return found;
  }
  return undefined;
}
