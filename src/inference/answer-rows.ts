import {
  allocate,
  type Column,
  type Contract,
  elementsPerRow,
  type Table,
  type Validator,
  type Violation,
} from "../contract/index.ts";
import { BatonError, messageOf } from "../kernel/index.ts";

/** What gives the answers on the path: a model, or a sketch. */
export interface AnswerSource {
  /** Most rows that one call takes. */
  readonly mostRows: number;
  readonly madeUp?: true;
  /** Outputs for the chosen rows of a table, in their order. */
  answer(table: Table, rows: Int32Array): Promise<Table>;
  close(): Promise<void>;
}

/** Answers for all rows of a table; those not asked for, failed or withheld hold zeros and are 0 in `answered`. */
export interface Answers {
  readonly outputs: Table;
  readonly answered: Uint8Array;
  readonly rejections: readonly Violation[];
  readonly rejected: number;
}

/** Asks a source for chosen rows, in runs of the size it takes, and withholds every answer that breaks an output clause. */
export function answerer(contract: Contract, validator: Validator, source: AnswerSource) {
  const hidesInputs = contract.features.some((feature) => feature.sensitive);
  return async (table: Table, rows: Int32Array, rowNumbers?: Int32Array): Promise<Answers> => {
    const columns = new Map(contract.outputs.map((output) => [output.name, emptyColumn(output, table.rows)]));
    const answered = new Uint8Array(table.rows);
    const rejections: Violation[] = [];
    let rejected = 0;
    const numberOf = (row: number) => rowNumbers?.[row] ?? row;

    const ask = async (run: Int32Array): Promise<void> => {
      const answers = await source.answer(table, run).catch((thrown: unknown) => failureOf(thrown));
      if (answers instanceof BatonError) return isolate(run, answers);
      const validation = validator.validate(answers, run.map(numberOf));
      for (const violation of validation.rejections) rejections.push(violation);
      rejected += validation.counts.rejections;
      for (const [name, target] of columns)
        copyRows(answers.columns.get(name) as Column, target, run, validation.accepted);
      for (let i = 0; i < run.length; i++) answered[run[i] as number] = validation.accepted[i] as number;
    };

    // One row on which the runtime fails must not take its neighbours with it: halves are tried again, down to that row.
    const isolate = async (run: Int32Array, failure: BatonError): Promise<void> => {
      if (run.length > 1) {
        const half = run.length >> 1;
        await ask(run.subarray(0, half));
        return ask(run.subarray(half));
      }
      rejected++;
      rejections.push(failedRow(numberOf(run[0] as number), hidesInputs ? "no answer" : messageOf(failure)));
    };

    for (let start = 0; start < rows.length; start += source.mostRows)
      await ask(rows.subarray(start, Math.min(start + source.mostRows, rows.length)));
    return { outputs: { rows: table.rows, columns }, answered, rejections, rejected };
  };
}

/** A fault of the runtime may lie in one row; every other error ends the call. */
function failureOf(thrown: unknown): BatonError {
  if (thrown instanceof BatonError && thrown.code === "internal") return thrown;
  throw thrown;
}

function failedRow(row: number, received: string): Violation {
  return {
    row,
    clause: "outputs",
    code: "output.failed",
    path: `outputs[${row}]`,
    expected: "an answer",
    received,
    message: `The model's runtime failed on row ${row}.`,
  };
}

function emptyColumn(output: Contract["outputs"][number], rows: number): Column {
  const { type, shape } = output;
  return { type, shape, values: allocate(type, rows * elementsPerRow(shape)) } as Column;
}

function copyRows(source: Column, target: Column, rows: Int32Array, accepted: Uint8Array): void {
  const perRow = elementsPerRow(target.shape);
  const from = source.values as readonly unknown[];
  const to = target.values as unknown[];
  for (let i = 0; i < rows.length; i++) {
    if (accepted[i] !== 1) continue;
    const at = (rows[i] as number) * perRow;
    for (let element = 0; element < perRow; element++) to[at + element] = from[i * perRow + element];
  }
}
