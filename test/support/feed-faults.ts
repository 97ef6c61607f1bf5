/** A fault as it happens between a feed and a model, as SQL over rows with the columns of the example. */
export interface FeedFault {
  readonly name: string;
  /** What stands between SELECT and FROM, for rows of a table `base`; `broken` is true from the onset on. */
  readonly select: string;
}

/** Frozen from the onset on: what came last for each origin. */
const weather = ["temperature", "wind_speed", "wind_gust", "precipitation", "visibility", "pressure"];

const replaced = (columns: Readonly<Record<string, string>>) =>
  `* REPLACE (${Object.entries(columns)
    .map(([name, broken]) => `CASE WHEN broken THEN ${broken} ELSE ${name} END AS ${name}`)
    .join(", ")})`;

/** Faults in what the model is given. */
export const feedFaults: readonly FeedFault[] = [
  { name: "none", select: "*" },
  {
    name: "unit-change",
    select: replaced({ temperature: "((temperature - 32) / 1.8)::FLOAT" }),
  },
  { name: "dropped-column", select: replaced({ pressure: "NULL" }) },
  {
    name: "new-category",
    select: replaced({ origin: "CASE WHEN hash(flight_id) % 5 = 0 THEN 'HPN' ELSE origin END" }),
  },
  {
    name: "stale-feed",
    select: replaced(
      Object.fromEntries(
        weather.map((name) => [
          name,
          `first_value(${name}) OVER (PARTITION BY origin, broken ORDER BY scheduled_departure, flight_id)`,
        ]),
      ),
    ),
  },
  {
    name: "swapped-columns",
    select: replaced({ wind_speed: "temperature", temperature: "wind_speed" }),
  },
];

/** A query of the rows of a base with a fault from an instant on. */
export function withFault({ select }: FeedFault, base: string, onset: string): string {
  return `SELECT * EXCLUDE (broken) FROM (SELECT ${select} FROM (SELECT *, scheduled_departure >= '${onset}' AS broken FROM (${base}))) ORDER BY scheduled_departure, flight_id`;
}

/**
 * Days on which nothing drifts: rows of the training months, each on a day and at an hour drawn by its id, so that
 * weather and season are the same on each.
 */
export function stationaryDays(
  training: string,
  { rows, days }: { readonly rows: number; readonly days: number },
): string {
  return `SELECT * REPLACE (TIMESTAMPTZ '2014-01-01 00:00:00+00' + to_seconds((hash(flight_id) % ${days * 86_400})::BIGINT) AS scheduled_departure)
    FROM (FROM '${training}' ORDER BY hash(flight_id, 1) LIMIT ${rows})`;
}
