import { type Column, type Contract, type Table, type Violation, valueAt } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { datatypeOf } from "./datatypes.ts";
import type { InferRequest } from "./decode-infer-request.ts";

/** What is told beside the outputs: `parameters` of the response. */
export type ResponseParameters = Readonly<Record<string, string | number | boolean>>;

/**
 * JSON text of an infer response; `answers` holds all rows. Whole numbers are written with every digit,
 * which JSON allows and readers other than JavaScript keep.
 */
export function encodeInferResponse(
  contract: Contract,
  request: Pick<InferRequest, "id" | "outputs">,
  answers: Table,
  parameters: ResponseParameters = {},
): string {
  const head = {
    model_name: contract.model.name,
    model_version: contract.model.version,
    ...(request.id === undefined ? {} : { id: request.id }),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
  };
  const outputs = request.outputs.map((name) => tensorText(name, answers));
  return `${JSON.stringify(head).slice(0, -1)},"outputs":[${outputs.join(",")}]}`;
}

/** Where a violation stands in the request's tensors: `inputs[2].data[7]`, or `row 7`. */
export function placeInRequest(request: InferRequest, { clause, row }: Violation): string {
  const name = clause.startsWith("features.") ? clause.slice("features.".length) : "";
  const place = request.places.get(name);
  if (place === undefined) return `row ${row}`;
  const scalar = request.table.columns.get(name)?.shape.length === 0;
  return scalar ? `${place}.data[${row}]` : `${place} row ${row}`;
}

function tensorText(name: string, answers: Table): string {
  const column = answers.columns.get(name);
  if (!column) throw new BatonError("internal", `The output "${name}" is absent.`);
  const head = {
    name,
    datatype: datatypeOf[column.type],
    shape: [answers.rows, ...(column.shape.length > 0 ? column.shape : [1])],
  };
  return `${JSON.stringify(head).slice(0, -1)},"data":${dataText(column)}}`;
}

function dataText(column: Column): string {
  if (column.type === "int64") return `[${column.values.join(",")}]`;
  return JSON.stringify(Array.from({ length: column.values.length }, (_, index) => valueAt(column, index)));
}
