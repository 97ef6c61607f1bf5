import {
  type Contract,
  compileOutputValidator,
  compileValidator,
  type Table,
  type Violation,
} from "../contract/index.ts";
import { type AnswerSource, answerer } from "./answer-rows.ts";
import { compileDecoder, type DecodedRecords } from "./decode-records.ts";
import { deferObserver } from "./defer-observer.ts";
import { byRow, groupByShape, mergePredictions } from "./group-records.ts";
import { decide } from "./interpret.ts";
import type { Prediction, PredictionObserver, Predictor } from "./prediction.ts";

/** What a predictor may be given beside its contract and source. */
export interface PredictorOptions {
  readonly observer?: PredictionObserver;
  /** A clock in milliseconds, of which only differences count; without it observers see a duration of 0. */
  readonly now?: () => number;
}

/** The one path: decode → validate → run what was accepted → validate the answers → decide; then tell the observer. */
export function predictPath(contract: Contract, source: AnswerSource, options: PredictorOptions): Predictor {
  const validator = compileValidator(contract);
  const decode = compileDecoder(contract);
  const answer = answerer(contract, compileOutputValidator(contract), source);
  const observe = options.observer && deferObserver(options.observer);
  const now = options.now ?? (() => 0);
  const first = contract.outputs[0];
  const open = contract.features.some((feature) => feature.shape.includes(-1));

  const walk = async (start: number, table: Table, decoded?: DecodedRecords, numbers?: Int32Array) => {
    const validation = validator.validate(table, numbers);
    const found =
      decoded && decoded.count > 0 ? beside(decoded, validation.rejections) : validation.rejections;
    const hidden = validation.rejections.length - found.length;
    const accepted = acceptedRows(validation.accepted, decoded?.readable);
    const answers = await answer(table, accepted, numbers);
    const decisions = decide(first, first && answers.outputs.columns.get(first.name));
    const prediction: Prediction = {
      rows: table.rows,
      outputs: answers.outputs,
      answered: answers.answered,
      ...(decisions && { decisions }),
      rejections: joined(decoded?.violations ?? [], found, answers.rejections),
      warnings: validation.warnings,
      counts: {
        rejections: (decoded?.count ?? 0) + validation.counts.rejections - hidden + answers.rejected,
        warnings: validation.counts.warnings,
      },
      ...(source.madeUp && { madeUp: true }),
    };
    observe?.(table, prediction, now() - start);
    return prediction;
  };

  const walkRecords = (records: readonly unknown[], numbers?: Int32Array) => {
    const start = now();
    const decoded = decode(records, numbers);
    return walk(start, decoded.table, decoded, numbers);
  };

  return {
    contract,
    predict: async (table) => walk(now(), table),
    async predictRecords(records) {
      if (!open) return walkRecords(records);
      const parts = [];
      for (const rows of groupByShape(contract, records)) {
        const group = Array.from(rows, (row) => records[row]);
        parts.push({ rows, prediction: await walkRecords(group, rows) });
      }
      return mergePredictions(contract, records.length, parts);
    },
    close: () => source.close(),
  };
}

function acceptedRows(accepted: Uint8Array, readable: Uint8Array | undefined): Int32Array {
  const rows = new Int32Array(accepted.length);
  let count = 0;
  for (let row = 0; row < rows.length; row++)
    if (accepted[row] === 1 && readable?.[row] !== 0) rows[count++] = row;
  return rows.subarray(0, count);
}

/**
 * What validation found beside decoding: a value that could not be read is not also missing, nor wanted by a rule,
 * and a record that is none has no values at all.
 */
function beside(decoded: DecodedRecords, rejections: readonly Violation[]): readonly Violation[] {
  const told = new Set(decoded.violations.map(({ row, clause }) => `${row} ${clause}`));
  const unread = new Set(decoded.violations.map(({ row }) => row));
  const empty = new Set(
    decoded.violations.filter(({ code }) => code === "input.record").map(({ row }) => row),
  );
  return rejections.filter(
    ({ row, clause, code }) =>
      !empty.has(row) &&
      !told.has(`${row} ${clause}`) &&
      !(code === "input.rule-not-evaluable" && unread.has(row)),
  );
}

function joined(...lists: readonly (readonly Violation[])[]): readonly Violation[] {
  const full = lists.filter((list) => list.length > 0);
  return full.length < 2 ? (full[0] ?? []) : byRow(full.flat());
}
