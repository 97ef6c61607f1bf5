import {
  type Column,
  type Contract,
  createReport,
  type Describe,
  type Report,
  type Table,
  type Violation,
} from "../contract/index.ts";
import { absent, closeField, type Field, openField, present, refused } from "./decode-field.ts";
import type { Refusal } from "./read-value.ts";
import { notARecord, refusalWords, unknownFieldWords } from "./record-words.ts";

/** Records as columns, and what could not be read. */
export interface DecodedRecords {
  readonly table: Table;
  /** 1 where the whole record was read. */
  readonly readable: Uint8Array;
  /** By row; at least the first of each unreadable row. */
  readonly violations: readonly Violation[];
  /** All violations, kept or not. */
  readonly count: number;
}

/**
 * Turns plain JSON objects into columns. `rowNumbers` are the numbers by which callers know the records, where they
 * are only some of theirs. @throws BatonError `input-too-large` and nothing else
 */
export type RecordDecoder = (records: readonly unknown[], rowNumbers?: ArrayLike<number>) => DecodedRecords;

/** Slots of keys that are no feature. */
const ignored = -1;
const unknown = -2;
const mostUnknownTold = 5;

interface Reading {
  readonly fields: readonly Field[];
  readonly words: readonly Readonly<Record<Refusal | "absent", Describe>>[];
  readonly unknownField: Describe;
  readonly report: Report;
}

/**
 * Prepares the reading of records for one contract. Only own properties are read: nothing that a prototype
 * carries is ever a value. A value that is absent or null is missing. Unknown keys are refused, except `id`
 * and the key and time fields that the contract names.
 */
export function compileDecoder(contract: Contract): RecordDecoder {
  const names = contract.features.map((feature) => feature.name);
  const words = contract.features.map(refusalWords);
  const slots = new Map<string, number>(companions(contract).map((name) => [name, ignored]));
  for (const [slot, name] of names.entries()) slots.set(name, slot);
  return (records, rowNumbers) => {
    const fields = contract.features.map((feature) => openField(feature, records));
    const report = createReport(records.length, rowNumbers);
    readAll(records, slots, { fields, words, unknownField: unknownFieldWords(names), report });
    const columns = new Map<string, Column>();
    for (const [slot, name] of names.entries()) columns.set(name, closeField(fields[slot] as Field));
    const { accepted, rejections, counts } = report.finish();
    return {
      table: { rows: records.length, columns },
      readable: accepted,
      violations: rejections,
      count: counts.rejections,
    };
  };
}

/** {@link compileDecoder} for one use. */
export function decodeRecords(contract: Contract, records: readonly unknown[]): DecodedRecords {
  return compileDecoder(contract)(records);
}

/** Fields that may stand beside the features: they name the row and its time. */
export function companions(contract: Contract): string[] {
  const named = [contract.labels?.key, contract.data.key, contract.watch?.time];
  return ["id", ...named.filter((name) => name !== undefined)];
}

/** Records mostly have the same keys in the same order: what each key means is looked up once per layout. */
function readAll(records: readonly unknown[], slots: ReadonlyMap<string, number>, reading: Reading): void {
  let keys: readonly string[] = [];
  let layout: readonly number[] = [];
  for (let row = 0; row < records.length; row++) {
    const record = records[row];
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      reading.report.reject(row, notARecord, record);
      continue;
    }
    const found = Object.keys(record);
    if (!sameKeys(found, keys)) {
      keys = found;
      layout = found.map((key) => slots.get(key) ?? unknown);
    }
    readRecord(record as Readonly<Record<string, unknown>>, row, { keys, layout }, reading);
  }
}

function readRecord(
  record: Readonly<Record<string, unknown>>,
  row: number,
  { keys, layout }: { readonly keys: readonly string[]; readonly layout: readonly number[] },
  { fields, words, unknownField, report }: Reading,
): void {
  let unknownKeys = 0;
  for (let i = 0; i < keys.length; i++) {
    const slot = layout[i] as number;
    if (slot === ignored) continue;
    if (slot === unknown) {
      if (unknownKeys++ < mostUnknownTold) report.reject(row, unknownField, keys[i]);
      continue;
    }
    const value = record[keys[i] as string];
    if (value === null || value === undefined) continue;
    const field = fields[slot] as Field;
    const refusal = field.read(value, row);
    field.state[row] = refusal ? refused : present;
    if (refusal) report.reject(row, (words[slot] as Reading["words"][number])[refusal], value);
  }
  for (let slot = 0; slot < fields.length; slot++) {
    const { open, state } = fields[slot] as Field;
    if (open && state[row] === absent)
      report.reject(row, (words[slot] as Reading["words"][number]).absent, undefined);
  }
}

function sameKeys(found: readonly string[], keys: readonly string[]): boolean {
  if (found.length !== keys.length) return false;
  for (let i = 0; i < found.length; i++) if (found[i] !== keys[i]) return false;
  return true;
}
