import type { Finding } from "../../kernel/index.ts";
import type { CheckFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import type { TableFacts } from "./data-probe.ts";
import { place } from "./reading.ts";
import type { DataFile } from "./table-findings.ts";

/** The truth, the key and the event time of one file. */
export function columnRoleFindings(facts: CheckFacts, file: DataFile, table: TableFacts): Finding[] {
  return [
    ...labelFindings(facts, file, table),
    ...keyFindings(facts, file, table),
    ...timeFindings(facts, file, table),
  ];
}

function labelFindings(facts: CheckFacts, file: DataFile, table: TableFacts): Finding[] {
  const label = facts.contract.data.label;
  if (label === undefined) return [];
  const at = place(facts, "data.label");
  if (!table.columns.some((column) => column.name === label))
    return [
      finding("data.label-missing", {
        ...at,
        expected: label,
        received: table.columns
          .map((column) => column.name)
          .slice(0, 40)
          .join(", "),
        message: `"${file.path}" has no column "${label}".`,
      }),
    ];
  const seen = table.label;
  if (!seen || facts.contract.model.task === "other") return [];
  const wanted = facts.contract.model.task === "regression" ? "a number" : "true/false or 1/0";
  if (seen.other.count > 0 || seen.missing > 0) {
    const what = [
      seen.other.count > 0
        ? `${seen.other.count} rows hold something else (the first is row ${seen.other.row})`
        : "",
      seen.missing > 0 ? `${seen.missing} rows hold nothing` : "",
    ];
    return [
      finding("data.label-values", {
        ...at,
        expected: wanted,
        message: `The label "${label}" of "${file.path}" must be ${wanted} in each row: ${what.filter(Boolean).join("; ")}.`,
      }),
    ];
  }
  if (facts.contract.model.task === "regression" || (seen.positive > 0 && seen.negative > 0)) return [];
  return [
    finding("data.label-one-class", {
      ...at,
      message: `All ${table.rows} rows of "${file.path}" have "${label}" ${seen.positive > 0 ? "true" : "false"}.`,
    }),
  ];
}

function keyFindings(facts: CheckFacts, file: DataFile, table: TableFacts): Finding[] {
  const key = facts.contract.data.key;
  if (key === undefined) return [];
  const at = place(facts, "data.key");
  if (!table.columns.some((column) => column.name === key))
    return [finding("data.key-missing", { ...at, message: `"${file.path}" has no column "${key}".` })];
  const repeats = table.key ? table.rows - table.key.missing - table.key.distinct : 0;
  const missing = table.key?.missing ?? 0;
  if (repeats === 0 && missing === 0) return [];
  const what = [
    repeats > 0 ? `${repeats} rows repeat a key` : "",
    missing > 0 ? `${missing} rows have none` : "",
  ];
  return [
    finding("data.key-not-unique", {
      ...at,
      message: `"${key}" does not name the rows of "${file.path}": ${what.filter(Boolean).join("; ")}.`,
    }),
  ];
}

function timeFindings(facts: CheckFacts, file: DataFile, table: TableFacts): Finding[] {
  const time = facts.contract.watch?.time;
  if (time === undefined || table.time) return [];
  const column = table.columns.find((candidate) => candidate.name === time);
  if (column?.kind === "integer") return [];
  return [
    finding("data.time-missing", {
      ...place(facts, "watch.time"),
      clause: "watch",
      expected: "a timestamp",
      received: column?.type,
      message: column
        ? `Column "${time}" of "${file.path}" is ${column.type} and holds no times.`
        : `"${file.path}" has no column "${time}".`,
    }),
  ];
}
