import type { Table } from "../../contract/index.ts";
import type { Prediction } from "../../inference/index.ts";
import { messageOf } from "../../kernel/index.ts";
import { type TestInput, whyNoModel } from "../test-input.ts";
import { predictAll } from "./predict-all.ts";
import type { Unscored } from "./scored-rows.ts";
import { featureColumns, takeRows } from "./table-rows.ts";

/** The joint set with the model's answers. */
export interface AskedRows {
  /** The feature columns, in the contract's types. */
  readonly features: Table;
  /** The joint set as it was given, with label and key. */
  readonly joint: Table;
  readonly prediction: Prediction;
  /** The features of the first rows that got an answer. */
  readonly validRows: Table;
}

/** Asks the model once for all joint rows, when the first test wants them. */
export type JointRows = () => Promise<AskedRows | Unscored>;

const validRowsKept = 2000;

/** Makes {@link JointRows} of what there is; `problem` says why nothing can be judged on them. */
export function jointRowsOf(input: TestInput): JointRows {
  let asked: Promise<AskedRows | Unscored> | undefined;
  return () => {
    asked ??= ask(input);
    return asked;
  };
}

async function ask(input: TestInput): Promise<AskedRows | Unscored> {
  const { contract, jointRows: joint, predictor } = input;
  if (!joint) return { problem: `the joint set${inParentheses(contract.data.joint)} is not at hand` };
  if (!predictor) return { problem: whyNoModel(input) ?? "there is no model" };
  try {
    const features = featureColumns(contract, joint);
    const prediction = await predictAll(predictor, features);
    return { features, joint, prediction, validRows: answeredRows(features, prediction) };
  } catch (thrown) {
    return { problem: `the model could not be asked for the joint set: ${messageOf(thrown)}` };
  }
}

/** The first rows of a table that got an answer. */
export function answeredRows(table: Table, { answered }: Prediction): Table {
  const rows: number[] = [];
  for (let row = 0; row < table.rows && rows.length < validRowsKept; row++)
    if (answered[row] === 1) rows.push(row);
  return takeRows(table, Uint32Array.from(rows));
}

function inParentheses(path: string | undefined): string {
  return path === undefined ? "" : ` (${path})`;
}
