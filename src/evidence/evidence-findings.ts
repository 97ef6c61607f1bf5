import { type FindingCatalogue, findingMaker } from "../kernel/index.ts";

const everywhere = ["builder", "acceptor"] as const;

/** What tests and benchmarks can find, one page each. */
export const evidenceFindings = {
  "evidence.gate-missed": {
    title: "The model misses a gate",
    what: "The expression of a gate does not hold for the metrics of the joint set, or of one of its slices.",
    why: "A gate is the quality that both teams agreed on before they saw the model.",
    mend: "Improve the model, or agree on another gate: its owner must accept it again.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.gate-undecided": {
    title: "A gate cannot be judged",
    what: "A metric that the gate names has no value here: too few rows, one class only, no threshold, no labels.",
    why: "What could not be measured has not been shown, and is never counted as passed.",
    mend: "Give the joint set more rows of that kind, lower `minimum-rows`, or restrict the gate with `where`.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.answers-withheld": {
    title: "The model's answers break an output clause",
    what: "For rows of the joint set the model gave NaN, an infinity, or a value outside the output's range.",
    why: "Such answers are withheld in production; quality measured on the other rows would flatter the model.",
    mend: "Mend the model, or widen the output's range if such answers are right.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.rows-left-out": {
    title: "Rows of the joint set were not judged",
    what: "Rows that break a hard clause of the contract, or have no label, do not enter the metrics.",
    why: "The metrics speak only about the rows that are left; many left out say that contract and data disagree.",
    mend: "Look at the rows by `baton check`, and mend the data or the clause that rejects them.",
    severity: "note",
    where: everywhere,
  },
  "evidence.behaviour-broken": {
    title: "The model does not behave as declared",
    what: "After the declared change of features, too few rows answer as the behaviour expects.",
    why: "A behaviour is common sense that the model must keep, whatever its metrics are.",
    mend: "Look at the counter-examples, then constrain the model (monotonic features, say) or correct the behaviour.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.not-enforced": {
    title: "A clause that should be enforced is not",
    what: "A row that breaks the clause on purpose was answered, or was rejected by another clause.",
    why: "The contract promises callers and operators that such rows never reach the model.",
    mend: "Report this with the clause: the validator and the contract disagree.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.prediction-differs": {
    title: "The model answers a golden row differently",
    what: "The prediction for a golden row differs from the recorded one by more than the tolerance.",
    why: "The model that is handed over is not the one whose quality was shown; conversions often do this.",
    mend: "Convert the model again, compare types and missing values of that row, or justify a wider tolerance.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.feature-differs": {
    title: "A feature comes out differently",
    what: "The transformation of the raw columns of a golden row gives another value than the recorded feature.",
    why: "Training and serving would see different values for the same event (training-serving skew).",
    mend: "Compare the two computations for the row that is named; float32 features are compared as float32.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.golden-unusable": {
    title: "A layer of the golden rows is missing",
    what: "The golden rows lack columns of a layer that the contract names, or their types do not fit.",
    why: "Without the layer nothing can be compared, and parity is only a claim.",
    mend: "Write the columns `raw.…`, `features.…`, `prediction.…`, or take the layer out of `golden.layers`.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.budget-missed": {
    title: "The model is slower than its budget",
    what: "A percentile of latency, the throughput or the memory is beyond what the budget allows on its hardware.",
    why: "The budget is what the running team planned machines for.",
    mend: "Make the model smaller or agree on another budget: its owner must accept it again.",
    severity: "blocking",
    where: everywhere,
  },
  "evidence.challenger-worse": {
    title: "The new version is worse on fresh rows",
    what: "On labelled rows that came after the running version was made, the whole 95 % interval of the difference is on the wrong side.",
    why: "A request asks for a version that does better on what happens now; the one that runs does.",
    mend: "Return the version; or let the owner of the trigger that asked waive it for a time: baton waive FILE --clause retrain.ID.",
    severity: "blocking",
    where: ["acceptor"],
  },
} as const satisfies FindingCatalogue;

/** Makes one finding of this stage. */
export const evidenceFinding = findingMaker(evidenceFindings);
