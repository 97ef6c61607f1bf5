import {
  allocate,
  type Column,
  elementsPerRow,
  type Feature,
  shownValue,
  withheld,
} from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { binaryOnly, datatypeOf } from "./datatypes.ts";
import { flattenData } from "./flatten-data.ts";
import { readElement, wantedElement } from "./read-element.ts";
import { invalid, listAt, own, parametersOf, textAt, type WireObject } from "./wire-json.ts";

/** One input tensor and where it stands in the request. */
export interface WireTensor {
  readonly tensor: WireObject;
  readonly path: string;
}

/** One JSON tensor as the column of a feature. @throws BatonError `input-invalid`, `unsupported` */
export function decodeTensor(feature: Feature, { tensor, path }: WireTensor, rows: number): Column {
  refuseForeignData(feature, tensor, path);
  checkDatatype(feature, textAt(own(tensor, "datatype"), `${path}.datatype`), path);
  const shape = rowShape(feature, listAt(own(tensor, "shape"), `${path}.shape`), path);
  const wanted = [rows, ...shape];
  const data = flattenData(listAt(own(tensor, "data"), `${path}.data`), wanted, `${path}.data`);
  return fill(feature, shape, data, { path: `${path}.data`, rows });
}

/** A feature for which no tensor came: every row is missing. @throws BatonError `input-invalid` where it has a shape */
export function absentTensor(feature: Feature, rows: number): Column {
  if (feature.shape.length > 0)
    throw invalid(
      "inputs",
      `Input "${feature.name}" is absent.`,
      `Add an input tensor named "${feature.name}".`,
    );
  const values = allocate(feature.type, rows);
  if (isFloat(feature)) (values as Float64Array).fill(Number.NaN);
  return { type: feature.type, shape: [], values, missing: new Uint8Array(rows).fill(1) } as Column;
}

function refuseForeignData({ name }: Feature, tensor: WireObject, path: string): void {
  const parameters = parametersOf(tensor, `${path}.parameters`);
  if (own(parameters, "binary_data_size") !== undefined)
    throw new BatonError("unsupported", `Input "${name}" comes as binary data, which is not served here.`, {
      next: "Send the values in data, as JSON (tritonclient: set_data_from_numpy(…, binary_data=False)).",
    });
  if (own(parameters, "shared_memory_region") !== undefined)
    throw new BatonError("unsupported", `Input "${name}" lies in shared memory, which is not served here.`, {
      next: "Send the values in data, as JSON.",
    });
}

function checkDatatype({ name, type }: Feature, datatype: string, path: string): void {
  const wanted = datatypeOf[type];
  if (datatype === wanted) return;
  const binary = binaryOnly.includes(datatype) ? `; ${datatype} has no form in JSON` : "";
  throw invalid(
    `${path}.datatype`,
    `Input "${name}" is ${wanted}, not ${shownValue(datatype)}${binary}.`,
    `Send datatype ${wanted}.`,
  );
}

function rowShape(feature: Feature, shape: readonly unknown[], path: string): readonly number[] {
  const rest = shape.slice(1);
  const wanted = feature.shape.length === 0 ? [1] : feature.shape;
  const short = feature.shape.length === 0 && rest.length === 0;
  const fits =
    rest.length === wanted.length &&
    rest.every((size, axis) => isSize(size) && (wanted[axis] === -1 || wanted[axis] === size));
  if (!fits && !short)
    throw invalid(
      `${path}.shape`,
      `Input "${feature.name}" has the wrong shape.`,
      `Send shape [rows, ${wanted.map((size) => (size === -1 ? "any" : size)).join(", ")}].`,
    );
  return feature.shape.length === 0 ? [] : (rest as number[]);
}

function isSize(size: unknown): boolean {
  return Number.isSafeInteger(size) && (size as number) > 0;
}

function fill(
  feature: Feature,
  shape: readonly number[],
  data: readonly unknown[],
  { path, rows }: { readonly path: string; readonly rows: number },
): Column {
  const values = allocate(feature.type, rows * elementsPerRow(shape)) as unknown[];
  const scalar = shape.length === 0;
  let missing: Uint8Array | undefined;
  for (let index = 0; index < data.length; index++) {
    const value = data[index];
    if (value === null && (scalar || isFloat(feature))) {
      missing ??= new Uint8Array(rows);
      if (scalar) missing[index] = 1;
      if (isFloat(feature)) values[index] = Number.NaN;
      continue;
    }
    const element = readElement(feature.type, value);
    if (element === undefined) throw unreadable(feature, value, `${path}[${index}]`);
    values[index] = element;
  }
  const mask = missing && scalar ? { missing } : {};
  return { type: feature.type, shape, values, ...mask } as unknown as Column;
}

function unreadable(feature: Feature, value: unknown, path: string): BatonError {
  const received = feature.sensitive ? withheld : shownValue(value);
  return invalid(
    path,
    `Input "${feature.name}" is ${datatypeOf[feature.type]} and this element is ${received}.`,
    `Send ${wantedElement[feature.type]}.`,
  );
}

function isFloat({ type }: Feature): boolean {
  return type === "float32" || type === "float64";
}
