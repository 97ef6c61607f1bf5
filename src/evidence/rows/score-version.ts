import type { Contract, Table } from "../../contract/index.ts";
import type { Predictor } from "../../inference/index.ts";
import { messageOf } from "../../kernel/index.ts";
import { predictAll } from "./predict-all.ts";
import { type ScoredRows, scoreRows, type Unscored } from "./scored-rows.ts";
import { featureColumns } from "./table-rows.ts";

/** Rows scored by another version of the model; label and task are those of the contract at hand. Never throws. */
export async function scoreVersion(
  predictor: Predictor,
  contract: Contract,
  rows: Table,
): Promise<ScoredRows | Unscored> {
  const theirs = predictor.contract;
  const features = featureColumns(theirs, rows);
  const lacking = theirs.features.filter(({ name }) => !features.columns.has(name)).map(({ name }) => name);
  if (lacking.length > 0) return { problem: `the rows lack its features ${lacking.slice(0, 5).join(", ")}` };
  const judged = { ...theirs, data: contract.data, model: { ...theirs.model, task: contract.model.task } };
  try {
    return scoreRows(judged, rows, features, await predictAll(predictor, features));
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}
