import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { BatonError } from "../../kernel/index.ts";
import type { LabelCounts, LabelledPredictions, LabelQuestion } from "../../watch/index.ts";
import { readTruth, type Truth } from "./label-truth.ts";
import { grouped, windowsOf } from "./labelled-windows.ts";
import { type LoggedPredictions, viewPredictions } from "./logged-predictions.ts";
import { type DuckdbOptions, faultOf, openSession, whyUnwritable } from "./session.ts";
import { printedColumns, type WindowPrints, windowPrints } from "./window-prints.ts";

/**
 * Joins logs with labels in a scratch database on disk: memory does not grow with the rows. 512 MiB and 2 threads unless
 * said otherwise. With prints the rows of a window are joined when it is asked for. @throws BatonError `data-unreadable`, `file-missing`
 */
export async function joinLabels(
  question: LabelQuestion,
  { prints = false, ...options }: DuckdbOptions & { readonly prints?: boolean } = {},
): Promise<LabelledPredictions> {
  const scratch = await mkdtemp(join(tmpdir(), "baton-labels-")).catch((cause: unknown) => {
    throw noRoom(cause);
  });
  const wipe = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", wipe);
  const leave = async () => {
    process.off("exit", wipe);
    await rm(scratch, { recursive: true, force: true });
  };
  const path = join(scratch, "joined.duckdb");
  const session = await openSession({ memoryMiB: 512, ...options }, { path }).catch(async (thrown) => {
    await leave();
    throw noRoom(thrown);
  });
  const close = async () => {
    session.close();
    await leave();
  };
  try {
    return await session.withConnection(async (connection) => {
      // The database is thrown away: nothing has to be written at its end.
      await connection.run("PRAGMA disable_checkpoint_on_shutdown");
      const truth = await readTruth(connection, question);
      const logged = await viewPredictions(connection, question);
      const joined = { connect: session.connect, close, truth, logged, question };
      if (prints) {
        await joinTables(connection, logged, {
          table: "matched",
          columns: printedColumns(question, wrongName),
        });
        return printedPredictions(joined, await windowPrints(connection, logged));
      }
      await joinTables(connection, logged, { table: "joined", columns: joinedColumns(question) });
      return labelledPredictions(joined);
    });
  } catch (thrown) {
    await close();
    throw noRoom(thrown);
  }
}

/** What went wrong on the way through the scratch database, which is nearly always its disk. */
function noRoom(thrown: unknown): BatonError {
  if (thrown instanceof BatonError) return thrown;
  return new BatonError(
    "file-unusable",
    `Labels cannot be joined in ${tmpdir()}: ${whyUnwritable(thrown) ?? faultOf(thrown)}`,
    {
      next: "Make room there, or set TMPDIR to a folder with more.",
      cause: thrown,
    },
  );
}

/** The name of a prediction whose decision is not its label: few are asked for, and names of all would fill the disk. */
const wrongName = "CASE WHEN p.decision <> (t.label = 1) THEN left(t.name, 100) END";

function joinedColumns({ slices }: LabelQuestion): string {
  return `p.file, p.row, p.ms, p.start, p.score, p.decision${slices.map((_, at) => `, p.slice_${at}`).join("")}, t.r, t.label, t.arrived, t.contradicted, ${wrongName} AS name`;
}

/** A table of what was joined: by id, and what has no label by its id by key. */
async function joinTables(
  connection: DuckDBConnection,
  { named }: LoggedPredictions,
  {
    table,
    columns,
    where = "true",
  }: { readonly table: string; readonly columns: string; readonly where?: string },
): Promise<void> {
  // What was scanned in one order is sorted by window later; to keep it costs memory.
  await connection.run(
    `CREATE TABLE ${table} AS SELECT ${columns} FROM predictions p JOIN truth t ON p.${named.id ? "id" : "key"} = t.name WHERE ${where}`,
  );
  if (named.id && named.key)
    await connection.run(
      `INSERT INTO ${table} SELECT ${columns} FROM predictions p JOIN truth t ON p.key = t.name
        WHERE (p.id IS NULL OR NOT EXISTS (FROM truth WHERE truth.name = p.id)) AND ${where}`,
    );
}

interface Joined {
  readonly connect: () => Promise<DuckDBConnection>;
  readonly close: () => Promise<void>;
  readonly truth: Truth;
  readonly logged: LoggedPredictions;
  readonly question: LabelQuestion;
}

function labelledPredictions({ connect, close, truth, logged, question }: Joined): LabelledPredictions {
  const used = labelUse(truth.rows);
  return {
    unreadable: logged.unreadable,
    async *windows() {
      const connection = await connect();
      try {
        for (const group of grouped(logged.windows)) yield* windowsOf(connection, { group, question, used });
      } catch (thrown) {
        throw noRoom(thrown);
      } finally {
        connection.closeSync();
      }
    },
    counts: () => countsOf(truth, used.counts()),
    close,
  };
}

/** The same, where only windows that are asked for are joined with all their columns. */
function printedPredictions(
  { connect, close, truth, logged, question }: Joined,
  { prints, logsOf, used }: WindowPrints,
): LabelledPredictions {
  return {
    unreadable: logged.unreadable,
    prints,
    async *windows(leaveOut = () => false) {
      const windows = logged.windows.filter(({ start }) => !leaveOut(start));
      const starts = new Set(windows.map(({ start }) => start));
      const connection = await connect();
      try {
        await logged.narrow(
          connection,
          logsOf((start) => starts.has(start)),
        );
        await connection.run(
          `CREATE TABLE wanted AS SELECT unnest([${[...starts].join(", ")}]::BIGINT[]) AS start`,
        );
        await joinTables(connection, logged, {
          table: "joined",
          columns: joinedColumns(question),
          where: "p.start IN (SELECT start FROM wanted)",
        });
        for (const group of grouped(windows))
          yield* windowsOf(connection, { group, question, used: { use: () => undefined } });
      } catch (thrown) {
        throw noRoom(thrown);
      } finally {
        connection.closeSync();
      }
    },
    counts: () => countsOf(truth, used),
    close,
  };
}

function countsOf(truth: Truth, { matched, late, repeated }: WindowPrints["used"]): LabelCounts {
  return { matched, ...truth.counts, unmatched: truth.names - matched, late, repeated };
}

/** Which labels were used, one bit each. */
function labelUse(labels: number) {
  const bits = new Uint8Array(Math.ceil(labels / 8));
  let [matched, late, repeated] = [0, 0, 0];
  return {
    use(label: number, isLate: boolean) {
      const [byte, bit] = [label >>> 3, 1 << (label & 7)];
      if ((bits[byte]! & bit) !== 0) {
        repeated++;
        return;
      }
      bits[byte]! |= bit;
      matched++;
      if (isLate) late++;
    },
    counts: () => ({ matched, late, repeated }),
  };
}
