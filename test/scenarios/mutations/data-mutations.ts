import { inContract, inRows, type Mutation, relocked, unlocked } from "./mutation.ts";

const training = "data/training.parquet";
const joint = "data/joint.parquet";
const first = "flight_id = (SELECT min(flight_id) FROM old)";

/** One value in one row of a column. */
const spoil = (column: string, value: string) =>
  `SELECT * REPLACE (CASE WHEN ${first} THEN ${value} ELSE ${column} END AS ${column}) FROM old`;

/** Defects of training data and joint set, and of the contract against them. */
export const dataMutations: readonly Mutation[] = [
  unlocked("the training data is not there", "data.missing-file", (copy) => copy.remove(training)),
  unlocked("the joint set is not there", "data.missing-file", (copy) => copy.remove(joint)),
  relocked("the joint set is cut", "data.unreadable", async (copy) => {
    const bytes = await copy.binary(joint);
    await copy.write(joint, bytes.subarray(0, bytes.length - 200));
  }),
  relocked("the joint set is a pointer", "data.unreadable", (copy) =>
    copy.write(joint, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 384616\n"),
  ),
  inRows(joint, "a joint set without rows", "data.empty", "SELECT * FROM old LIMIT 0"),
  inRows(
    joint,
    "a joint set of a hundred rows",
    "joint.too-few-rows",
    "SELECT * FROM old WHERE hash(flight_id) % 250 = 0",
  ),
  inRows(
    joint,
    "a column that is not in the joint set",
    "data.column-missing",
    "SELECT * EXCLUDE (seats) FROM old",
  ),
  inRows(
    training,
    "a column that is not in the training data",
    "data.column-missing",
    "SELECT * EXCLUDE (hour) FROM old",
  ),
  inRows(
    joint,
    "a number written as text",
    "data.column-type",
    "SELECT * REPLACE (seats::VARCHAR AS seats) FROM old",
  ),
  inRows(
    joint,
    "an hour and a half",
    "data.value-type",
    `SELECT * REPLACE (CASE WHEN ${first} THEN 5.5 ELSE hour::DOUBLE END AS hour) FROM old`,
  ),
  inRows(
    joint,
    "a column without values",
    "data.column-empty",
    "SELECT * REPLACE (NULL::FLOAT AS temperature) FROM old",
  ),
  inRows(joint, "a gap where none may be", "data.missing-values", spoil("distance", "NULL")),
  inRows(training, "a gap in the training data", "data.missing-values", spoil("carrier", "NULL")),
  inRows(joint, "a wind that cannot blow", "data.out-of-range", spoil("wind_speed", "999")),
  inRows(training, "a 25th hour", "data.out-of-range", spoil("hour", "24")),
  inRows(joint, "an endless distance", "data.value-type", spoil("distance", "'inf'::FLOAT")),
  inRows(joint, "a carrier that is not listed", "data.unknown-category", spoil("carrier", "'ZZ'")),
  inRows(
    training,
    "a destination that is not listed",
    "data.unknown-category",
    spoil("destination", "'ZZZ'"),
  ),
  inRows(
    joint,
    "a joint set from the Arctic",
    "data.outside-expected",
    "SELECT * REPLACE (temperature - 70 AS temperature) FROM old WHERE temperature < 75",
  ),
  inRows(joint, "no label", "data.label-missing", "SELECT * EXCLUDE (late) FROM old"),
  inRows(
    joint,
    "a label of three values",
    "data.label-values",
    `SELECT * REPLACE (CASE WHEN ${first} THEN 2 ELSE late::INTEGER END AS late) FROM old`,
  ),
  inRows(joint, "a row without label", "data.label-values", spoil("late", "NULL")),
  inRows(joint, "nobody is late", "data.label-one-class", "SELECT * FROM old WHERE NOT late"),
  inRows(
    joint,
    "hardly anybody is late",
    "joint.rare-class",
    "SELECT * FROM old WHERE NOT late OR hash(flight_id) % 400 = 0",
  ),
  inRows(joint, "no key", "data.key-missing", "SELECT * EXCLUDE (flight_id) FROM old"),
  inRows(
    joint,
    "a row twice",
    "data.key-not-unique",
    `SELECT * FROM old UNION ALL SELECT * FROM old WHERE ${first}`,
  ),
  inRows(joint, "no event time", "data.time-missing", "SELECT * EXCLUDE (scheduled_departure) FROM old"),
  inRows(
    joint,
    "an event time that is words",
    "data.time-missing",
    "SELECT * REPLACE ('in May' AS scheduled_departure) FROM old",
  ),
  inRows(
    joint,
    "a joint set that begins in April",
    "joint.earlier",
    "SELECT * REPLACE (scheduled_departure - INTERVAL 10 DAY AS scheduled_departure) FROM old",
  ),
  inRows(joint, "training rows in the joint set", "joint.shared-rows", shared("flight_id")),
  inRows(
    joint,
    "training rows under new names in the joint set",
    "joint.shared-rows",
    shared("'copy-' || flight_id"),
  ),
  inRows(
    joint,
    "a feature that is the label",
    "joint.label-copied",
    "SELECT * REPLACE (CASE WHEN late THEN 300 ELSE 100 END::FLOAT AS seats) FROM old",
  ),
  inRows(
    joint,
    "a feature that all but knows the label",
    "joint.leak",
    "SELECT * REPLACE (CASE WHEN late AND hash(flight_id) % 100 > 0 THEN 300 + hash(flight_id) % 50 ELSE 100 + hash(flight_id) % 70 END::FLOAT AS seats) FROM old",
  ),
  inRows(
    joint,
    "a feature that is missing where it is late",
    "joint.leak",
    "SELECT * REPLACE (CASE WHEN late AND hash(flight_id) % 200 > 0 THEN NULL ELSE seats END AS seats) FROM old WHERE seats IS NOT NULL",
  ),
  inContract("a label of another name", "data.label-missing", "label: late", "label: delayed"),
  inContract("a key of another name", "data.key-missing", "key: flight_id\n", "key: flight_number\n"),
  inContract(
    "an event time of another name",
    "data.time-missing",
    "time: scheduled_departure",
    "time: departed_at",
  ),
  inContract(
    "a hard range that is too narrow",
    "data.out-of-range",
    "range: [1, 12000]\n    expected: [80, 4983]",
    "range: [1, 3000]\n    expected: [80, 3000]",
  ),
  inContract(
    "a category that is left out",
    "data.unknown-category",
    "values: [EWR, JFK, LGA]",
    "values: [EWR, JFK]",
  ),
  inContract(
    "missing values that are not allowed",
    "data.missing-values",
    "expected: [2, 450]\n    missing: allowed",
    "expected: [2, 450]\n    missing: reject",
  ),
  inContract(
    "an expected range that is too narrow",
    "data.outside-expected",
    "expected: [80, 4983]",
    "expected: [80, 500]",
  ),
  inContract(
    "slices that nothing fills",
    "joint.no-slice",
    "by: origin, owner",
    "by: origin, minimum-rows: 100000, owner",
  ),
];

/** 2,000 rows of the training data with dates of the joint set. */
function shared(key: string): string {
  const training = "read_parquet(in_folder('data/training.parquet'))";
  const day = "(SELECT min(scheduled_departure) FROM old)";
  return `SELECT * FROM old UNION ALL BY NAME
    SELECT * REPLACE (${key} AS flight_id, ${day} AS scheduled_departure) FROM ${training} WHERE flight_id IN
      (SELECT flight_id FROM ${training} ORDER BY flight_id LIMIT 2000)`;
}
