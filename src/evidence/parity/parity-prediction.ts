import {
  type Column,
  type Contract,
  elementsPerRow,
  type Golden,
  type Table,
  valueAt,
} from "../../contract/index.ts";
import type { Prediction, Predictor } from "../../inference/index.ts";
import type { Finding } from "../../kernel/index.ts";
import { evidenceFinding } from "../evidence-findings.ts";
import { counted, type Judgement, keptFindings, notRun, passIf, shownNumber } from "../evidence-item.ts";
import { predictAll, rejectedBy, withheldRows } from "../rows/predict-all.ts";
import { madeUpAnswers } from "../rows/scored-rows.ts";
import { featureColumns } from "../rows/table-rows.ts";
import { absoluteDifference, isWithin } from "./compare-values.ts";
import { goldenLayer, goldenRowName } from "./golden-rows.ts";

/** What predictions are compared on. */
export interface PredictionParity {
  readonly contract: Contract;
  readonly golden: Golden;
  readonly rows: Table;
  readonly predictor: Predictor;
}

interface Tally {
  compared: number;
  over: number;
  largest: number;
  unrecorded: number;
  readonly findings: Finding[];
}

/**
 * Prediction layer: the model's answer for each golden row against the recorded answer of the original pipeline.
 * Rows that an input clause rejects get no answer in production either: they are counted by clause and not compared.
 */
export async function predictionParity(parity: PredictionParity): Promise<Judgement> {
  const { contract, rows, predictor } = parity;
  const recorded = goldenLayer(rows, "prediction");
  const wanting = contract.outputs.filter((output) => !recorded.columns.has(output.name));
  if (wanting.length === contract.outputs.length)
    return unusable(`no column prediction.${contract.outputs[0]?.name ?? "…"}`);
  const prediction = await predictAll(predictor, featureColumns(contract, rows, "features."));
  if (prediction.madeUp) return notRun("golden", "parity", `prediction layer: ${madeUpAnswers}`);
  const tally: Tally = { compared: 0, over: 0, largest: 0, unrecorded: 0, findings: [] };
  for (let row = 0; row < rows.rows; row++)
    if (prediction.answered[row] === 1) compareRow(parity, recorded, prediction, row, tally);
  return summary(parity, prediction, tally);
}

function compareRow(
  { contract, golden, rows }: PredictionParity,
  recorded: Table,
  prediction: Prediction,
  row: number,
  tally: Tally,
): void {
  let compared = false;
  for (const output of contract.outputs) {
    const wanted = recorded.columns.get(output.name);
    const given = prediction.outputs.columns.get(output.name);
    if (!wanted || !given) continue;
    const pairs = pairsOf(wanted, given, row);
    if (!pairs) continue;
    compared = true;
    const off = pairs.filter(([want, got]) => !isWithin(golden.tolerance, want, got));
    for (const [want, got] of pairs)
      tally.largest = Math.max(tally.largest, absoluteDifference(want, got) ?? 0);
    const worst = off[0];
    if (!worst) continue;
    tally.over++;
    if (tally.findings.length < keptFindings)
      tally.findings.push(
        evidenceFinding("evidence.prediction-differs", {
          clause: "golden",
          path: `prediction.${output.name}[${row}]`,
          expected: String(worst[0]),
          received: String(worst[1]),
          message: `${output.name} of ${goldenRowName(rows, contract.data.key, row)} is ${worst[1]}, recorded is ${worst[0]} (tolerance ${golden.tolerance}).`,
        }),
      );
    break;
  }
  if (compared) tally.compared++;
  else tally.unrecorded++;
}

type Pair = readonly [wanted: ReturnType<typeof valueAt>, given: ReturnType<typeof valueAt>];

/** Element by element; undefined where nothing is on record for this row. */
function pairsOf(wanted: Column, given: Column, row: number): Pair[] | undefined {
  const per = elementsPerRow(given.shape);
  if (elementsPerRow(wanted.shape) !== per) return [[null, valueAt(given, row * per)]];
  const pairs = Array.from(
    { length: per },
    (_, at): Pair => [valueAt(wanted, row * per + at), valueAt(given, row * per + at)],
  );
  return pairs.every(([want]) => want === null) ? undefined : pairs;
}

function summary({ golden, rows }: PredictionParity, prediction: Prediction, tally: Tally): Judgement {
  const withheld = withheldRows(prediction).reduce((sum, bit) => sum + bit, 0);
  const rejections = [...rejectedBy(prediction)].filter(([clause]) => !clause.startsWith("outputs."));
  const rejected = rejections.reduce((sum, [, count]) => sum + count, 0);
  const measured: Record<string, number> = {
    rows: rows.rows,
    compared: tally.compared,
    over: tally.over,
    rejected,
    withheld,
    unrecorded: tally.unrecorded,
    largest_difference: tally.largest,
    tolerance: golden.tolerance,
    ...Object.fromEntries(rejections.map(([clause, count]) => [`rejected.${clause}`, count])),
  };
  const byClause = rejections.map(([clause, count]) => `${count} by ${clause}`).join(", ");
  const notes = [
    ...(rejected > 0 ? [`${rejected} not compared because the contract rejects them: ${byClause}`] : []),
    ...(tally.unrecorded > 0 ? [`${tally.unrecorded} without a recorded prediction`] : []),
  ];
  const rest = notes.length > 0 ? `; ${notes.join("; ")}` : "";
  if (tally.compared === 0 && withheld === 0)
    return {
      ...notRun(
        "golden",
        "parity",
        `prediction layer: none of ${counted(rows.rows, "golden row")} could be compared${rest}`,
      ),
      measured,
    };
  const message =
    `Prediction layer: ${tally.compared - tally.over} of ${counted(tally.compared, "golden row")} within ${golden.tolerance}, ` +
    `largest difference ${shownNumber(tally.largest)}${withheld > 0 ? `; the answers for ${counted(withheld, "row")} break an output clause` : ""}${rest}.`;
  const findings = withheld > 0 ? [withheldFinding(withheld), ...tally.findings] : tally.findings;
  return {
    clause: "golden",
    test: "parity",
    outcome: passIf(tally.over === 0 && withheld === 0),
    message,
    measured,
    findings,
  };
}

function withheldFinding(rows: number): Finding {
  return evidenceFinding("evidence.answers-withheld", {
    clause: "golden",
    message: `The answers for ${counted(rows, "golden row")} break an output clause.`,
  });
}

/** The failure of a layer that the contract names and the file lacks. */
export function unusable(what: string): Judgement {
  const message = `The golden rows have ${what}.`;
  return {
    clause: "golden",
    test: "parity",
    outcome: "fail",
    message,
    findings: [evidenceFinding("evidence.golden-unusable", { clause: "golden", message })],
  };
}
