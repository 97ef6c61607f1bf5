import type { FindingCatalogue } from "../../kernel/index.ts";
import { page } from "../finding-page.ts";

/** What can contradict itself inside a contract. */
export const consistencyFindings = {
  "contract.duplicate-id": page("blocking", "One id twice", {
    what: "Two clauses of one kind have the same id, or two features or outputs the same name.",
    why: "Evidence and sign-off bind to ids.",
    mend: "Rename one of them.",
  }),
  "contract.unknown-name": page("blocking", "A name that does not exist", {
    what: "The contract names a feature, output or role that is not in it.",
    why: "What it says about that name could never be kept.",
    mend: "Name one that exists.",
  }),
  "contract.expression": page("blocking", "Expression that cannot be evaluated", {
    what: "An expression does not parse, names something unknown, or gives the wrong type.",
    why: "It would fail when it is needed.",
    mend: "Mend the expression; see docs/reference/expressions.md.",
  }),
  "contract.expression-constant": page("warning", "Expression that says nothing", {
    what: "An expression names nothing, so it is the same for every row or run.",
    why: "A promise that cannot be broken shows nothing.",
    mend: "Compare a name with something, or remove it.",
  }),
  "contract.range-empty": page("blocking", "Bounds in the wrong order", {
    what: "The low bound is above the high bound, or both are open.",
    why: "Nothing, or everything, would be inside.",
    mend: "Write the smaller bound first; leave the key out for no bounds.",
  }),
  "contract.expected-outside-range": page("blocking", "Expected outside the hard range", {
    what: "Soft bounds reach further than the hard bounds.",
    why: "A value would be expected and rejected.",
    mend: "Narrow `expected`, or widen `range`.",
  }),
  "contract.range-on-text": page("blocking", "Bounds on text", {
    what: "A feature or output that is text or boolean has numeric bounds.",
    why: "They could never be checked.",
    mend: "Use `values` for text; leave bounds out for booleans.",
  }),
  "contract.range-digits": page("blocking", "Bounds that the type cannot hold", {
    what: "A whole-number type has a bound with a fraction, or outside of what it can hold.",
    why: "The bound would be rounded when it is checked.",
    mend: "Write a whole number inside the type's bounds.",
  }),
  "contract.values-on-number": page("blocking", "Categories on a float", {
    what: "`values` stands on a float or boolean feature.",
    why: "Floats are not equal often enough to be categories.",
    mend: "Use `range` or `expected`, or make the feature text or a whole number.",
  }),
  "contract.values-not-integers": page("blocking", "Category of the wrong type", {
    what: "A whole-number feature has a category that is not a whole number of its type.",
    why: "No value could ever be it.",
    mend: "Write whole numbers.",
  }),
  "contract.values-duplicate": page("blocking", "One category twice", {
    what: "A category stands twice in `values`.",
    why: "Counters and encodings would count it twice.",
    mend: "Keep one.",
  }),
  "contract.unknown-without-values": page("warning", "`unknown` without `values`", {
    what: "The feature says what happens to unknown categories, and lists none.",
    why: "Every value is then known.",
    mend: "List `values`, or remove `unknown`.",
  }),
  "contract.missing-as-absent": page("blocking", "Missing allowed without a stand-in", {
    what: "A feature whose type has no NaN may be missing, and nothing says what the model is given then.",
    why: "Text, whole numbers and booleans have no missing value in a tensor.",
    mend: "Add `missing-as`, or write `missing: reject`.",
  }),
  "contract.missing-as-type": page("blocking", "Stand-in of the wrong type", {
    what: "`missing-as` is not a value of the feature's type.",
    why: "The model could not be given it.",
    mend: "Write a value of the feature's type.",
  }),
  "contract.missing-as-unused": page("warning", "Stand-in that is never used", {
    what: "`missing-as` is given, and missing values are rejected.",
    why: "One of the two is not meant.",
    mend: "Write `missing: allowed`, or remove `missing-as`.",
  }),
  "contract.shape-unsupported": page("blocking", "Promise on a tensor that is kept for scalars only", {
    what: "A feature or output with a shape has `values`, `missing: allowed`, or a threshold.",
    why: "Missing values, categories and decisions are defined for one value a row.",
    mend: "Remove it, or make the feature a scalar.",
  }),
  "contract.label-is-feature": page("blocking", "The label is a feature", {
    what: "The column of the truth is also an input of the model.",
    why: "The model would be told what it must predict.",
    mend: "Remove the feature, or name the right label.",
  }),
  "contract.key-is-feature": page("blocking", "The key is a feature", {
    what: "The column that names a row is also an input of the model.",
    why: "A model that sees row names learns the rows by heart.",
    mend: "Remove the feature, or name the right key.",
  }),
  "contract.threshold-outside": page("blocking", "Threshold outside the output's range", {
    what: "The decision threshold is outside the range of the output.",
    why: "Every decision would be the same.",
    mend: "Write a threshold inside the range.",
  }),
  "contract.version": page("blocking", "Not a semantic version", {
    what: "The version is not MAJOR.MINOR.PATCH.",
    why: "Callers read from the version whether a change breaks them.",
    mend: "Write three numbers: 1.0.0.",
  }),
  "contract.duration": page("blocking", "A duration that makes no sense", {
    what: "A duration is zero, longer than ten years, or not in the written form.",
    why: "Nothing could be done by it.",
    mend: "Write a number and a unit: 50ms, 30s, 5min, 2h, 7d, 4w.",
  }),
  "contract.budget-empty": page("blocking", "Budget without a bound", {
    what: "The budget names hardware, and neither a latency nor a rate.",
    why: "There is nothing to measure against.",
    mend: "Add p99, p95 or p50, or at.",
  }),
  "contract.budget-order": page("blocking", "Latency bounds in the wrong order", {
    what: "A lower percentile has a larger bound than a higher one.",
    why: "The lower bound could never be reached first.",
    mend: "Make p50 ≤ p95 ≤ p99.",
  }),
  "contract.review-order": page("warning", "First review after the second", {
    what: "The first review comes later than the cadence.",
    why: "The first weeks are when most goes wrong.",
    mend: "Make `first` at most `every`.",
  }),
  "contract.windows": page("blocking", "m of k windows", {
    what: "`for` asks for more windows than it looks at, or for none.",
    why: "The trigger could never fire, or always.",
    mend: "Write m of k with 1 ≤ m ≤ k ≤ 100.",
  }),
  "contract.kept-by-unknown": page("blocking", "`kept-by` names no clause", {
    what: "A limitation says that a clause keeps it, and there is no such clause.",
    why: "A claim that nothing keeps is a claim nobody can rely on.",
    mend: "Name a clause (`baton clauses` lists them) or write `stated`.",
  }),
  "contract.address": page("blocking", "Address that cannot be used", {
    what: "The URL of a model server is not http(s), or holds credentials.",
    why: "It would be sealed and read by everyone.",
    mend: "Write https://HOST/ without user and password; give secrets in ops/.",
  }),
  "contract.answer-type": page("blocking", "Stand-in answer outside the output", {
    what: "The constant answer on failure is not a value that the first output may have.",
    why: "Callers would be given what the contract excludes.",
    mend: "Write `none`, or a value inside the output's range.",
  }),
  "contract.golden-layers": page("blocking", "Golden rows without a prediction", {
    what: "`layers` does not name `prediction`.",
    why: "Parity is shown on predictions.",
    mend: "Add prediction to layers.",
  }),
  "contract.confidence-unused": page("warning", "Confidence without a comparison", {
    what: "A gate has `confidence` and compares with no previous version.",
    why: "Confidence is of a paired comparison with `previous.`; a fixed threshold has none.",
    mend: "Compare with `previous.METRIC`, or remove confidence.",
  }),
  "contract.budget-hardware": page("blocking", "Hardware without CPU or memory", {
    what: "The budget names zero CPUs or no memory.",
    why: "Nothing can be measured on it.",
    mend: "Write CPUs and memory: 1cpu-512Mi.",
  }),
  "contract.false-alarms": page("blocking", "No false alarm allowed", {
    what: "`false-alarms` allows none.",
    why: "A monitor that may never be wrong may never speak.",
    mend: "Write how many a team can bear: 1 per 90d.",
  }),
  "contract.strata": page("blocking", "Strata that windows cannot be compared within", {
    what: "`watch.strata` names neither a cycle of the calendar that `watch.window` fits into, nor a feature with categories that is not sensitive.",
    why: "A window can be compared with what is like it only where its rows say which stratum they are of.",
    mend: "Write hour-of-day or hour-of-week (windows up to 1h), day-of-week or month-of-year (windows up to 1d), or the name of a feature with categories.",
  }),
  "contract.scores-too-short": page("warning", "Scores go before their labels come", {
    what: "`watch.keep.scores` is shorter than `labels.arrive-after`.",
    why: "A label that finds no prediction says nothing about quality.",
    mend: "Keep scores at least as long as labels take.",
  }),
  "contract.version-too-low": page("blocking", "Version too low for what changed", {
    what: "The new version is smaller than the change from the old one needs.",
    why: "Callers read from the version whether a change breaks them.",
    mend: "Raise the version; `baton diff OLD NEW` says to what.",
  }),
} as const satisfies FindingCatalogue;
