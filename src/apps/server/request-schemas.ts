import type { Contract, Feature, Range } from "../../contract/index.ts";
import { namingFields, timeField } from "./request-fields.ts";
import type { ServerLimits } from "./server-options.ts";

/** A JSON Schema, or another part of an OpenAPI document. */
export type Schema = Record<string, unknown>;

const bothWays = "^-?[0-9]{1,19}$";

/** Schemas of what callers send. `x-clause` names the clause that the server enforces. */
export function requestSchemas(contract: Contract, limits: Pick<ServerLimits, "rows">): Schema {
  return {
    Record: recordSchema(contract),
    PredictRequest: {
      type: "object",
      properties: {
        records: {
          type: "array",
          minItems: 1,
          maxItems: limits.rows,
          items: { $ref: "#/components/schemas/Record" },
        },
        partial: {
          type: "boolean",
          default: false,
          description: "Answer the good rows although others are rejected; those come back with `errors`.",
        },
      },
      required: ["records"],
      additionalProperties: false,
    },
    InferRequest: {
      type: "object",
      properties: {
        id: { type: "string", maxLength: 256 },
        inputs: { type: "array", minItems: 1, items: { $ref: "#/components/schemas/InputTensor" } },
        outputs: {
          type: "array",
          items: {
            type: "object",
            properties: { name: { enum: contract.outputs.map((output) => output.name) } },
            required: ["name"],
          },
        },
      },
      required: ["inputs"],
    },
    InputTensor: tensorSchema(contract.features.map((feature) => feature.name)),
  };
}

/** A tensor of the Open Inference Protocol with one of these names. */
export function tensorSchema(names: readonly string[]): Schema {
  return {
    type: "object",
    properties: {
      name: { enum: names },
      datatype: { enum: ["FP32", "FP64", "INT32", "INT64", "BYTES", "BOOL"] },
      shape: { type: "array", minItems: 1, items: { type: "integer", minimum: 0 } },
      data: { type: "array", description: "Row-major, flat or nested." },
    },
    required: ["name", "datatype", "shape", "data"],
  };
}

function recordSchema(contract: Contract): Schema {
  const time = timeField(contract);
  const naming = namingFields(contract).map((name) => [
    name,
    {
      type: ["string", "number", "null"],
      maxLength: 256,
      description: "Names the row and comes back as `id`; not given to the model.",
    },
  ]);
  const dated =
    time === undefined ? [] : [[time, { description: "When it happened; not given to the model." }]];
  return {
    type: "object",
    description: [
      "One row. A value that may be missing is null or left out.",
      ...contract.rules.map((rule) => `Rule ${rule.id}: ${rule.text ?? rule.assert}`),
    ].join("\n\n"),
    properties: Object.fromEntries([
      ...contract.features.map((feature) => [feature.name, featureSchema(feature)]),
      ...naming,
      ...dated,
    ]),
    required: contract.features.filter(isRequired).map((feature) => feature.name),
    additionalProperties: false,
    "x-rules": contract.rules.map(({ id, assert, otherwise, whenMissing, text }) => ({
      clause: `rules.${id}`,
      assert,
      otherwise,
      "when-missing": whenMissing,
      ...(text ? { text } : {}),
    })),
  };
}

/** A missing value is taken where the contract allows it and the model can be given something in its place. */
function isRequired({ missing, missingAs, type }: Feature): boolean {
  return missing === "reject" || (missingAs === undefined && type !== "float32" && type !== "float64");
}

function featureSchema(feature: Feature): Schema {
  const optional = !isRequired(feature);
  const element = elementSchema(feature);
  const whole =
    feature.shape.length === 0 ? element : listOf(feature.shape, floatsMayBeNull(feature, element));
  return {
    ...(optional ? orNull(whole) : whole),
    description: describe(feature, optional),
    "x-clause": `features.${feature.name}`,
    ...(feature.expected ? { "x-expected": feature.expected } : {}),
    ...(feature.unit ? { "x-unit": feature.unit } : {}),
    ...(feature.values && feature.unknown === "warn" ? { "x-known-values": feature.values } : {}),
    ...(feature.sensitive ? { "x-sensitive": true } : {}),
  };
}

function elementSchema({ type, range, values, unknown }: Feature): Schema {
  const closed = values !== undefined && unknown === "reject";
  switch (type) {
    case "string":
      return { type: "string", maxLength: 16_384, ...(closed ? { enum: values } : {}) };
    case "boolean":
      return { type: "boolean", ...(closed ? { enum: values.map((value) => value === "true") } : {}) };
    case "int64":
      return closed
        ? {
            enum: values.flatMap((value) =>
              Number.isSafeInteger(Number(value)) ? [Number(value), value] : [value],
            ),
          }
        : { type: ["integer", "string"], pattern: bothWays, ...bounds(range) };
    case "int32":
      return {
        type: "integer",
        minimum: Math.max(range?.[0] ?? -(2 ** 31), -(2 ** 31)),
        maximum: Math.min(range?.[1] ?? 2 ** 31 - 1, 2 ** 31 - 1),
        ...(closed ? { enum: values.map(Number) } : {}),
      };
    default:
      return { type: "number", ...bounds(range), ...(closed ? { enum: values.map(Number) } : {}) };
  }
}

function floatsMayBeNull({ type }: Feature, element: Schema): Schema {
  return type === "float32" || type === "float64" ? orNull(element) : element;
}

function orNull(schema: Schema): Schema {
  const { type, enum: listed, ...rest } = schema;
  return {
    ...rest,
    ...(type === undefined ? {} : { type: [type, "null"].flat() }),
    ...(Array.isArray(listed) ? { enum: [...listed, null] } : {}),
  };
}

/** Nested lists of a shape; -1 is any number. */
export function listOf(shape: readonly number[], element: Schema): Schema {
  return shape.reduceRight<Schema>(
    (items, size) => ({
      type: "array",
      items,
      ...(size === -1 ? { minItems: 1 } : { minItems: size, maxItems: size }),
    }),
    element,
  );
}

/** A range as JSON Schema says it. */
export function bounds(range: Range | undefined): Schema {
  const [low, high] = range ?? [null, null];
  return { ...(low === null ? {} : { minimum: low }), ...(high === null ? {} : { maximum: high }) };
}

function describe({ how, why, unit, expected, values, unknown }: Feature, optional: boolean): string {
  const soft = expected
    ? `Expected ${expected[0] ?? "…"} to ${expected[1] ?? "…"}; outside is answered with a warning.`
    : "";
  const others =
    values && unknown === "warn" ? "Values that are not listed are answered with a warning." : "";
  const measured = unit && unit !== "1" ? `Unit: ${unit}.` : "";
  const presence = optional ? "May be missing." : "Must be there.";
  return [how, why, measured, soft, others, presence].filter(Boolean).join(" ");
}
