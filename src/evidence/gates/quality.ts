import type { Contract } from "../../contract/index.ts";
import type { SliceResult } from "../evidence.ts";
import { counted, type Judgement } from "../evidence-item.ts";
import { metricNames, metricOf, rowsOf, type Sample } from "../metrics/index.ts";
import { type ScoredRows, sampleWhere } from "../rows/scored-rows.ts";
import { slicesBy } from "./slices.ts";

const reason = "reported, judged by no gate";

/** All metrics on the joint set, and in each slice that the contract names: reported, never judged. */
export function qualityReports(contract: Contract, joint: ScoredRows): Judgement[] {
  const all = sampleWhere(joint);
  const whole: Judgement = {
    clause: "quality",
    test: "quality",
    outcome: "not-applicable",
    reason,
    message: `All metrics on ${counted(rowsOf(all), "joint row")}.`,
    measured: measuredOf(contract, all),
  };
  return [whole, ...contract.slices.flatMap((name) => sliceReport(contract, joint, name))];
}

function sliceReport(contract: Contract, joint: ScoredRows, name: string): Judgement[] {
  const cut = slicesBy(
    contract.features.find((feature) => feature.name === name),
    name,
    joint.table,
  );
  const base = { clause: `quality.${name}`, test: "quality" } as const;
  if ("problem" in cut)
    return [
      { ...base, outcome: "not-run", reason: cut.problem, message: `Quality by ${name} was not measured.` },
    ];
  const slices = cut.slices.map(({ slice, rows }): SliceResult => {
    const sample = sampleWhere(joint, rows);
    const measured = measuredOf(contract, sample);
    return { slice, rows: rowsOf(sample), outcome: "not-applicable", measured };
  });
  return [
    {
      ...base,
      outcome: "not-applicable",
      reason,
      message: `Quality in ${counted(slices.length, "slice")} of ${name}.`,
      slices,
    },
  ];
}

function measuredOf(contract: Contract, sample: Sample): Record<string, number> {
  const { task } = contract.model;
  return Object.fromEntries(
    metricNames(task).flatMap((name) => {
      const value = metricOf(task, name)?.(sample) ?? null;
      return value === null ? [] : [[name, value] as const];
    }),
  );
}
