import type { WrittenColumn } from "../../adapters/duckdb/index.ts";
import type { Column, Contract, Table } from "../../contract/index.ts";
import type { Prediction } from "../../inference/index.ts";

/** Columns of the file of answers: key, outputs, decision, and why there is no answer. */
export function writtenColumns(contract: Contract, key: string | undefined): WrittenColumn[] {
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

/** One batch of answers as rows of that file; rows without an answer hold nothing but the clause and the reason. */
export function answerTable(
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
  if (prediction.madeUp) for (let row = 0; row < rows; row++) warned.set(row, ["sketch"]);
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
