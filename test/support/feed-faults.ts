/** A fault as it happens between a feed and a model, as SQL over rows with the columns of the example. */
export interface FeedFault {
  readonly name: string;
  /** What stands between SELECT and FROM, for rows of a table `base`; `broken` is true from the onset on. */
  readonly select: string;
}

/** What one feed of weather brings. */
export const weather = ["temperature", "wind_speed", "wind_gust", "precipitation", "visibility", "pressure"];

/** What stands in the place of columns while a feed is broken. */
export const replaced = (columns: Readonly<Record<string, string>>) =>
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

/** A query of the rows of a base with a fault from an instant on, and until another where one is given. */
export function withFault(
  { select }: Pick<FeedFault, "select">,
  base: string,
  onset: string,
  until = "9999-01-01",
): string {
  const broken = `scheduled_departure >= '${onset}' AND scheduled_departure < '${until}' AS broken`;
  return `SELECT * EXCLUDE (broken) FROM (SELECT ${select} FROM (SELECT *, ${broken} FROM (${base}))) ORDER BY scheduled_departure, flight_id`;
}

/**
 * Days on which nothing drifts: rows of the training months, each on a day of its own weekday and at an hour drawn by its id, so
 * that weather and season are the same on each. Another `draw` gives other rows on other days.
 */
export function stationaryDays(
  training: string,
  { rows, days, draw = 0 }: { readonly rows: number; readonly days: number; readonly draw?: number },
): string {
  const drawn = draw === 0 ? "flight_id" : `flight_id, ${draw}`;
  // 1 January 2014 is a Wednesday, the third day of the week.
  const first = "((weekday + 4) % 7)";
  const day = `${first} + 7 * (hash(${drawn}) % ((${days} + 6 - ${first}) // 7)::UBIGINT)::BIGINT`;
  const second = `(hash(${drawn}, 'second') % 86400)::BIGINT`;
  return `SELECT * REPLACE (TIMESTAMPTZ '2014-01-01 00:00:00+00' + to_seconds(86400 * (${day}) + ${second}) AS scheduled_departure)
    FROM (FROM '${training}' ORDER BY hash(flight_id, ${1 + draw}) LIMIT ${rows})`;
}
