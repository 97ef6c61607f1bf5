import type { Finding } from "../../kernel/index.ts";
import type { Check, CheckFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { isProblem, type TableFacts } from "./data-probe.ts";
import { bothTeams, builderOnly } from "./findings/places.ts";
import { tellsApart } from "./leakage.ts";
import { place, placeOfFeature, readsOf } from "./reading.ts";

/** ROC AUC of one feature alone from which leakage is suspected. */
export const suspiciousAuc = 0.99;
/** Absolute correlation with a numeric label from which leakage is suspected. */
export const suspiciousCorrelation = 0.999;
/** Share of rows that are allowed to coincide beyond chance. */
const slackShare = 0.001;

/** The joint set against the training data. */
export const jointAgainstTrainingCheck: Check = {
  name: "joint.training",
  title: "The joint set shares no row with training and is later",
  codes: ["joint.shared-rows", "joint.earlier"],
  where: builderOnly,
  reads: (facts) => readsOf(facts, ["features", "training", "joint"]),
  notApplicable: (facts) =>
    facts.contract.data.training === undefined || facts.contract.data.joint === undefined
      ? "The contract does not name both training data and a joint set."
      : undefined,
  run(facts) {
    const training = usable(facts.training);
    const joint = usable(facts.joint);
    if (!training || !joint) return [];
    return [...sharedRows(facts, training, joint), ...earlier(facts, training, joint)];
  },
};

/** Features that know the answer. */
export const leakageCheck: Check = {
  name: "joint.leakage",
  title: "No feature predicts the label too well",
  codes: ["joint.label-copied", "joint.leak"],
  where: bothTeams,
  reads: (facts) => readsOf(facts, ["features", "training", "joint"]),
  notApplicable: (facts) =>
    facts.contract.data.label === undefined ? "The contract names no label." : undefined,
  run: leakFindings,
};

function usable(facts: CheckFacts["joint"]): TableFacts | undefined {
  return facts && !isProblem(facts) && facts.rows > 0 ? facts : undefined;
}

function sharedRows(facts: CheckFacts, training: TableFacts, joint: TableFacts): Finding[] {
  const overlap = facts.overlap;
  if (!overlap) return [];
  const at = place(facts, "data.joint");
  if (overlap.byKey && overlap.byKey.count > 0)
    return [
      finding("joint.shared-rows", {
        ...at,
        message: `${overlap.byKey.count} of ${joint.rows} joint rows have a "${facts.contract.data.key}" that is in the training data (the first is row ${overlap.byKey.row}).`,
      }),
    ];
  // R repeats in N rows: a further row of the same kind meets one of them by chance with a share of about 2R/N.
  const allowed = (2 * overlap.trainingRepeats) / training.rows + slackShare;
  if (overlap.byContent / joint.rows <= allowed) return [];
  return [
    finding("joint.shared-rows", {
      ...at,
      message: `${overlap.byContent} of ${joint.rows} joint rows are in the training data with the same features and label.`,
    }),
  ];
}

function earlier(facts: CheckFacts, training: TableFacts, joint: TableFacts): Finding[] {
  if (!training.time || !joint.time || joint.time.first > training.time.last) return [];
  return [
    finding("joint.earlier", {
      ...place(facts, "data.joint"),
      expected: `after ${training.time.last}`,
      received: joint.time.first,
      message: `The joint set begins ${joint.time.first}; training ends ${training.time.last}.`,
    }),
  ];
}

/** The joint set speaks; training speaks where there is no usable joint set. */
function leakFindings(facts: CheckFacts): Finding[] {
  const table = usable(facts.joint) ?? usable(facts.training);
  const { label, key } = facts.contract.data;
  if (!table) return [];
  return facts.contract.features.flatMap((feature) => {
    const values = table.features.get(feature.name);
    if (!values || feature.name === label || feature.name === key) return [];
    const at = placeOfFeature(facts, feature);
    const apart = tellsApart(feature, values, table);
    if (apart.certain)
      return [
        finding("joint.label-copied", {
          ...at,
          message: `"${feature.name}" alone gives the label "${label}" of all ${table.rows} rows.`,
        }),
      ];
    const correlation = Math.abs(values.correlation ?? 0);
    if (apart.auc <= suspiciousAuc && correlation <= suspiciousCorrelation) return [];
    const shown =
      apart.auc > suspiciousAuc
        ? `a ROC AUC of ${apart.auc.toFixed(4)}`
        : `a correlation of ${correlation.toFixed(5)}`;
    return [
      finding("joint.leak", {
        ...at,
        received: shown,
        message: `"${feature.name}" ${apart.byMissing ? "being missing " : ""}alone predicts the label "${label}" with ${shown}.`,
      }),
    ];
  });
}
