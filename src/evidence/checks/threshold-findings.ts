import { canonicalJson, type Finding } from "../../kernel/index.ts";
import { alarmBudget, type Profile, profileColumns, type ThresholdTable } from "../../profile/index.ts";
import type { CheckFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";

/** The drift thresholds of a profile are there where the contract has a drift policy, and are for its budget and columns. */
export function thresholdFindings(
  { contract, positionOf }: CheckFacts,
  { thresholds, outputs }: Pick<Profile, "thresholds"> & { readonly outputs?: unknown },
): Finding[] {
  const budget = alarmBudget(contract);
  if (!budget) return [];
  const place = { clause: "watch", path: "watch.false-alarms", ...positionOf("watch.false-alarms") };
  if (!thresholds)
    return [
      finding("profile.not-calibrated", {
        ...place,
        message: "The profile has no drift thresholds for watch.false-alarms.",
      }),
    ];
  const columns = profileColumns(contract);
  const judged = [...columns.features, ...(outputs === undefined ? [] : columns.outputs)];
  const names = judged.map(({ name }) => name);
  const shown = ({ alarms, windows }: typeof budget) => `${alarms} alarm in ${windows} windows`;
  if (canonicalJson(thresholds.budget) !== canonicalJson(budget))
    return [
      finding("profile.thresholds-stale", {
        ...place,
        expected: shown(budget),
        received: shown(thresholds.budget),
        message: `The drift thresholds were calibrated to ${shown(thresholds.budget)}, and the contract allows ${shown(budget)}.`,
      }),
    ];
  if (canonicalJson(thresholds.columns) !== canonicalJson(names))
    return [
      finding("profile.thresholds-stale", {
        ...place,
        message: "The drift thresholds were calibrated for other features and outputs than the contract's.",
      }),
    ];
  return strataFindings({ wanted: contract.watch?.strata, positionOf }, thresholds);
}

/** The strata that windows are compared within are the contract's, and the reference knows some. */
function strataFindings(
  { wanted, positionOf }: Pick<CheckFacts, "positionOf"> & { readonly wanted: string | undefined },
  { strata }: ThresholdTable,
): Finding[] {
  const path = wanted === undefined ? "watch" : "watch.strata";
  const place = { clause: "watch", path, ...positionOf(path) };
  if (strata?.by !== wanted)
    return [
      finding("profile.thresholds-stale", {
        ...place,
        expected: wanted ?? "no strata",
        received: strata?.by ?? "no strata",
        message: `The drift thresholds were calibrated ${withinText(strata?.by)}, and the contract compares windows ${withinText(wanted)}.`,
      }),
    ];
  if (!strata || strata.known.length > 0) return [];
  return [
    finding("profile.strata-unknown", {
      ...place,
      message: `The training data knows no stratum by ${strata.by} well enough.`,
    }),
  ];
}

function withinText(strata: string | undefined): string {
  return strata === undefined ? "with the whole reference" : `within ${strata}`;
}
