import { resolve } from "node:path";
import type { Command } from "commander";
import {
  type ColumnRequest,
  type Duckdb,
  openDuckdb,
  type WrittenColumn,
} from "../../../adapters/duckdb/index.ts";
import type { Column, Contract, Table } from "../../../contract/index.ts";
import type { Prediction, Predictor } from "../../../inference/index.ts";
import { BatonError } from "../../../kernel/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { featureRequests } from "../hand-off-rows.ts";
import { openPredictor } from "../model.ts";
import { type PermissionOptions, permission, withPermissionOptions } from "../permission.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";

interface PredictOptions extends CommonOptions, DeskOptions, PermissionOptions {}

/** `baton predict FILE IN OUT`: a file of any size in constant memory, by the same path as the server. */
export function addPredict(program: Command, cli: Cli): void {
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
  ).action((target: string, input: string, output: string, options: PredictOptions) =>
    perform(cli, "predict", options, (session) =>
      atDesk(session, target, options, async (desk) => {
        const { irregular } = await permission(session, desk, options);
        for (const why of irregular) session.err(`! Predicting against the rules: ${why}\n`);
        return predict(session, desk, resolve(session.cwd, input), resolve(session.cwd, output), output);
      }),
    ),
  );
}

async function predict(session: Session, { handoff }: Desk, input: string, output: string, shown: string) {
  const { contract } = handoff;
  if (contract.features.some(({ shape }) => shape.length > 0))
    throw new BatonError("unsupported", "Files hold one value in a cell, and this model takes tensors.", {
      next: "Use the library: openBaton(file).predict(rows).",
    });
  const duckdb = await openDuckdb();
  const predictor = await openPredictor(handoff, { threads: 2 });
  const progress = startProgress(session, `predicting`);
  const totals = { rows: 0, answered: 0, rejected: new Map<string, number>(), warned: 0 };
  try {
    const { requests, key } = await columnsOf(duckdb, contract, input);
    const answers = answerTables({ duckdb, predictor, contract, input, requests, key, totals, progress });
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
    text: `${shown}\n  ${totals.rows} rows, ${totals.answered} answered, ${totals.warned} of them with warnings\n${lines.join("")}`,
    data: {
      file: shown,
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
): Promise<{ requests: ColumnRequest[]; key?: string }> {
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
    ? { requests }
    : { requests: [...requests, { column: key, name: keyColumnOf(contract), type: "string" }], key };
}

/** Name of the key while a table is under way. */
function keyColumnOf({ features }: Contract): string {
  const names = new Set(features.map(({ name }) => name));
  let name = "row key";
  while (names.has(name)) name += " ";
  return name;
}

interface Work {
  readonly duckdb: Duckdb;
  readonly predictor: Predictor;
  readonly contract: Contract;
  readonly input: string;
  readonly requests: readonly ColumnRequest[];
  readonly key: string | undefined;
  readonly totals: { rows: number; answered: number; rejected: Map<string, number>; warned: number };
  readonly progress: { at(detail: string): void };
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
}: Work): AsyncGenerator<Table> {
  for await (const table of duckdb.readTables(input, { columns: requests })) {
    const features: Table = {
      rows: table.rows,
      columns: new Map([...table.columns].filter(([name]) => name !== keyColumnOf(contract))),
    };
    const prediction = await predictor.predict(features);
    count(prediction, totals);
    progress.at(`${totals.rows} rows`);
    yield answerTable(
      contract,
      prediction,
      key === undefined ? undefined : { name: key, column: table.columns.get(keyColumnOf(contract))! },
    );
  }
}

function count(prediction: Prediction, totals: Work["totals"]): void {
  totals.rows += prediction.rows;
  totals.answered += prediction.answered.reduce((sum, one) => sum + one, 0);
  totals.warned += new Set(prediction.warnings.map(({ row }) => row)).size;
  const seen = new Set<number>();
  for (const { row, clause } of prediction.rejections) {
    if (seen.has(row)) continue;
    seen.add(row);
    totals.rejected.set(clause, (totals.rejected.get(clause) ?? 0) + 1);
  }
}

function writtenColumns(contract: Contract, key: string | undefined): WrittenColumn[] {
  const scalars = contract.outputs.filter(({ shape }) => shape.length === 0);
  return [
    ...(key === undefined ? [] : [{ name: key, type: "string" as const }]),
    ...scalars.map(({ name, type }) => ({ name, type })),
    ...(contract.outputs[0]?.threshold === undefined ? [] : [{ name: "decision", type: "boolean" as const }]),
    { name: "rejected_by", type: "string" },
    { name: "reason", type: "string" },
    { name: "warnings", type: "string" },
  ];
}

function answerTable(
  contract: Contract,
  prediction: Prediction,
  key: { name: string; column: Column } | undefined,
): Table {
  const { rows, answered, outputs, decisions } = prediction;
  const missing = answered.map((one) => 1 - one);
  const columns = new Map<string, Column>();
  if (key) columns.set(key.name, key.column);
  for (const { name, shape } of contract.outputs)
    if (shape.length === 0) columns.set(name, { ...outputs.columns.get(name)!, missing });
  if (decisions) columns.set("decision", { type: "boolean", shape: [], values: decisions, missing });
  const first = firstByRow(prediction.rejections);
  columns.set(
    "rejected_by",
    textColumn(rows, (row) => first.get(row)?.clause),
  );
  columns.set(
    "reason",
    textColumn(rows, (row) => first.get(row)?.message),
  );
  const warned = new Map<number, string[]>();
  for (const { row, clause } of prediction.warnings) warned.set(row, [...(warned.get(row) ?? []), clause]);
  columns.set(
    "warnings",
    textColumn(rows, (row) => warned.get(row)?.join(" ")),
  );
  return { rows, columns };
}

function firstByRow(
  violations: Prediction["rejections"],
): ReadonlyMap<number, Prediction["rejections"][number]> {
  const first = new Map<number, Prediction["rejections"][number]>();
  for (const violation of violations) if (!first.has(violation.row)) first.set(violation.row, violation);
  return first;
}

function textColumn(rows: number, text: (row: number) => string | undefined): Column {
  const values = Array.from({ length: rows }, (_, row) => text(row));
  return {
    type: "string",
    shape: [],
    values: values.map((value) => value ?? ""),
    missing: Uint8Array.from(values, (value) => (value === undefined ? 1 : 0)),
  };
}
