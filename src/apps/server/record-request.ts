import type { Contract } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import type { JsonBody } from "./read-json.ts";

/** A request with named records. */
export interface RecordRequest {
  readonly records: readonly unknown[];
  /** Answer the good rows although others are rejected. */
  readonly partial: boolean;
}

/** The request in a JSON body. @throws BatonError `input-invalid`, `input-too-large` */
export function recordRequest(contract: Contract, body: JsonBody, mostRows: number): RecordRequest {
  const { records, partial = false, ...rest } = objectOf(body.value);
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined)
    throw invalid(
      `The body has a field ${JSON.stringify(unknown.slice(0, 60))} that means nothing here.`,
      'Put the features of each row into "records".',
    );
  if (!Array.isArray(records) || records.length === 0)
    throw invalid('"records" is not a list with at least one record.', 'Send {"records": [{…}]}.');
  if (records.length > mostRows)
    throw new BatonError(
      "input-too-large",
      `A request may have ${mostRows} records; this one has ${records.length}.`,
      { next: "Send several smaller requests, or use baton predict for files." },
    );
  if (typeof partial !== "boolean")
    throw invalid('"partial" is neither true nor false.', "Leave it out, or send true or false.");
  if (body.bigIntegers) for (const record of records) placeBigIntegers(contract, record);
  return { records, partial };
}

const longestId = 256;

/**
 * Checks what names the rows: text or a number, not very long, so that it comes back as it was sent.
 * @throws BatonError `input-invalid`
 */
export function checkIds(records: readonly unknown[], keys: readonly string[]): void {
  for (const [row, record] of records.entries()) {
    if (typeof record !== "object" || record === null) continue;
    for (const key of keys) {
      const id = Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;
      const fits =
        id === undefined ||
        id === null ||
        typeof id === "number" ||
        (typeof id === "string" && id.length <= longestId);
      if (!fits)
        throw invalid(
          `records[${row}].${key} is neither a number nor a text of at most ${longestId} characters.`,
          "Send an id that can come back with the answer, or none.",
        );
    }
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw invalid("The body is not a JSON object.", 'Send {"records": [{…}]}.');
}

function invalid(message: string, next: string): BatonError {
  return new BatonError("input-invalid", message, { next });
}

/** Whole numbers beyond 2^53 stay exact where a feature is int64, are numbers for other features, and text elsewhere (ids). */
function placeBigIntegers(contract: Contract, record: unknown): void {
  if (typeof record !== "object" || record === null || Array.isArray(record)) return;
  const types = new Map(contract.features.map(({ name, type }) => [name, type]));
  const fields = record as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const type = types.get(key);
    if (type === "int64" || key === "__proto__") continue;
    fields[key] = withoutBigIntegers(fields[key], type === undefined ? String : Number);
  }
}

function withoutBigIntegers(value: unknown, convert: (whole: bigint) => unknown): unknown {
  if (typeof value === "bigint") return convert(value);
  return Array.isArray(value) ? value.map((item) => withoutBigIntegers(item, convert)) : value;
}
