import type { FindingCatalogue } from "../../../kernel/index.ts";
import { bothTeams } from "./places.ts";

/** Golden rows: what the original pipeline answered, layer by layer. */
export const goldenFindings = {
  "golden.missing-file": {
    title: "The golden rows are not there",
    what: "`golden.rows` names a file that the hand-off folder does not hold.",
    why: "Nothing then shows that the served model answers as the original did.",
    mend: "Write golden rows from the original pipeline at that path, or correct the path.",
    severity: "blocking",
    where: bothTeams,
  },
  "golden.unreadable": {
    title: "The golden rows cannot be read",
    what: "The file is neither a readable Parquet nor a readable CSV file.",
    why: "A cut file or a Git LFS pointer shows nothing.",
    mend: "Write the file again from the original pipeline.",
    severity: "blocking",
    where: bothTeams,
  },
  "golden.layer-missing": {
    title: "A layer of the golden rows is not there",
    what: "`golden.layers` names a layer, and the file has not one column of it.",
    why: "Parity is judged layer by layer: without a layer nobody sees on which side of it a difference arose.",
    mend: "Write the layer's columns (`raw.…`, `features.…`, `prediction.…`), or take it out of `golden.layers`.",
    severity: "blocking",
    where: bothTeams,
  },
  "golden.column-missing": {
    title: "A column of the golden rows is not there",
    what: "The layer is there, but not the column of this feature, source column or output.",
    why: "The rows cannot be replayed completely, so their predictions prove nothing.",
    mend: "Write the column from the original pipeline, or give feature and output the names that the columns have.",
    severity: "blocking",
    where: bothTeams,
  },
  "golden.column-type": {
    title: "A golden column has the wrong type",
    what: "The column's type cannot hold the values that the contract promises.",
    why: "Parity would compare converted values and not those that are served.",
    mend: "Write the column with the type of the feature or output.",
    severity: "blocking",
    where: bothTeams,
  },
  "golden.too-few-rows": {
    title: "There are few golden rows",
    what: "The file has fewer than 20 rows.",
    why: "A handful of ordinary rows misses the places where pipelines differ: missing values, rare categories, split points.",
    mend: "Write more rows, unusual ones among them.",
    severity: "warning",
    where: bothTeams,
  },
  "golden.none-missing": {
    title: "No golden row has a missing value",
    what: "Features allow missing values, and not one golden row has one.",
    why: "Missing values are where two pipelines differ most often, and here nobody would see it.",
    mend: "Add golden rows in which each such feature is missing.",
    severity: "warning",
    where: bothTeams,
  },
  "golden.row-rejected": {
    title: "Many golden rows break the contract",
    what: "More than one golden row in ten has a value of this feature that the contract rejects.",
    why: "The server does not answer such rows, so their predictions are not compared and little is shown by the rest.",
    mend: "Widen the clause if these values can occur, or write golden rows that can be served.",
    severity: "warning",
    where: bothTeams,
  },
  "golden.prediction-range": {
    title: "A golden prediction is outside the promised range",
    what: "The original pipeline's answer is missing in a row, or breaks the output's `range`.",
    why: "Then the output's promise is not true of the model that it is made for.",
    mend: "Correct `output.range`, or write the predictions again.",
    severity: "blocking",
    where: bothTeams,
  },
} as const satisfies FindingCatalogue;
