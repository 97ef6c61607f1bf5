import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import { openDuckdb } from "../../adapters/duckdb/index.ts";
import { type Observer, openObserver } from "../../adapters/observations/index.ts";
import type { Table } from "../../contract/index.ts";
import { profilePath } from "../../evidence/index.ts";
import type { Prediction, PredictionObserver, RecordId } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { parseProfile } from "../../profile/index.ts";
import { type ObservationPlan, observationPlan } from "../../watch/index.ts";
import type { ServedObserver } from "../server/index.ts";
import { wholeNumber } from "./command.ts";
import type { ReadyHandoff } from "./handoff.ts";
import type { Session } from "./session.ts";

/** Options of commands that observe what they answer. */
export interface ObserveOptions {
  readonly observe?: string;
  readonly observeRoll: number;
  readonly replica?: string;
}

/** Most windows in one file: of callers that nobody knows, and of a file that someone chose to read. */
const mostWindows = { served: 48, file: 400 } as const;

/** Rows in one file. */
const rollRows = 50_000;

/** Adds `--observe` and what goes with it. */
export function withObserveOptions(command: Command): Command {
  return command
    .option("--observe <folder>", "count and log what is answered, for baton watch; never delays a reply")
    .option(
      "--observe-roll <seconds>",
      "time between two files; a process that is killed loses at most what two such spans hold",
      wholeNumber(1, 86_400),
      60,
    )
    .option("--replica <name>", "name of this replica in what is observed (default: the host's name)");
}

/** An observer of this process with what it observes. */
export interface Observation {
  readonly plan: ObservationPlan;
  readonly observer: Observer;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ends observing; says on stderr what became of it. */
  close(): Promise<void>;
}

/** Starts observing where `--observe` asks for it. @throws BatonError where there is nothing to count by */
export async function openObservation(
  session: Session,
  handoff: ReadyHandoff,
  options: ObserveOptions,
  source: keyof typeof mostWindows,
): Promise<Observation | undefined> {
  if (options.observe === undefined) return undefined;
  requireProfile(handoff);
  const profile = parseProfile(await handoff.folder.readText(profilePath), profilePath);
  const plan = observationPlan(handoff.contract, profile, handoff.digest);
  const duckdb = await openDuckdb({ threads: 1, memoryMiB: 256 });
  const now = () => session.now().getTime();
  const observer = openObserver({
    plan,
    folder: resolve(session.cwd, options.observe),
    replica: fileWord(options.replica ?? hostname()),
    boot: `${session
      .now()
      .toISOString()
      .replace(/[-:]|\.\d+Z$/g, "")}-${randomBytes(4).toString("hex")}`,
    rollMs: options.observeRoll * 1000,
    rollRows,
    windows: { most: mostWindows[source], strangers: source === "served" },
    writeTables: duckdb.writeTables,
    now,
    stopped: (why) => session.err(`! Observation has ended, answering goes on: ${why}\n`),
  });
  return {
    plan,
    observer,
    now,
    async close() {
      const { written, lost, files } = await observer.close();
      duckdb.close();
      session.err(`· observed: ${written} rows in ${files} files${lost > 0 ? `, ${lost} rows lost` : ""}\n`);
    },
  };
}

/** Refuses a hand-off without a profile. @throws BatonError `configuration-invalid` */
export function requireProfile({ contract, files }: Pick<ReadyHandoff, "contract" | "files">): void {
  if (files.has(profilePath)) return;
  throw new BatonError(
    "configuration-invalid",
    `There is no ${profilePath}: its cells are what is counted on.`,
    {
      file: profilePath,
      next: contract.run ? "Run baton profile." : "A sketch is not observed: its answers are made up.",
    },
  );
}

/** A name that can stand between dots in a file's name. */
function fileWord(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 64) || "replica";
}

/** Hooks for a server: the predictor shows the values, the server the ids; both after the reply. */
export function servedObservation({ plan, observer, now }: Observation): {
  readonly predicted: PredictionObserver;
  readonly served: ServedObserver;
} {
  const tables = new WeakMap<Prediction, Table>();
  return {
    predicted: { observed: (table, prediction) => void tables.set(prediction, table) },
    served: {
      served({ ids, records, prediction, durationMs }) {
        const table = tables.get(prediction);
        const field = (name: string | undefined) =>
          name === undefined ? undefined : records?.map((record) => fieldOf(record, name));
        const keys = field(plan.key)?.map(asId);
        const times = plan.time?.isFeature ? undefined : field(plan.time?.name);
        const counted = observer.observe({
          prediction,
          ids,
          arrivedMs: now() - durationMs,
          durationMs,
          ...(table && { table }),
          ...(keys && { keys }),
          ...(times && { times }),
        });
        // The server counts what its observer throws, under baton_observations_lost_total.
        if (!counted) throw new BatonError("overloaded", "This call was not observed.");
      },
      failed: (code) => observer.failed(code, now()),
    },
  };
}

function fieldOf(record: unknown, name: string): unknown {
  if (typeof record !== "object" || record === null || !Object.hasOwn(record, name)) return undefined;
  return (record as Record<string, unknown>)[name];
}

function asId(value: unknown): RecordId {
  return typeof value === "string" || typeof value === "number" ? value : null;
}
