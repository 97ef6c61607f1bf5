import type { Severity } from "../../kernel/index.ts";

/** One class of the taxonomy: what it means, who is to act, and how. */
export interface ErrorClass {
  readonly title: string;
  readonly what: string;
  /** A role, or `clause`: whoever owns the clause that it names. */
  readonly owner: "clause" | "builds" | "runs";
  readonly severity: Severity;
  readonly action: string;
}

/**
 * Every class there is, causes before what they bring about: where two would tell the same, the earlier one is told and
 * the later one is named as its consequence.
 */
export const errorClasses = {
  "upstream.swapped-columns": {
    title: "Two features were swapped",
    what: "From one window to the next, each of two features has the values that the other had.",
    owner: "clause",
    severity: "blocking",
    action:
      "Look at the last change of the feed or its mapping; set the columns right, and answer the rows again.",
  },
  "upstream.unit-change": {
    title: "A feature seems to come in another unit",
    what: "Values jumped, and what was there before explains them once it is converted from one unit to another: better than no change, and better than any shift.",
    owner: "clause",
    severity: "blocking",
    action:
      "Ask whoever sends the feature for its unit; convert it back before the model, and answer the rows again.",
  },
  "upstream.schema-change": {
    title: "A feature is gone, or written in another way",
    what: "A feature that had values has none any more or lost most of them, nearly all of its categories are unknown, or callers send fields that the contract does not have.",
    owner: "clause",
    severity: "blocking",
    action: "Compare what is sent with the contract; bring the column back, or agree on a new version.",
  },
  "upstream.stale-feed": {
    title: "A feature stands still",
    what: "Values that moved from window to window stay what they were: the feed behind them has stopped.",
    owner: "clause",
    severity: "blocking",
    action: "Restart the feed; until then treat the answers as made without this feature.",
  },
  "contract.missing": {
    title: "A value is missing that may not be",
    what: "Rows were rejected because a feature that must be there was not.",
    owner: "clause",
    severity: "warning",
    action: "Mend the caller, or allow the value to be missing in the next version.",
  },
  "contract.type": {
    title: "A value of another kind",
    what: "Rows were rejected because a value cannot be read as what the contract says: another type or shape, not finite, too long.",
    owner: "clause",
    severity: "warning",
    action: "Mend the caller: the replies name field, expected and received.",
  },
  "contract.range": {
    title: "A value outside its hard range",
    what: "Rows were rejected because a number is outside what the contract allows.",
    owner: "clause",
    severity: "warning",
    action: "Find out whether the value is wrong or the range too narrow.",
  },
  "contract.category": {
    title: "A category that the contract does not know",
    what: "Rows hold a value that is not among the listed ones; they were rejected, or answered and marked.",
    owner: "clause",
    severity: "warning",
    action:
      "Find out whether it is a mistake or a new category; a new one wants a new version, or a limitation that says so.",
  },
  "contract.rule": {
    title: "A rule between features does not hold",
    what: "Rows were rejected because they break a rule of the contract, or because it could not be evaluated.",
    owner: "clause",
    severity: "warning",
    action: "Look at the features that the rule names in the rejected rows.",
  },
  "label.unmatched": {
    title: "Labels without a prediction",
    what: "A share of the labels has a name that no answered prediction has.",
    owner: "runs",
    severity: "warning",
    action: "Check that labels carry the contract's labels.key, and that all observation folders were named.",
  },
  "label.conflict": {
    title: "Labels that contradict each other",
    what: "A share of the labels was changed by a later row; the last one counts.",
    owner: "runs",
    severity: "warning",
    action: "Ask whoever sends the labels whether corrections are meant.",
  },
  "label.late": {
    title: "Labels come later than promised",
    what: "Labels arrive after the contract's labels.arrive-after, or windows that should have them do not.",
    owner: "runs",
    severity: "warning",
    action:
      "Speed the feed of labels up, or raise labels.arrive-after: performance of windows counts as mature too early.",
  },
  "label.duplicated": {
    title: "Labels that come twice",
    what: "A share of the labels says the same of the same prediction again; each counts once.",
    owner: "runs",
    severity: "note",
    action: "Nothing is counted twice; mend the feed of labels when convenient.",
  },
  "runtime.time-out": {
    title: "Calls that took too long",
    what: "Calls got an error because they were not answered in time.",
    owner: "runs",
    severity: "warning",
    action: "Look at load and hardware; add replicas.",
  },
  "runtime.overload": {
    title: "Calls that were turned away",
    what: "Calls got an error because too many were under way, or because they were too large.",
    owner: "runs",
    severity: "warning",
    action: "Add replicas, or let callers slow down.",
  },
  "runtime.crash": {
    title: "Calls that failed",
    what: "Calls got an error that is a fault of the server or the model's runtime.",
    owner: "runs",
    severity: "blocking",
    action: "Look at the server's log at these times; roll back if it goes on.",
  },
  "output.clause": {
    title: "Answers that break the contract",
    what: "Answers were withheld because they are outside what an output clause promises, not numbers, or could not be computed.",
    owner: "clause",
    severity: "blocking",
    action: "Return the rows with baton return: the model does what its contract excludes.",
  },
  "output.shift": {
    title: "Answers changed, and what they are made from did not",
    what: "The distribution of an output changed at once or drifts while no feature does: another model, runtime or post-processing answers.",
    owner: "runs",
    severity: "blocking",
    action: "Compare what is deployed with the baton (baton verify, baton test); roll back if they differ.",
  },
  "quality.slice-regression": {
    title: "One part of the traffic is answered worse than before",
    what: "On one slice mature performance fell, on the rest it did not.",
    owner: "builds",
    severity: "warning",
    action: "Look at the slice's rows and labels; name it as a limitation, or train on it anew.",
  },
  "drift.concept": {
    title: "The same rows have come to mean something else",
    what: "Mature performance fell beyond chance while the features did not change: the relation that the model learnt is another one now.",
    owner: "builds",
    severity: "warning",
    action: "Look at labels first, then train on newer rows.",
  },
  "output.calibration": {
    title: "Probabilities that do not come true",
    what: "The level of the answers left the level of the labels, while their order is as good as before.",
    owner: "builds",
    severity: "warning",
    action: "Calibrate the scores anew on newer labels; check thresholds that decisions rest on.",
  },
  "drift.covariate": {
    title: "What the model is given has changed",
    what: "The detectors call drift on a feature, and no fault of the feed explains it.",
    owner: "clause",
    severity: "warning",
    action: "Look at performance on the newest mature windows; train on newer rows if it falls.",
  },
  "limitation.by-design": {
    title: "Rows that a limitation speaks of",
    what: "Rows were rejected or marked by the clause that keeps a declared limitation: it works as agreed.",
    owner: "clause",
    severity: "note",
    action: "Nothing, unless there are more of them than the teams expected: then review the limitation.",
  },
  "limitation.expected": {
    title: "Wrong answers that no fault explains",
    what: "Predictions turned out wrong while no fault and no drift is known: a model with such scores is wrong so often.",
    owner: "builds",
    severity: "note",
    action:
      "Nothing while about as many are wrong as the scores expect; where many more are, look for what changed that no feature shows.",
  },
} as const satisfies Readonly<Record<string, ErrorClass>>;

/** Name of a class. */
export type ErrorClassName = keyof typeof errorClasses;

/** Position in the taxonomy: causes have a smaller one than what they bring about. */
export function rankOf(name: ErrorClassName): number {
  return classNames.indexOf(name);
}

/** All names, causes first. */
export const classNames = Object.keys(errorClasses) as readonly ErrorClassName[];
