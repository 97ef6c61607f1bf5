import {
  type Column,
  type Contract,
  createReport,
  type Describe,
  finishReport,
  type Report,
  rejectRow,
  type Table,
  type Violation,
} from "../contract/index.ts";
import { absent, closeField, compileField, type Field, present, refused } from "./decode-field.ts";
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
const mostSuggestions = 20;

interface Words {
  readonly byFeature: readonly Readonly<Record<Refusal | "absent", Describe>>[];
  readonly unknownField: Describe;
  readonly unknownFieldSuggesting: Describe;
}

interface Reading {
  readonly fields: readonly Field[];
  readonly words: Words;
  readonly report: Report;
  unknownFields: number;
}

/** What the keys of a record mean, in their order. */
interface Layout {
  readonly keys: readonly string[];
  readonly slots: readonly number[];
}

/**
 * Prepares the reading of records for one contract. Only own properties are read: nothing that a prototype
 * carries is ever a value. A value that is absent or null is missing. Unknown keys are refused, except `id`
 * and the key and time fields that the contract names.
 */
export function compileDecoder(contract: Contract): RecordDecoder {
  const { features } = contract;
  const names = features.map((feature) => feature.name);
  const openers = features.map(compileField);
  const openSlots = names.map((_, slot) => slot).filter((slot) => features[slot]?.shape.includes(-1));
  const words: Words = {
    byFeature: features.map(refusalWords),
    unknownField: unknownFieldWords(names, false),
    unknownFieldSuggesting: unknownFieldWords(names, true),
  };
  const slots = new Map<string, number>(companions(contract).map((name) => [name, ignored]));
  for (const [slot, name] of names.entries()) slots.set(name, slot);
  return (records, rowNumbers) => {
    const fields: Field[] = [];
    for (const open of openers) fields.push(open(records));
    const reading = { fields, words, report: createReport(records.length, rowNumbers), unknownFields: 0 };
    readAll(records, slots, reading);
    for (const slot of openSlots) refuseAbsent(reading, slot);
    const columns = new Map<string, Column>();
    for (let slot = 0; slot < names.length; slot++)
      columns.set(names[slot] as string, closeField(fields[slot] as Field));
    const { accepted, rejections, counts } = finishReport(reading.report);
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
  let layout: Layout = { keys: [], slots: [] };
  for (let row = 0; row < records.length; row++) {
    const record = records[row];
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      rejectRow(reading.report, row, notARecord, record);
      continue;
    }
    const keys = Object.keys(record);
    if (!sameKeys(keys, layout.keys)) layout = { keys, slots: keys.map((key) => slots.get(key) ?? unknown) };
    readRecord(record as Readonly<Record<string, unknown>>, row, layout, reading);
  }
}

function readRecord(
  record: Readonly<Record<string, unknown>>,
  row: number,
  { keys, slots }: Layout,
  reading: Reading,
): void {
  const { fields, words, report } = reading;
  const values = Object.values(record);
  let unknownKeys = 0;
  for (let i = 0; i < keys.length; i++) {
    const slot = slots[i] as number;
    if (slot === ignored) continue;
    const key = keys[i] as string;
    if (slot === unknown) {
      if (unknownKeys++ < mostUnknownTold) refuseKey(reading, row, key);
      continue;
    }
    const value = values[i];
    if (value === null || value === undefined) continue;
    const field = fields[slot] as Field;
    const refusal = field.read(field.values, value, row);
    const { state } = field;
    if (state) state[row] = refusal ? refused : present;
    if (refusal)
      rejectRow(report, row, (words.byFeature[slot] as Words["byFeature"][number])[refusal], value);
  }
}

function refuseKey(reading: Reading, row: number, key: string): void {
  const { words, report } = reading;
  const suggests = reading.unknownFields++ < mostSuggestions;
  rejectRow(report, row, suggests ? words.unknownFieldSuggesting : words.unknownField, key);
}

/** A missing value of open size has no size to be filled up to. */
function refuseAbsent({ fields, words, report }: Reading, slot: number): void {
  const { state } = fields[slot] as Field;
  const describe = (words.byFeature[slot] as Words["byFeature"][number]).absent;
  for (let row = 0; state && row < state.length; row++)
    if (state[row] === absent) rejectRow(report, row, describe, undefined);
}

function sameKeys(found: readonly string[], keys: readonly string[]): boolean {
  if (found.length !== keys.length) return false;
  for (let i = 0; i < found.length; i++) if (found[i] !== keys[i]) return false;
  return true;
}
