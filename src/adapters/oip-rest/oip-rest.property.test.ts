import fc from "fast-check";
import { expect, test } from "vitest";
import {
  allocate,
  type Column,
  type Contract,
  type ElementType,
  elementsPerRow,
  type Feature,
  type Table,
} from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { datatypeOf } from "./datatypes.ts";
import { decodeInferRequest, encodeInferResponse } from "./index.ts";

const types = Object.keys(datatypeOf) as ElementType[];

const feature = (type: ElementType, shape: readonly number[]): Feature => ({
  name: `${type}-${shape.join("x") || "scalar"}`,
  type,
  shape,
  unknown: "reject",
  missing: "allowed",
  sensitive: false,
});

const features = types.flatMap((type) => [feature(type, []), feature(type, [2, 3])]);

const contract: Contract = {
  level: "sketch",
  model: { name: "m", version: "1.0.0", task: "other" },
  owners: {},
  use: "Test.",
  features,
  outputs: features.map(({ name, type, shape }) => ({ name, type, shape, tensor: name })),
  data: { references: [] },
  rules: [],
  limitations: [],
  gates: [],
  behaviours: [],
  slices: [],
  retrain: [],
};

const valuesOf: Record<ElementType, fc.Arbitrary<unknown>> = {
  float32: fc.float({ noNaN: true, noDefaultInfinity: true }),
  float64: fc.double({ noNaN: true, noDefaultInfinity: true }),
  int32: fc.integer(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  string: fc.string({ unit: "grapheme", maxLength: 8 }).filter((text) => !text.includes("\0")),
  boolean: fc.constantFrom(0, 1),
};

const columnOf = ({ type, shape }: Feature, rows: number): fc.Arbitrary<Column> => {
  const length = rows * elementsPerRow(shape);
  return fc.array(valuesOf[type], { minLength: length, maxLength: length }).map((items) => {
    const values = allocate(type, length) as unknown[];
    for (const [index, item] of items.entries()) values[index] = item;
    return { type, shape, values } as unknown as Column;
  });
};

const tables: fc.Arbitrary<Table> = fc.integer({ min: 1, max: 4 }).chain((rows) =>
  fc.tuple(...features.map((one) => columnOf(one, rows))).map((columns) => ({
    rows,
    columns: new Map(features.map(({ name }, index) => [name, columns[index] as Column])),
  })),
);

/** JSON of which the INT64 data, scalar or list, are decimal texts: JavaScript's own reader would lose digits. */
function parseExactly(text: string): unknown {
  const exact = text.replace(
    /("datatype":"INT64","shape":\[[^\]]*\],"data":)(\[[^\]]*\])/g,
    (_all, head: string, data: string) => head + data.replace(/-?\d+/g, '"$&"'),
  );
  return JSON.parse(exact);
}

test("whatever outputs are written come back unchanged when they are sent as inputs", () => {
  fc.assert(
    fc.property(tables, (table) => {
      const text = encodeInferResponse(contract, { outputs: features.map(({ name }) => name) }, table);
      const { outputs } = parseExactly(text) as { outputs: { data: unknown[] }[] };
      const { table: read } = decodeInferRequest(contract, { inputs: outputs }, { rows: 10 });
      expect(read.rows).toBe(table.rows);
      for (const { name } of features) expect(plain(read, name)).toEqual(plain(table, name));
    }),
    { numRuns: 100 },
  );
});

/** Values as texts, of which -0 is 0 as in JSON. */
function plain({ columns }: Table, name: string): string[] {
  return Array.from(columns.get(name)?.values as ArrayLike<unknown>, (value) => String(value));
}

test("decoding never fails but with an error for the caller, whatever the JSON", () => {
  const word = fc.constantFrom(
    "inputs",
    "name",
    "shape",
    "datatype",
    "data",
    "outputs",
    "parameters",
    "id",
    "__proto__",
    ...features.map(({ name }) => name),
    ...Object.values(datatypeOf),
  );
  const { json } = fc.letrec<{ json: unknown }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      fc.oneof(fc.constant(null), fc.boolean(), fc.double(), word, fc.bigInt()),
      fc.array(tie("json"), { maxLength: 4 }),
      fc.dictionary(word, tie("json"), { maxKeys: 5 }),
    ),
  }));
  const tensor = fc.record({
    name: fc.constantFrom(...features.map(({ name }) => name)),
    shape: json,
    datatype: fc.constantFrom(...Object.values(datatypeOf)),
    data: json,
  });
  const body = fc.oneof(
    json,
    fc.record(
      { inputs: fc.array(fc.oneof(tensor, json), { maxLength: 3 }), outputs: json, parameters: json },
      { requiredKeys: ["inputs"] },
    ),
  );
  fc.assert(
    fc.property(body, (value) => {
      try {
        decodeInferRequest(contract, value, { rows: 10 });
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(BatonError);
        expect(["input-invalid", "input-too-large", "unsupported"]).toContain((thrown as BatonError).code);
        expect((thrown as BatonError).next).toBeTruthy();
      }
    }),
    { numRuns: 2000 },
  );
});
