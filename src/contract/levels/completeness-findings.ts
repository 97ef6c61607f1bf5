import type { FindingCatalogue } from "../../kernel/index.ts";
import { page } from "../finding-page.ts";

/** What a level asks for and a contract may lack. */
export const completenessFindings = {
  "contract.needs-model": page("blocking", "No model", {
    what: "The level is above sketch, and `run` does not say what executes the model.",
    why: "There is nothing to hand over.",
    mend: "Add run: { onnx: model/NAME.onnx }.",
  }),
  "contract.needs-output": page("blocking", "No output", {
    what: "The contract names no output.",
    why: "Callers integrate against outputs.",
    mend: "Add output: { name: …, range: [0, 1] }.",
  }),
  "contract.needs-owner": page("blocking", "No owner", {
    what: "`owners` does not name who builds or who runs, or a role that a clause names has no address.",
    why: "A promise without an owner is kept by nobody.",
    mend: "Add the role and its address to owners.",
  }),
  "contract.needs-use": page("blocking", "No use", {
    what: "`use` says too little: what the model is for, and what it is never for.",
    why: "A model is most often harmful outside of what it was made for.",
    mend: "Write a sentence on what it is for and one on what it is never for.",
  }),
  "contract.needs-joint-set": page("blocking", "No joint set", {
    what: "`data.joint` does not name the data that both teams test on.",
    why: "Numbers that only one side can compute are not shown to the other.",
    mend: "Add data: { joint: data/joint.parquet }.",
  }),
  "contract.needs-training": page("warning", "No training data named", {
    what: "`data.training` does not name the training data.",
    why: "The profile, and with it drift, starts from it.",
    mend: "Add data: { training: data/train.parquet }.",
  }),
  "contract.needs-label": page("blocking", "No label", {
    what: "`data.label` does not name the column of the truth.",
    why: "Quality on the joint set needs the truth.",
    mend: "Add data: { label: … }.",
  }),
  "contract.needs-lock": page("blocking", "No lock", {
    what: "Nothing names the lock of the environment in which the model was made.",
    why: "A result that cannot be made again cannot be mended.",
    mend: "Add lock: requirements.lock (pinned with hashes), or uv.lock.",
  }),
  "contract.needs-golden": page("blocking", "No golden rows", {
    what: "`golden` does not name rows with the prediction of the original pipeline.",
    why: "Parity between the two sides is shown on them.",
    mend: "Add golden: { rows: golden/rows.parquet }.",
  }),
  "contract.needs-gates": page("blocking", "No gate", {
    what: "No gate says how good the model must be.",
    why: "Without one any model would do.",
    mend: 'Add gates: ["roc_auc >= 0.7"] or what fits the task.',
  }),
  "contract.needs-budget": page("blocking", "No budget", {
    what: "No budget says how fast, at which load, on which hardware.",
    why: "Engineers find out in production otherwise.",
    mend: "Add budget: { p99: 50ms, at: 20/s, hardware: 1cpu-512Mi }.",
  }),
  "contract.needs-on-failure": page("blocking", "Nothing said about failure", {
    what: "`on-failure` does not say what is answered when the model cannot.",
    why: "It will fail, and callers must know what comes then.",
    mend: "Add on-failure: { answer: none, caller: … }.",
  }),
  "contract.needs-labels": page("warning", "Nothing said about labels", {
    what: "`labels` does not say how and when the truth comes back.",
    why: "Quality in production cannot be measured without it.",
    mend: "Add labels: { key: request_id, arrive-after: 10d }.",
  }),
  "contract.missing-undecided": page("blocking", "Nobody said whether values may be missing", {
    what: "Features do not say `missing: allowed` or `missing: reject`; they are read as reject.",
    why: "Callers are turned away by it, or the model is given what it never saw.",
    mend: "Write allowed or reject in `missing` for each of them.",
  }),
  "contract.needs-unit": page("blocking", "No unit", {
    what: "Numeric features or outputs have no unit (`1` for none).",
    why: "A change from miles to kilometres breaks no type and every prediction.",
    mend: "Write the unit; `1` where there is none.",
  }),
  "contract.needs-meaning": page("blocking", "No meaning", {
    what: "Features say neither how they are measured nor why they matter, or outputs not what they mean.",
    why: "Who runs the model must be able to tell a broken value from a strange one.",
    mend: "Write `how` and `why` for features, `meaning` for outputs.",
  }),
  "contract.needs-available": page("warning", "Nothing said about when features are known", {
    what: "Features do not say when their value is known.",
    why: "A value that is known only after the event works in training and never in production.",
    mend: "Write `available: request`, or the duration after the event.",
  }),
  "contract.sensitive-undecided": page("blocking", "Nobody said whether features are sensitive", {
    what: "Features do not say `sensitive: true` or `sensitive: false`.",
    why: "Sensitive values never go to logs, errors or samples.",
    mend: "Write true or false in `sensitive` for each of them.",
  }),
  "contract.needs-rules": page("blocking", "No rule", {
    what: "No rule relates features to one another.",
    why: "Values that are each possible can be impossible together.",
    mend: 'Add a rule: { id: …, assert: "origin != dest" }.',
  }),
  "contract.needs-limitations": page("blocking", "No limitation", {
    what: "No limitation says what the model cannot do.",
    why: "Every model has some; those that nobody names are found by customers.",
    mend: "Add limitations with `kept-by`.",
  }),
  "contract.needs-slices": page("blocking", "No slice", {
    what: "Neither `slices` nor a gate with `by` looks at parts of the data.",
    why: "A good average hides groups for which the model is bad.",
    mend: "Add slices: [FEATURE] or `by:` on a gate.",
  }),
  "contract.needs-behaviours": page("blocking", "No behaviour", {
    what: "No behaviour says how the output must answer to a change.",
    why: "Averages on past data say nothing on sense.",
    mend: "Add a behaviour: { id: …, set: …, expect: … }.",
  }),
  "contract.needs-retention": page("blocking", "No retention", {
    what: "`data.retention` does not say how long requests may be kept.",
    why: "Personal data may not be kept for ever, and labels need some of it.",
    mend: "Add data: { retention: 90d }.",
  }),
  "contract.needs-drift-policy": page("blocking", "No drift policy", {
    what: "`watch` does not say how changes are noticed.",
    why: "Models do not fail loudly.",
    mend: "Add watch: { window: 1d, false-alarms: 1 per 90d }.",
  }),
  "contract.needs-roll-back": page("blocking", "No way back", {
    what: "`roll-back` does not say to what, and how.",
    why: "At night nobody invents it.",
    mend: "Add roll-back: { to: previous, steps: … }.",
  }),
  "contract.needs-on-call": page("blocking", "Nobody on call", {
    what: "`owners` does not name who is called.",
    why: "At night nobody looks for it.",
    mend: "Add on-call: ADDRESS to owners.",
  }),
  "contract.needs-review": page("blocking", "No review", {
    what: "`review` does not say when both teams look again.",
    why: "What nobody looks at gets worse.",
    mend: "Add review: { first: 7d, every: 30d }.",
  }),
  "contract.needs-trigger": page("warning", "No trigger", {
    what: "No trigger says when the next version is asked for.",
    why: "Drift that has no consequence is noise.",
    mend: "Add retrain: [{ id: …, when: … }].",
  }),
  "contract.needs-licence": page("warning", "No licence or source", {
    what: "`model.licence` or `data.licence` does not say under which terms it is used.",
    why: "What may be used must be known before it is.",
    mend: "Add licence: to model and to data.",
  }),
} as const satisfies FindingCatalogue;
