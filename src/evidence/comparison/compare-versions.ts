import type { Contract, Table, Task } from "../../contract/index.ts";
import type { Predictor } from "../../inference/index.ts";
import { digestOf } from "../../kernel/index.ts";
import type { EvidenceItem, Reads } from "../evidence.ts";
import { evidenceFinding } from "../evidence-findings.ts";
import { counted, guarded, itemOf, type Judgement, notRun, shownNumber } from "../evidence-item.ts";
import { pairedBootstrap } from "../gates/bootstrap.ts";
import { lowerIsBetter, type Metric, metricOf, type Sample } from "../metrics/index.ts";
import { scoreVersion } from "../rows/score-version.ts";
import { type ScoredRows, sampleWhere } from "../rows/scored-rows.ts";
import { mcnemar } from "./mcnemar.ts";

/** The version that runs (champion) and the one that would follow (challenger), on the same labelled rows. */
export interface Comparison {
  /** `joint` is shown; on `fresh` rows, which came after the champion was made, a certain loss fails. */
  readonly on: "joint" | "fresh";
  readonly rows: Table;
  readonly contract: Contract;
  readonly challenger: Predictor;
  readonly champion: { readonly version: string; readonly predictor: Predictor };
  /** Digests of what is read. */
  readonly reads: Reads;
}

/** Clause under which a comparison stands in evidence: none of the contract's. */
export const comparisonClause = { joint: "comparison.joint", fresh: "comparison.fresh" } as const;

const confidence = 0.95;
const fewestRows = 30;

/** The first decides; the others are shown. */
const metricsFor: Readonly<Record<Task, readonly string[]>> = {
  "binary-classification": ["roc_auc", "average_precision", "brier"],
  regression: ["rmse", "mae"],
  other: [],
};

/**
 * Compares both on the rows that both answer: each metric with the 95 % interval of its difference (paired bootstrap, seeded by what is
 * read), and McNemar's test where both decide. The challenger is worse with certainty where the whole interval of the first metric
 * is on the wrong side.
 */
export async function compareVersions(comparison: Comparison): Promise<EvidenceItem> {
  const clause = comparisonClause[comparison.on];
  return itemOf(await guarded(clause, "comparison", () => judge(comparison, clause)), comparison.reads);
}

async function judge(comparison: Comparison, clause: string): Promise<Judgement> {
  const { on, rows, contract, challenger, champion, reads } = comparison;
  const names = metricsFor[contract.model.task];
  const [first] = names;
  if (first === undefined) return notRun(clause, "comparison", "this task has no metric to compare by");
  const theirs = await scoreVersion(champion.predictor, contract, rows);
  if ("problem" in theirs) return notRun(clause, "comparison", `${champion.version}: ${theirs.problem}`);
  const ours = await scoreVersion(challenger, contract, rows);
  if ("problem" in ours) return notRun(clause, "comparison", ours.problem);
  const [current, previous] = onBoth(ours, theirs);
  const count = current.labels.length;
  if (count < fewestRows)
    return notRun(
      clause,
      "comparison",
      `${counted(count, "row")} that both answer; ${fewestRows} are the minimum`,
    );
  const metrics = Object.fromEntries(
    names.map((name) => [name, metricOf(contract.model.task, name)!] as const),
  );
  const told = differences(metrics, { current, previous, seed: digestOf(reads) });
  const decided = decisionsOf(current, previous);
  const interval = told.intervals[first];
  if (!interval) return notRun(clause, "comparison", `${first} is undefined on these rows`);
  const [low, high] = interval;
  const isWorse = lowerIsBetter(first) ? low > 0 : high < 0;
  const isBetter = lowerIsBetter(first) ? high < 0 : low > 0;
  const verdict = isWorse
    ? "Worse with certainty"
    : isBetter
      ? "Better with certainty"
      : "No certain difference";
  const shown = names.filter((name) => told.intervals[name]).map((name) => metricText(name, told));
  const message = `${verdict} on ${counted(count, `${on} row`)}, against ${champion.version}: ${shown.join(", ")}${
    decided ? `, McNemar p ${shownNumber(decided.p)}` : ""
  }.`;
  const failed = on === "fresh" && isWorse;
  return {
    clause,
    test: "comparison",
    outcome: on === "joint" ? "not-applicable" : failed ? "fail" : "pass",
    ...(on === "joint" && { reason: "shown, judged by the gates that name `previous.`" }),
    message,
    measured: { rows: count, ...told.measured, ...(decided && { "mcnemar.p": decided.p }) },
    findings: failed ? [evidenceFinding("evidence.challenger-worse", { clause, message })] : [],
  };
}

function onBoth(ours: ScoredRows, theirs: ScoredRows): readonly [Sample, Sample] {
  const both = ours.usable.map((bit, row) => bit & theirs.usable[row]!);
  return [sampleWhere(ours, both), sampleWhere(theirs, both)];
}

function differences(
  metrics: Readonly<Record<string, Metric>>,
  { current, previous, seed }: { readonly current: Sample; readonly previous: Sample; readonly seed: string },
) {
  const { intervals } = pairedBootstrap({ current, previous, metrics, holds: () => true, confidence, seed });
  const measured: Record<string, number> = {};
  for (const [name, metric] of Object.entries(metrics)) {
    const [now, before, interval] = [metric(current), metric(previous), intervals[name]];
    if (now === null || before === null || !interval) continue;
    Object.assign(measured, {
      [name]: now,
      [`previous.${name}`]: before,
      [`${name}.low`]: interval[0],
      [`${name}.high`]: interval[1],
    });
  }
  return { intervals, measured };
}

function metricText(name: string, { measured }: ReturnType<typeof differences>): string {
  const at = (key: string) => shownNumber(measured[key] ?? Number.NaN);
  return `${name} ${at(name)} (was ${at(`previous.${name}`)}; difference ${at(`${name}.low`)} to ${at(`${name}.high`)})`;
}

function decisionsOf(current: Sample, previous: Sample): { readonly p: number } | undefined {
  const { labels, decisions: ours } = current;
  const theirs = previous.decisions;
  if (!ours || !theirs) return undefined;
  let [onlyOurs, onlyTheirs] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const [weAreRight, theyAreRight] = [ours[row] === labels[row], theirs[row] === labels[row]];
    if (weAreRight && !theyAreRight) onlyOurs++;
    if (theyAreRight && !weAreRight) onlyTheirs++;
  }
  return { p: mcnemar(onlyOurs, onlyTheirs) };
}
