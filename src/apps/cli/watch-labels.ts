import { basename, join } from "node:path";
import { type Duckdb, joinLabels } from "../../adapters/duckdb/index.ts";
import type { Contract } from "../../contract/index.ts";
import { BatonError, type Finding, parseDuration } from "../../kernel/index.ts";
import type { Profile } from "../../profile/index.ts";
import {
  type KeptKnownMeasures,
  type LabelledPredictions,
  type LabelQuestion,
  type MeasuredPerformance,
  measurePerformance,
  type ObservationEntry,
  type ObservationPlan,
  scoreProbability,
  sliceCells,
  watchFinding,
} from "../../watch/index.ts";
import { withDuckdb } from "./hand-off-rows.ts";

/** Column of a label file that says when the label came. */
const arrivedColumn = "labelled_at";

/** A file of labels, and what it belongs to. */
export interface LabelSource {
  readonly contract: Contract;
  readonly profile: Profile;
  readonly plan: ObservationPlan;
  /** Counters whose logs are joined. */
  readonly files: readonly ObservationEntry[];
  readonly path: string;
}

/** How labels are measured. */
export interface LabelOptions {
  /** The instant at which it is asked what has matured, in milliseconds since 1970. */
  readonly atMs: number;
  /** Keep when labels came, so that triggers can be replayed. */
  readonly keepArrivals: boolean;
  /** Finds measurements of an earlier watch; present where those of this one are to be kept. */
  readonly known?: ((slices: LabelQuestion["slices"]) => KeptKnownMeasures | undefined) | undefined;
}

/** What labels said. */
export interface ReadLabels {
  readonly measured: MeasuredPerformance;
  /** What was known before. */
  readonly known?: KeptKnownMeasures;
  readonly findings: readonly Finding[];
}

/** Measures what a file of labels says of the logs beside the counters; logs that cannot be read are findings. */
export async function readLabels(
  source: LabelSource,
  { atMs, keepArrivals, known }: LabelOptions,
): Promise<ReadLabels> {
  const { contract, plan } = source;
  return withLabelled(source, { prints: known !== undefined }, async (labelled, { delayMs, slices }) => {
    const earlier = known?.(slices);
    return {
      measured: await measurePerformance(labelled, {
        task: contract.model.task,
        windowMs: plan.windowMs,
        delayMs,
        atMs,
        slices,
        probability: scoreProbability(contract, source.profile),
        keepArrivals,
        known: earlier,
      }),
      ...(earlier && { known: earlier }),
      findings: labelled.unreadable.map(({ path, reason }) =>
        watchFinding("watch.file-unreadable", {
          file: basename(path),
          message: `The log of predictions cannot be read: ${reason}`,
        }),
      ),
    };
  });
}

/** Joins logs and labels for one piece of work. @throws BatonError where the contract or the file has no labels */
export async function withLabelled<Result>(
  source: LabelSource,
  options: { readonly prints: boolean },
  work: (labelled: LabelledPredictions, question: LabelQuestion) => Promise<Result>,
): Promise<Result> {
  const question = await withDuckdb((duckdb) => labelQuestion(duckdb, source));
  const labelled = await joinLabels(question, options);
  try {
    return await work(labelled, question);
  } finally {
    await labelled.close();
  }
}

async function labelQuestion(
  duckdb: Duckdb,
  { contract, profile, plan, files, path }: LabelSource,
): Promise<LabelQuestion> {
  const { labels, data } = contract;
  const [score] = plan.answers;
  if (!labels || data.label === undefined || !score)
    throw new BatonError(
      "configuration-invalid",
      "The contract does not say how labels find their predictions.",
      {
        file: "baton.yaml",
        next: "Write labels: { key: …, arrive-after: … } and data: { label: … }.",
      },
    );
  return {
    logs: files.flatMap(({ folder, file }) =>
      file.log ? [{ path: join(folder, file.log.file), rows: file.log.rows }] : [],
    ),
    score: `output.${score.name}`,
    decides: plan.decides,
    slices: sliceCells(plan.slices, profile.features.cells.columns),
    labels: { path, ...(await labelColumns(duckdb, path, { label: data.label, names: [labels.key, "id"] })) },
    task: contract.model.task,
    windowMs: plan.windowMs,
    delayMs: parseDuration(labels.arriveAfter),
  };
}

/** Columns of a label file: the one that names predictions, the label, and when it came where the file says so. */
export type LabelColumns = Omit<LabelQuestion["labels"], "path">;

/** Finds the columns of a label file; the first of the names that is there counts. @throws BatonError `data-unreadable` */
export async function labelColumns(
  duckdb: Duckdb,
  path: string,
  { label, names }: { readonly label: string; readonly names: readonly string[] },
): Promise<LabelColumns> {
  const columns = (await duckdb.schema(path)).map((column) => column.name);
  const there = new Set(columns);
  const name = names.find((one) => there.has(one));
  if (name === undefined || !there.has(label))
    throw new BatonError(
      "data-unreadable",
      `The labels have no column "${name === undefined ? names[0] : label}": they have ${listed(columns)}.`,
      {
        file: path,
        next: `Give a file with ${names.join(" or ")}, ${label}, and ${arrivedColumn} where it is known when labels came.`,
      },
    );
  return { name, label, ...(there.has(arrivedColumn) && { arrived: arrivedColumn }) };
}

/** Names in a message: enough to see a misspelt one. */
const shownNames = 10;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((name) => name.slice(0, 60));
  const more = names.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
