import { resolve } from "node:path";
import type { Command } from "commander";
import { type ColumnRequest, type Duckdb, openDuckdb } from "../../../adapters/duckdb/index.ts";
import { type Contract, type Table, valueAt } from "../../../contract/index.ts";
import type { Prediction, Predictor } from "../../../inference/index.ts";
import { BatonError } from "../../../kernel/index.ts";
import { answerTable, writtenColumns } from "../answer-table.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { featureRequests } from "../hand-off-rows.ts";
import { openPredictor } from "../model.ts";
import {
  type Observation,
  type ObserveOptions,
  openObservation,
  withObserveOptions,
} from "../observation.ts";
import { type PermissionOptions, permission, withPermissionOptions } from "../permission.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";

interface PredictOptions extends CommonOptions, DeskOptions, PermissionOptions, ObserveOptions {}

/** `baton predict FILE IN OUT`: a file of any size in constant memory, by the same path as the server. */
export function addPredict(program: Command, cli: Cli): void {
  withObserveOptions(
    withPermissionOptions(
      withDeskOptions(
        declare(
          program,
          "predict <target> <in> <out>",
          "answers for a Parquet or CSV file of any size, by the same path as the server",
          "OUT (.parquet or .csv) has one row for each row of IN: key, outputs, decision, and for rows that got no answer the clause\n" +
            "and the reason. Rejected rows do not stop the others; exit code 1 says that there were some.",
        ),
      ),
    ),
  ).action((target: string, input: string, output: string, options: PredictOptions) =>
    perform(cli, "predict", options, (session) =>
      atDesk(session, target, options, async (desk) => {
        const { irregular } = await permission(session, desk, options);
        for (const why of irregular) session.err(`! Predicting against the rules: ${why}\n`);
        const observation = await openObservation(session, desk.handoff, options, "file");
        const files = {
          input: resolve(session.cwd, input),
          output: resolve(session.cwd, output),
          shown: output,
        };
        const result = await predict(session, desk, { ...files, observation }).finally(() =>
          observation?.close(),
        );
        if (options.observe === undefined) return result;
        return { ...result, hint: `Next: baton watch ${options.observe} --baton ${target} --labels FILE` };
      }),
    ),
  );
}

interface PredictFiles {
  readonly input: string;
  readonly output: string;
  /** The output as the person named it. */
  readonly shown: string;
  readonly observation: Observation | undefined;
}

async function predict(session: Session, { handoff }: Desk, files: PredictFiles) {
  const { input, output, shown, observation } = files;
  const { contract } = handoff;
  if (input === output)
    throw new BatonError("usage", `The answers would be written over the rows in ${shown}.`, {
      next: "Name another file for the answers.",
    });
  if (contract.features.some(({ shape }) => shape.length > 0))
    throw new BatonError("unsupported", "Files hold one value in a cell, and this model takes tensors.", {
      next: "Use the library: openBaton(file).predict(rows).",
    });
  const duckdb = await openDuckdb();
  const predictor = await openPredictor(handoff);
  const progress = startProgress(session, `predicting`);
  const totals = { rows: 0, answered: 0, rejected: new Map<string, number>(), warned: 0, madeUp: false };
  try {
    const { requests, key, there } = await columnsOf(duckdb, contract, input);
    const observe = observation && batchObservation(contract, observation, there);
    const work = { duckdb, predictor, contract, input, requests, key, totals, progress };
    const answers = answerTables({ ...work, observe });
    await duckdb.writeTables(output, answers, writtenColumns(contract, key));
  } finally {
    await predictor.close();
    duckdb.close();
    progress.done(`${totals.rows} rows`);
  }
  const rejected = [...totals.rejected].sort((a, b) => b[1] - a[1]);
  const lines = rejected.map(([clause, count]) => `  ${count} rejected by ${clause}\n`);
  return {
    passed: totals.answered === totals.rows,
    text: `${shown}\n  ${totals.rows} rows, ${totals.answered} answered, ${totals.warned} of them with warnings\n${lines.join("")}${totals.madeUp ? "  made up, every one: a sketch has no model\n" : ""}`,
    data: {
      file: shown,
      ...(totals.madeUp ? { sketch: true } : {}),
      rows: totals.rows,
      answered: totals.answered,
      warned: totals.warned,
      rejected: Object.fromEntries(rejected),
    },
  };
}

async function columnsOf(
  duckdb: Duckdb,
  contract: Contract,
  input: string,
): Promise<{ requests: ColumnRequest[]; key?: string; there: ReadonlySet<string> }> {
  const there = new Set((await duckdb.schema(input)).map(({ name }) => name));
  const key = [contract.labels?.key, contract.data.key, "id"].find(
    (name) => name !== undefined && there.has(name),
  );
  const wanted = featureRequests(contract);
  const absent = wanted.filter(
    ({ column, name }) =>
      !there.has(column) && contract.features.find((f) => f.name === name)?.missing === "reject",
  );
  if (absent.length)
    throw new BatonError(
      "data-unreadable",
      `The file has no column ${absent.map(({ column }) => `"${column}"`).join(", ")}.`,
      {
        next: `Add it; the model takes: ${wanted.map(({ column }) => column).join(", ")}.`,
      },
    );
  const requests = wanted.filter(({ column }) => there.has(column));
  return key === undefined
    ? { requests, there }
    : { requests: [...requests, besideRequest(contract, key)], key, there };
}

/** Name of a column that is no feature while a table is under way. */
function besideName({ features }: Contract, column: string): string {
  const names = new Set(features.map(({ name }) => name));
  let name = `beside ${column}`;
  while (names.has(name)) name += " ";
  return name;
}

function besideRequest(contract: Contract, column: string): ColumnRequest {
  return { column, name: besideName(contract, column), type: "string" };
}

/** What observation reads beside the features, and how it is shown a batch. */
interface BatchObservation {
  readonly requests: readonly ColumnRequest[];
  show(table: Table, features: Table, prediction: Prediction): Promise<void>;
}

function batchObservation(
  contract: Contract,
  { plan, observer, now }: Observation,
  there: ReadonlySet<string>,
): BatchObservation {
  const time = plan.time?.isFeature ? undefined : plan.time?.name;
  const wanted = ["id", plan.key, time].filter((name) => name !== undefined && there.has(name)) as string[];
  const valuesOf = (table: Table, column: string | undefined) => {
    const found = column === undefined ? undefined : table.columns.get(besideName(contract, column));
    return found && Array.from({ length: table.rows }, (_, row) => valueAt(found, row) as string | null);
  };
  return {
    requests: [...new Set(wanted)].map((column) => besideRequest(contract, column)),
    async show(table, features, prediction) {
      const keys = valuesOf(table, plan.key);
      const times = valuesOf(table, time);
      // Nobody waits for a reply here: what does not fit into the buffer is waited for, not dropped.
      await observer.room(prediction.rows);
      observer.observe({
        table: features,
        prediction,
        ids: valuesOf(table, "id") ?? [],
        arrivedMs: now(),
        ...(keys && { keys }),
        ...(times && { times }),
      });
    },
  };
}

interface Work {
  readonly duckdb: Duckdb;
  readonly predictor: Predictor;
  readonly contract: Contract;
  readonly input: string;
  readonly requests: readonly ColumnRequest[];
  readonly key: string | undefined;
  readonly totals: {
    rows: number;
    answered: number;
    rejected: Map<string, number>;
    warned: number;
    madeUp: boolean;
  };
  readonly progress: { at(detail: string): void };
  readonly observe: BatchObservation | undefined;
}

async function* answerTables({
  duckdb,
  predictor,
  contract,
  input,
  requests,
  key,
  totals,
  progress,
  observe,
}: Work): AsyncGenerator<Table> {
  const names = new Set(contract.features.map(({ name }) => name));
  const asked = new Set(requests.map(({ name }) => name));
  const columns = [...requests, ...(observe?.requests ?? []).filter(({ name }) => !asked.has(name))];
  for await (const table of duckdb.readTables(input, { columns })) {
    const features: Table = {
      rows: table.rows,
      columns: new Map([...table.columns].filter(([name]) => names.has(name))),
    };
    const prediction = await predictor.predict(features);
    await observe?.show(table, features, prediction);
    count(prediction, totals);
    progress.at(`${totals.rows} rows`);
    yield answerTable(
      contract,
      prediction,
      key === undefined ? undefined : { name: key, column: table.columns.get(besideName(contract, key))! },
    );
  }
}

function count(prediction: Prediction, totals: Work["totals"]): void {
  totals.rows += prediction.rows;
  totals.answered += prediction.answered.reduce((sum, one) => sum + one, 0);
  totals.madeUp ||= prediction.madeUp === true;
  totals.warned += new Set(prediction.warnings.map(({ row }) => row)).size;
  const seen = new Set<number>();
  for (const { row, clause } of prediction.rejections) {
    if (seen.has(row)) continue;
    seen.add(row);
    totals.rejected.set(clause, (totals.rejected.get(clause) ?? 0) + 1);
  }
}
