import type { Column, Contract, Table } from "../../contract/index.ts";
import type { Prediction } from "../../inference/index.ts";
import { decide, type Sample, subset } from "../metrics/index.ts";
import { withheldRows } from "./predict-all.ts";
import { numberAt } from "./table-rows.ts";

/** The joint set with truth and score for each row that can be judged. */
export interface ScoredRows {
  /** The feature columns of all joint rows. */
  readonly table: Table;
  /** Labels, scores and decisions of all joint rows; only where `usable` they mean something. */
  readonly sample: Sample;
  /** 1 where the row has a label and an answer. */
  readonly usable: Uint8Array;
  /** 1 where the model's answer broke an output clause. */
  readonly withheld: Uint8Array;
  readonly counts: {
    /** Rejected by an input clause. */
    readonly rejected: number;
    readonly withheld: number;
    readonly unlabelled: number;
  };
}

/** Why the joint set cannot be scored at all. */
export interface Unscored {
  readonly problem: string;
}

/** Why nothing is judged on a sketch's answers. */
export const madeUpAnswers = "a sketch makes its answers up";

/** Brings the label column and the first output together. */
export function scoreRows(
  contract: Contract,
  joint: Table,
  features: Table,
  prediction: Prediction,
): ScoredRows | Unscored {
  if (prediction.madeUp) return { problem: madeUpAnswers };
  const truth = truthOf(contract, joint);
  if ("problem" in truth) return truth;
  const scores = scoresOf(contract, prediction);
  if ("problem" in scores) return scores;
  const withheld = withheldRows(prediction);
  const usable = prediction.answered.map((answered, row) =>
    answered === 1 && truth.known[row] === 1 ? 1 : 0,
  );
  const threshold = contract.outputs[0]?.threshold;
  const decisions =
    prediction.decisions ?? (threshold === undefined ? undefined : decide(scores.values, threshold));
  return {
    table: features,
    sample: { labels: truth.labels, scores: scores.values, ...(decisions && { decisions }) },
    usable,
    withheld,
    counts: {
      rejected: count(prediction.answered, 0) - count(withheld, 1),
      withheld: count(withheld, 1),
      unlabelled: count(truth.known, 0),
    },
  };
}

/** The judged rows among those that a mask keeps. */
export function sampleWhere(rows: ScoredRows, keep?: Uint8Array): Sample {
  const chosen: number[] = [];
  for (let row = 0; row < rows.usable.length; row++)
    if (rows.usable[row] === 1 && (!keep || keep[row] === 1)) chosen.push(row);
  return subset(rows.sample, Uint32Array.from(chosen));
}

/** How often a value stands in a mask. */
export function count(mask: Uint8Array, value: 0 | 1): number {
  let sum = 0;
  for (const bit of mask) if (bit === value) sum++;
  return sum;
}

interface Truth {
  readonly labels: Float64Array;
  /** 1 where there is a label. */
  readonly known: Uint8Array;
}

function truthOf(contract: Contract, joint: Table): Truth | Unscored {
  const name = contract.data.label;
  if (name === undefined) return { problem: "the contract names no label column (`data.label`)" };
  const column = joint.columns.get(name);
  if (!column) return { problem: `the joint set has no column ${name}, which is the label` };
  if (column.type === "string") return { problem: `the label ${name} is text; write booleans or numbers` };
  const labels = new Float64Array(joint.rows);
  const known = new Uint8Array(joint.rows);
  for (let row = 0; row < joint.rows; row++) {
    const value = numberAt(column, row);
    if (value === undefined) continue;
    if (contract.model.task === "binary-classification" && value !== 0 && value !== 1)
      return { problem: `the label ${name} is ${value} in row ${row + 1}, neither 0 nor 1` };
    if (!Number.isFinite(value)) return { problem: `the label ${name} is infinite in row ${row + 1}` };
    labels[row] = value;
    known[row] = 1;
  }
  return { labels, known };
}

function scoresOf(contract: Contract, { outputs }: Prediction): { values: Sample["scores"] } | Unscored {
  const output = contract.outputs[0];
  const column: Column | undefined = output && outputs.columns.get(output.name);
  if (!output || !column) return { problem: "the model gave no first output" };
  if (column.shape.length > 0 || column.type === "string")
    return { problem: `the first output, ${output.name}, is not one number a row` };
  if (column.type === "float32" || column.type === "float64") return { values: column.values };
  return { values: Float64Array.from(column.values as ArrayLike<number | bigint>, Number) };
}
