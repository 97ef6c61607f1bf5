import type { Finding } from "../../kernel/index.ts";
import type { Check, CheckFacts } from "./check.ts";
import { type CheckCode, finding } from "./checks-findings.ts";
import type { TableFacts } from "./data-probe.ts";
import { bothTeams, builderOnly } from "./findings/places.ts";
import { columnRoleFindings } from "./label-findings.ts";
import { place, readsOf } from "./reading.ts";
import { type DataFile, featureFindings, fileFindings } from "./table-findings.ts";

const codes: readonly CheckCode[] = [
  "data.missing-file",
  "data.unreadable",
  "data.empty",
  "data.column-missing",
  "data.column-type",
  "data.column-empty",
  "data.value-type",
  "data.missing-values",
  "data.out-of-range",
  "data.unknown-category",
  "data.outside-expected",
  "data.label-missing",
  "data.label-values",
  "data.label-one-class",
  "data.key-missing",
  "data.key-not-unique",
  "data.time-missing",
];

/** Fewer joint rows than this decide gates by chance. */
export const fewestJointRows = 200;
/** Fewer rows of one class than this leave every metric to a handful of rows. */
export const fewestOfAClass = 30;

/** The contract against the data that the model learnt from. */
export const trainingDataCheck: Check = {
  name: "data.training",
  title: "Training data keeps the contract",
  codes,
  where: builderOnly,
  reads: (facts) => readsOf(facts, ["features", "data", "training"]),
  notApplicable: (facts) =>
    facts.contract.data.training === undefined ? "The contract names no training data." : undefined,
  run: (facts) => tableFindings(facts, trainingFile(facts)),
};

/** The contract against the data that both teams test on. */
export const jointDataCheck: Check = {
  name: "data.joint",
  title: "The joint set keeps the contract and is large enough",
  codes: [...codes, "joint.too-few-rows", "joint.rare-class", "joint.no-slice"],
  where: bothTeams,
  reads: (facts) => readsOf(facts, ["features", "joint"]),
  notApplicable: (facts) =>
    facts.contract.data.joint === undefined ? "The contract names no joint set." : undefined,
  run(facts) {
    const file = jointFile(facts);
    const { table } = file ? fileFindings(facts, file) : {};
    return [...tableFindings(facts, file), ...(table ? sizeFindings(facts, table) : [])];
  },
};

/** The training file, where it was looked at. */
export function trainingFile(facts: CheckFacts): DataFile | undefined {
  const path = facts.contract.data.training;
  return path !== undefined && facts.training
    ? { path, at: "data.training", facts: facts.training }
    : undefined;
}

/** The joint set, where it was looked at. */
export function jointFile(facts: CheckFacts): DataFile | undefined {
  const path = facts.contract.data.joint;
  return path !== undefined && facts.joint ? { path, at: "data.joint", facts: facts.joint } : undefined;
}

function tableFindings(facts: CheckFacts, file: DataFile | undefined): Finding[] {
  if (!file) return [];
  const { findings, table } = fileFindings(facts, file);
  if (!table) return findings;
  return [...featureFindings(facts, file, table), ...columnRoleFindings(facts, file, table)];
}

function sizeFindings(facts: CheckFacts, table: TableFacts): Finding[] {
  const at = place(facts, "data.joint");
  if (table.rows < fewestJointRows)
    return [
      finding("joint.too-few-rows", {
        ...at,
        expected: `at least ${fewestJointRows} rows`,
        received: `${table.rows} rows`,
        message: `The joint set has ${table.rows} rows.`,
      }),
    ];
  return [...rareClass(facts, table), ...sliceFindings(facts, table)];
}

function rareClass(facts: CheckFacts, table: TableFacts): Finding[] {
  const label = table.label;
  if (!label || facts.contract.model.task !== "binary-classification") return [];
  const rarer = Math.min(label.positive, label.negative);
  if (rarer === 0 || rarer >= fewestOfAClass) return [];
  return [
    finding("joint.rare-class", {
      ...place(facts, "data.joint"),
      expected: `at least ${fewestOfAClass} rows of each class`,
      received: `${rarer} rows`,
      message: `Only ${rarer} of ${table.rows} joint rows have the label ${label.positive < label.negative ? "true" : "false"}.`,
    }),
  ];
}

function sliceFindings(facts: CheckFacts, table: TableFacts): Finding[] {
  return facts.contract.gates.flatMap((gate, i) => {
    const groups = gate.by === undefined ? undefined : table.groups.get(gate.by);
    if (!groups || groups.some((group) => group.rows >= gate.minimumRows)) return [];
    return [
      finding("joint.no-slice", {
        ...place(facts, `gates[${i}].by`),
        clause: `gates.${gate.id}`,
        expected: `a value of "${gate.by}" with at least ${gate.minimumRows} rows`,
        received: `at most ${groups[0]?.rows ?? 0} rows`,
        message: `Gate "${gate.id}" slices by "${gate.by}", whose largest slice has ${groups[0]?.rows ?? 0} joint rows.`,
      }),
    ];
  });
}
