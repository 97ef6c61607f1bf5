import { inContract, inRows, type Mutation, relocked, unlocked } from "./mutation.ts";

const golden = "golden/rows.parquet";

/** Defects of the golden rows. */
export const goldenMutations: readonly Mutation[] = [
  unlocked("the golden rows are not there", "golden.missing-file", (copy) => copy.remove(golden)),
  relocked("the golden rows are cut", "golden.unreadable", async (copy) => {
    const bytes = await copy.binary(golden);
    await copy.write(golden, bytes.subarray(0, 300));
  }),
  inRows(
    golden,
    "no raw layer",
    "golden.layer-missing",
    "SELECT COLUMNS(c -> NOT starts_with(c, 'raw.')) FROM old",
  ),
  inRows(
    golden,
    "no predictions",
    "golden.layer-missing",
    "SELECT COLUMNS(c -> NOT starts_with(c, 'prediction.')) FROM old",
  ),
  inRows(
    golden,
    "no column of a feature",
    "golden.column-missing",
    'SELECT * EXCLUDE ("features.seats") FROM old',
  ),
  inRows(
    golden,
    "no column of a source",
    "golden.column-missing",
    'SELECT * EXCLUDE ("raw.manufactured") FROM old',
  ),
  inRows(
    golden,
    "predictions of another output",
    "golden.column-missing",
    'SELECT * EXCLUDE ("prediction.late_probability"), "prediction.late_probability" AS "prediction.late" FROM old',
  ),
  inRows(
    golden,
    "a feature written as text",
    "golden.column-type",
    'SELECT * REPLACE ("features.seats"::VARCHAR AS "features.seats") FROM old',
  ),
  inRows(
    golden,
    "predictions written as words",
    "golden.column-type",
    `SELECT * REPLACE ('late' AS "prediction.late_probability") FROM old`,
  ),
  inRows(
    golden,
    "five golden rows",
    "golden.too-few-rows",
    `SELECT * FROM old WHERE "features.seats" IS NULL LIMIT 5`,
  ),
  inRows(
    golden,
    "golden rows without gaps",
    "golden.none-missing",
    'SELECT * FROM old WHERE "features.temperature" + "features.wind_speed" + "features.wind_gust" + "features.precipitation" + "features.visibility" + "features.pressure" + "features.plane_age" + "features.seats" IS NOT NULL',
  ),
  inRows(
    golden,
    "golden rows of an unknown carrier",
    "golden.row-rejected",
    `SELECT * REPLACE ('ZZ' AS "features.carrier") FROM old`,
  ),
  inRows(
    golden,
    "a prediction of 150 %",
    "golden.prediction-range",
    `SELECT * REPLACE (CASE WHEN about = 'missing:all' THEN 1.5 ELSE "prediction.late_probability" END AS "prediction.late_probability") FROM old`,
  ),
  inRows(
    golden,
    "a row without prediction",
    "golden.prediction-range",
    `SELECT * REPLACE (CASE WHEN about = 'missing:all' THEN NULL ELSE "prediction.late_probability" END AS "prediction.late_probability") FROM old`,
  ),
  inContract(
    "an output range that is too narrow",
    "golden.prediction-range",
    "range: [0, 1]\n",
    "range: [0, 0.4]\n",
  ),
];
