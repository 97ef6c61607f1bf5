import {
  type CompiledExpression,
  type Contract,
  compileExpression,
  type Gate,
  gateScope,
  type Task,
} from "../../contract/index.ts";
import { type Finding, type Outcome, worstOutcome } from "../../kernel/index.ts";
import type { SliceResult } from "../evidence.ts";
import { evidenceFinding } from "../evidence-findings.ts";
import { counted, type Judgement, notApplicable, notRun, passIf, shownNumber } from "../evidence-item.ts";
import { lowerIsBetter, type Metric, metricOf, type Sample, whyUndefined } from "../metrics/index.ts";
import { compileRowExpression, evaluated, rowsWhere } from "../rows/row-expression.ts";
import { count, type ScoredRows, sampleWhere, type Unscored } from "../rows/scored-rows.ts";
import { pairedBootstrap } from "./bootstrap.ts";
import { slicesBy } from "./slices.ts";

/** Everything that gates are judged on. */
export interface GateGround {
  readonly contract: Contract;
  readonly joint: ScoredRows;
  /** The same joint rows, scored by the version before this one. */
  readonly previous?: { readonly version: string; readonly joint: ScoredRows | Unscored };
  /** Hex digest that seeds the bootstrap. */
  readonly seed: string;
}

/** Judges one gate: on all rows, or in each slice with enough of them. */
export function judgeGate(gate: Gate, ground: GateGround): Judgement {
  const clause = `gates.${gate.id}`;
  const { contract, joint, previous } = ground;
  const compiled = compileExpression(gate.assert, gateScope(contract));
  if (!compiled.ok) return notRun(clause, "gate", `its expression cannot be used: ${compiled.problem}`);
  const compares = compiled.names.some((name) => name.startsWith("previous."));
  if (compares && !previous) return notApplicable(clause, "gate", "no previous version");
  if (compares && previous && "problem" in previous.joint)
    return notRun(
      clause,
      "gate",
      `version ${previous.version} cannot be compared: ${previous.joint.problem}`,
    );
  const filter = filterOf(gate, contract, joint);
  if ("problem" in filter) return notRun(clause, "gate", filter.problem);
  const withheld = joint.withheld.filter((bit, row) => bit === 1 && filter.rows[row] === 1).length;
  if (withheld > 0) return answersWithheld(clause, withheld, contract);
  const trial: Trial = {
    gate,
    compiled,
    task: contract.model.task,
    joint,
    seed: ground.seed,
    ...(compares && { previous: previous?.joint as ScoredRows }),
  };
  const judgement = gate.by === undefined ? judgeWhole(trial, filter) : judgeSlices(trial, filter, contract);
  return { ...judgement, findings: [...(judgement.findings ?? []), ...leftOut(clause, joint, filter)] };
}

interface Trial {
  readonly gate: Gate;
  readonly compiled: CompiledExpression;
  readonly task: Task;
  readonly joint: ScoredRows;
  readonly previous?: ScoredRows;
  readonly seed: string;
}

interface Filter {
  readonly rows: Uint8Array;
  readonly unknown: number;
}

function filterOf(gate: Gate, contract: Contract, joint: ScoredRows): Filter | Unscored {
  if (gate.where === undefined) return { rows: new Uint8Array(joint.table.rows).fill(1), unknown: 0 };
  const where = compileRowExpression(contract, gate.where, "bool");
  if (!where.ok) return { problem: `its \`where\` cannot be used: ${where.problem}` };
  const { holds, unknown } = rowsWhere(where, joint.table);
  return { rows: holds, unknown };
}

function judgeWhole(trial: Trial, filter: Filter): Judgement {
  const { gate } = trial;
  const clause = `gates.${gate.id}`;
  const result = judgeRows(trial, "all", filter.rows);
  const base = { clause, test: "gate", outcome: result.outcome, measured: result.measured };
  if (result.outcome === "not-run")
    return {
      ...base,
      reason: result.reason ?? "it has no value",
      message: `${gate.assert} was not judged.`,
      findings: [evidenceFinding("evidence.gate-undecided", { clause, message: sentence(result.reason) })],
    };
  const message = `${gate.assert} ${result.outcome === "pass" ? "holds" : "does not hold"}: ${figures(result)}.`;
  if (result.outcome === "pass") return { ...base, message };
  return { ...base, message, findings: [missed(clause, gate, message, figures(result))] };
}

function judgeSlices(trial: Trial, filter: Filter, contract: Contract): Judgement {
  const { gate, joint } = trial;
  const clause = `gates.${gate.id}`;
  const by = gate.by as string;
  const feature = contract.features.find((candidate) => candidate.name === by);
  const cut = slicesBy(feature, by, joint.table);
  if ("problem" in cut) return notRun(clause, "gate", cut.problem);
  const slices = cut.slices.map(({ slice, rows }) =>
    judgeRows(
      trial,
      slice,
      rows.map((bit, row) => bit & filter.rows[row]!),
    ),
  );
  const small = slices.filter((slice) => slice.rows < gate.minimumRows);
  const judged = slices.filter((slice) => slice.rows >= gate.minimumRows);
  if (judged.length === 0)
    return {
      ...notRun(clause, "gate", `no slice of ${by} has ${counted(gate.minimumRows, "row")}`),
      slices,
    };
  const outcome = worstOutcome(judged.map((slice) => slice.outcome));
  const worst = worstOf(judged, outcome, trial.compiled.names);
  const passed = judged.filter((slice) => slice.outcome === "pass").length;
  const unjudged =
    small.length > 0 ? `; ${counted(small.length, "slice")} under ${gate.minimumRows} rows not judged` : "";
  const message = `${gate.assert} holds in ${passed} of ${counted(judged.length, "slice")} of ${by}; worst ${worst.slice}: ${figures(worst)}${unjudged}.`;
  return {
    clause,
    test: "gate",
    outcome,
    message,
    slices,
    measured: { slices: slices.length, judged: judged.length, passed, ...worst.measured },
    ...(outcome === "not-run" && { reason: `${by} ${worst.slice}: ${worst.reason ?? "no value"}` }),
    findings: judged.flatMap((slice) => sliceFinding(clause, gate, by, slice)),
  };
}

function judgeRows(trial: Trial, slice: string, keep: Uint8Array): SliceResult {
  const { gate, compiled, joint, previous, task } = trial;
  const both = previous ? keep.map((bit, row) => bit & previous.usable[row]!) : keep;
  const current = sampleWhere(joint, both);
  const rows = current.labels.length;
  if (rows < gate.minimumRows)
    return {
      slice,
      rows,
      outcome: "not-run",
      reason: `${counted(rows, "row")}, and ${gate.minimumRows} are the minimum`,
      measured: { rows },
    };
  const before = previous && sampleWhere(previous, both);
  const metrics = metricsNamed(compiled.names, task);
  const { values, undefinedBecause } = measure(metrics, current, before);
  const measured: Record<string, number> = { rows, ...values };
  const missing = compiled.names.find((name) => values[name] === undefined);
  if (missing !== undefined)
    return {
      slice,
      rows,
      outcome: "not-run",
      reason: `${missing} is undefined: ${undefinedBecause[missing]}`,
      measured,
    };
  const holds = (numbers: Readonly<Record<string, number>>) => {
    const result = evaluated(() => compiled.evaluate(numbers));
    return result.known && result.value === true;
  };
  if (gate.confidence === undefined || !holds(values))
    return { slice, rows, outcome: passIf(holds(values)), measured };
  const { share, resamples, intervals } = pairedBootstrap({
    current,
    ...(before && { previous: before }),
    metrics,
    holds,
    confidence: gate.confidence,
    seed: trial.seed,
  });
  Object.assign(measured, { confidence: share, resamples });
  for (const [name, [low, high]] of Object.entries(intervals))
    Object.assign(measured, { [`${name}.low`]: low, [`${name}.high`]: high });
  return { slice, rows, outcome: passIf(share >= gate.confidence), measured };
}

function metricsNamed(names: readonly string[], task: Task): Record<string, Metric> {
  const own = new Set(names.map((name) => name.replace(/^previous\./, "")));
  return Object.fromEntries([...own].map((name) => [name, metricOf(task, name)!]));
}

function measure(metrics: Readonly<Record<string, Metric>>, current: Sample, before: Sample | undefined) {
  const values: Record<string, number> = {};
  const undefinedBecause: Record<string, string> = {};
  const put = (name: string, label: string, sample: Sample) => {
    const value = metrics[name]!(sample);
    if (value === null) undefinedBecause[label] = whyUndefined(name, sample);
    else values[label] = value;
  };
  for (const name of Object.keys(metrics)) {
    put(name, name, current);
    if (before) put(name, `previous.${name}`, before);
  }
  return { values, undefinedBecause };
}

/** The slice to name: among those with the overall outcome, the one whose first metric is worst. */
function worstOf(slices: readonly SliceResult[], outcome: Outcome, names: readonly string[]): SliceResult {
  const candidates = slices.filter((slice) => slice.outcome === outcome);
  const metric = names.find((name) => !/(^|\.)(rows|base_rate)$/.test(name)) ?? "rows";
  const badness = (slice: SliceResult) => {
    const value = slice.measured[metric] ?? 0;
    return lowerIsBetter(metric) ? value : -value;
  };
  return candidates.reduce((worst, slice) => (badness(slice) > badness(worst) ? slice : worst));
}

function sliceFinding(clause: string, gate: Gate, by: string, slice: SliceResult): Finding[] {
  const place = `${by} ${slice.slice}`;
  if (slice.outcome === "fail")
    return [
      missed(clause, gate, `${gate.assert} does not hold for ${place}: ${figures(slice)}.`, figures(slice)),
    ];
  if (slice.outcome !== "not-run") return [];
  const message = `${gate.assert} cannot be judged for ${place}: ${slice.reason}.`;
  return [evidenceFinding("evidence.gate-undecided", { clause, message })];
}

function missed(clause: string, gate: Gate, message: string, received: string): Finding {
  return evidenceFinding("evidence.gate-missed", { clause, expected: gate.assert, received, message });
}

function answersWithheld(clause: string, rows: number, contract: Contract): Judgement {
  const output = contract.outputs[0]?.name ?? "the output";
  const message = `The answers for ${counted(rows, "joint row")} break an output clause (${output} or another) and were withheld.`;
  return {
    clause,
    test: "gate",
    outcome: "fail",
    message,
    measured: { withheld: rows },
    findings: [evidenceFinding("evidence.answers-withheld", { clause, message })],
  };
}

function leftOut(clause: string, joint: ScoredRows, filter: Filter): Finding[] {
  const { rejected, unlabelled } = joint.counts;
  const parts = [
    ...(rejected > 0 ? [`${counted(rejected, "row")} rejected by an input clause`] : []),
    ...(unlabelled > 0 ? [`${counted(unlabelled, "row")} without a label`] : []),
    ...(filter.unknown > 0 ? [`${counted(filter.unknown, "row")} for which \`where\` has no value`] : []),
  ];
  if (parts.length === 0) return [];
  const all = counted(count(joint.usable, 1) + count(joint.usable, 0), "joint row");
  return [
    evidenceFinding("evidence.rows-left-out", {
      clause,
      message: `Left out of ${all}: ${parts.join(", ")}.`,
    }),
  ];
}

function figures({ measured }: SliceResult): string {
  const { rows, confidence, resamples, ...rest } = measured;
  const numbers = Object.entries(rest)
    .filter(([name]) => !/\.(low|high)$/.test(name))
    .map(([name, value]) => {
      const [low, high] = [measured[`${name}.low`], measured[`${name}.high`]];
      const what = measured[`previous.${name}`] === undefined ? "interval" : "difference";
      const interval =
        low === undefined || high === undefined
          ? ""
          : ` (${what} ${shownNumber(low)} to ${shownNumber(high)})`;
      return `${name} ${shownNumber(value)}${interval}`;
    });
  const sure =
    confidence === undefined
      ? ""
      : `, in ${shownNumber(confidence * 100)} % of ${counted(resamples ?? 0, "resample")}`;
  return `${numbers.join(", ")}${numbers.length > 0 ? " on " : ""}${counted(rows ?? 0, "row")}${sure}`;
}

function sentence(text: string | undefined): string {
  const words = text ?? "it has no value";
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
