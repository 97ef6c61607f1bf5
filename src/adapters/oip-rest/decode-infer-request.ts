import { type Column, type Contract, shownValue, type Table } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { absentTensor, decodeTensor, type WireTensor } from "./decode-tensor.ts";
import {
  invalid,
  listAt,
  objectAt,
  own,
  parametersOf,
  someOf,
  textAt,
  type WireObject,
} from "./wire-json.ts";

/** One infer request, decoded. */
export interface InferRequest {
  readonly id?: string;
  readonly table: Table;
  /** Names of the outputs that were asked for, in that order; all of them where none were named. */
  readonly outputs: readonly string[];
  /** Where each input stands: `inputs[2]`, by name. */
  readonly places: ReadonlyMap<string, string>;
}

const longestId = 256;

/** Decodes an infer request body. @throws BatonError `input-invalid`, `input-too-large`, `unsupported` */
export function decodeInferRequest(
  contract: Contract,
  body: unknown,
  limits: { readonly rows: number },
): InferRequest {
  const request = objectAt(body, "body");
  refuseBinaryOutputs(request);
  const id = idOf(request);
  const outputs = requestedOutputs(contract, request);
  const inputs = inputsOf(contract, request);
  const rows = rowsOf(inputs, limits.rows);
  const columns = new Map<string, Column>();
  for (const feature of contract.features) {
    const given = inputs.get(feature.name);
    columns.set(feature.name, given ? decodeTensor(feature, given, rows) : absentTensor(feature, rows));
  }
  const places = new Map([...inputs].map(([name, { path }]) => [name, path]));
  return { ...(id === undefined ? {} : { id }), table: { rows, columns }, outputs, places };
}

function refuseBinaryOutputs(request: WireObject): void {
  if (own(parametersOf(request, "parameters"), "binary_data_output") === true)
    throw new BatonError("unsupported", "Binary tensors are not served here.", {
      next: "Leave out binary_data_output, and name the outputs with binary_data false: JSON tensors are served.",
    });
}

function idOf(request: WireObject): string | undefined {
  const id = own(request, "id");
  if (id === undefined || id === null) return undefined;
  if (typeof id === "string" && id.length <= longestId) return id;
  throw invalid(
    "id",
    "The id is no string, or a very long one.",
    `Send a string of at most ${longestId} characters, or no id.`,
  );
}

function inputsOf(contract: Contract, request: WireObject): ReadonlyMap<string, WireTensor> {
  const known = contract.features.map((feature) => feature.name);
  const names = new Set(known);
  const inputs = new Map<string, WireTensor>();
  for (const [index, entry] of listAt(own(request, "inputs"), "inputs").entries()) {
    const path = `inputs[${index}]`;
    const tensor = objectAt(entry, path);
    const name = textAt(own(tensor, "name"), `${path}.name`);
    if (!names.has(name))
      throw invalid(path, `The model has no input ${shownValue(name)}.`, `Inputs are: ${someOf(known)}.`);
    if (inputs.has(name)) throw invalid(path, `Input "${name}" is given twice.`, "Give each input once.");
    inputs.set(name, { tensor, path });
  }
  return inputs;
}

function rowsOf(inputs: ReadonlyMap<string, WireTensor>, limit: number): number {
  let rows: number | undefined;
  for (const { tensor, path } of inputs.values()) {
    const first = listAt(own(tensor, "shape"), `${path}.shape`)[0];
    if (typeof first !== "number" || !Number.isSafeInteger(first) || first < 0)
      throw invalid(`${path}.shape`, "The first dimension is no number of rows.", "Write shape [rows, 1].");
    rows ??= first;
    if (rows !== first)
      throw invalid(
        `${path}.shape`,
        `This input has ${first} rows and the first has ${rows}.`,
        "Give every input the same number of rows.",
      );
  }
  if (rows === undefined) throw invalid("inputs", "There is no input.", "Send at least one input tensor.");
  if (rows === 0) throw invalid("inputs", "There are no rows.", "Send at least one row.");
  if (rows > limit)
    throw new BatonError("input-too-large", `A request may have ${limit} rows; this one has ${rows}.`, {
      next: "Send several smaller requests.",
    });
  return rows;
}

function requestedOutputs(contract: Contract, request: WireObject): readonly string[] {
  const all = contract.outputs.map((output) => output.name);
  const wanted = own(request, "outputs");
  if (wanted === undefined || wanted === null) return all;
  const asked = new Set<string>();
  for (const [index, entry] of listAt(wanted, "outputs").entries()) {
    const path = `outputs[${index}]`;
    const output = objectAt(entry, path);
    refuseOutputForms(parametersOf(output, `${path}.parameters`));
    const name = textAt(own(output, "name"), `${path}.name`);
    if (!all.includes(name))
      throw invalid(path, `The model has no output ${shownValue(name)}.`, `Outputs are: ${someOf(all)}.`);
    if (asked.has(name))
      throw invalid(path, `Output "${name}" is asked for twice.`, "Ask for each output once.");
    asked.add(name);
  }
  return asked.size > 0 ? [...asked] : all;
}

function refuseOutputForms(parameters: WireObject): void {
  const form = ["classification", "shared_memory_region"].find((name) => own(parameters, name) !== undefined);
  if (form === undefined && own(parameters, "binary_data") !== true) return;
  throw new BatonError("unsupported", `${form ?? "binary_data"} of an output is not served here.`, {
    next: "Ask for plain JSON outputs.",
  });
}
