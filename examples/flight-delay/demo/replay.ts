import { DuckDBInstance } from "@duckdb/node-api";

/** Rows of one request: what the contract says that callers send at most. */
const requestRows = 20;

/** Requests on their way at once. */
const atOnce = 2;

/** Departures from one instant on, and before another. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** Sends the flights of a stretch to a server, in the order of departure, each with the time at which it happened. */
export async function replayFlights(
  file: string,
  url: string,
  { from, to }: Stretch,
): Promise<{ readonly rows: number; readonly answered: number }> {
  const counts = { rows: 0, answered: 0 };
  await withDuckdb(async (connection) => {
    const reader = await connection.stream(
      `SELECT * EXCLUDE (late, scheduled_departure), epoch_ms(scheduled_departure) AS scheduled_departure
       FROM '${file}' WHERE scheduled_departure >= TIMESTAMPTZ '${from}' AND scheduled_departure < TIMESTAMPTZ '${to}'
       ORDER BY scheduled_departure, flight_id`,
    );
    const names = reader.columnNames();
    const batches = batchesOf(reader);
    const send = async () => {
      for (;;) {
        const batch = await batches.next();
        if (batch.done) return;
        const records = batch.value.map((row) =>
          Object.fromEntries(names.map((name, at) => [name, plain(row[at])])),
        );
        counts.rows += records.length;
        const replies = await answered(url, records);
        counts.answered += replies;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, send));
  });
  return counts;
}

/** Writes the outcomes of flights as they came in by an instant: a day, and for one in fifty three days, after departure. */
export async function labelsBy(file: string, out: string, instant: string): Promise<void> {
  await withDuckdb(async (connection) => {
    await connection.run(
      `COPY (SELECT flight_id, late,
               scheduled_departure + CASE WHEN hash(flight_id) % 50 = 0 THEN INTERVAL 3 DAY ELSE INTERVAL 20 HOUR END AS labelled_at
             FROM '${file}' WHERE labelled_at <= TIMESTAMPTZ '${instant}' ORDER BY labelled_at, flight_id)
       TO '${out}' (FORMAT parquet)`,
    );
  });
}

type Connection = Awaited<ReturnType<DuckDBInstance["connect"]>>;

async function withDuckdb(work: (connection: Connection) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function* batchesOf(reader: Awaited<ReturnType<Connection["stream"]>>) {
  let held: unknown[][] = [];
  for (;;) {
    const chunk = await reader.fetchChunk();
    if (!chunk || chunk.rowCount === 0) break;
    held.push(...chunk.getRows());
    while (held.length >= requestRows) {
      yield held.slice(0, requestRows);
      held = held.slice(requestRows);
    }
  }
  if (held.length > 0) yield held;
}

function plain(value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

async function answered(url: string, records: readonly object[]): Promise<number> {
  const response = await fetch(`${url}/v1/models/flight-delay/predict`, {
    method: "POST",
    body: JSON.stringify({ records, partial: true }),
  });
  const body = (await response.json()) as { predictions?: readonly { outputs?: unknown }[] };
  if (!response.ok) throw new Error(`answered ${response.status}: ${JSON.stringify(body).slice(0, 200)}`);
  return (body.predictions ?? []).filter(({ outputs }) => outputs !== undefined).length;
}
