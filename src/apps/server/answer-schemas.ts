import type { Contract, Output } from "../../contract/index.ts";
import { bounds, listOf, type Schema, tensorSchema } from "./request-schemas.ts";

/** Schemas of what comes back. */
export function answerSchemas(contract: Contract): Schema {
  const sketch = {
    type: "boolean",
    const: true,
    description: "There where a sketch made the answers up: they mean nothing.",
  };
  return {
    PredictResponse: {
      type: "object",
      properties: {
        model: { type: "string" },
        version: { type: "string" },
        sketch,
        predictions: {
          type: "array",
          items: {
            oneOf: [{ $ref: "#/components/schemas/Answer" }, { $ref: "#/components/schemas/Rejection" }],
          },
        },
      },
      required: ["model", "version", "predictions"],
    },
    Answer: answerSchema(contract),
    Rejection: {
      type: "object",
      description: "A record that got no answer; only where `partial` was asked for.",
      properties: { id, errors: { type: "array", items: violation } },
      required: ["id", "errors"],
      additionalProperties: false,
    },
    Violation: violationSchema,
    InferResponse: {
      type: "object",
      properties: {
        model_name: { type: "string" },
        model_version: { type: "string" },
        id: { type: "string" },
        parameters: { type: "object", properties: { sketch, warnings: { type: "integer" } } },
        outputs: { type: "array", items: { $ref: "#/components/schemas/OutputTensor" } },
      },
      required: ["model_name", "outputs"],
    },
    OutputTensor: tensorSchema(contract.outputs.map((output) => output.name)),
    Error: errorSchema,
  };
}

const id = { type: ["string", "number"], description: "The record's own id, or one that was made up." };
const violation = { $ref: "#/components/schemas/Violation" };

function answerSchema(contract: Contract): Schema {
  const decides = contract.outputs[0]?.threshold !== undefined;
  return {
    type: "object",
    properties: {
      id,
      outputs: {
        type: "object",
        properties: Object.fromEntries(contract.outputs.map((output) => [output.name, outputSchema(output)])),
        required: contract.outputs.map((output) => output.name),
        additionalProperties: false,
      },
      ...(decides ? { decision: { type: "boolean", description: decisionText(contract.outputs[0]) } } : {}),
      warnings: { type: "array", items: violation, description: "What is unusual about the row." },
    },
    required: ["id", "outputs", "warnings", ...(decides ? ["decision"] : [])],
    additionalProperties: false,
  };
}

function outputSchema(output: Output): Schema {
  const element = elementSchema(output);
  return {
    ...(output.shape.length === 0 ? element : listOf(output.shape, element)),
    description: [output.meaning, output.unit && output.unit !== "1" ? `Unit: ${output.unit}.` : ""]
      .filter(Boolean)
      .join(" "),
    "x-clause": `outputs.${output.name}`,
  };
}

function elementSchema({ type, range }: Output): Schema {
  switch (type) {
    case "string":
      return { type: "string" };
    case "boolean":
      return { type: "boolean" };
    case "int64":
      return { type: ["integer", "string"], pattern: "^-?[0-9]{1,19}$", ...bounds(range) };
    case "int32":
      return { type: "integer", ...bounds(range) };
    case "float32":
      return { type: "number", ...bounds(range && [outward(range[0], -1), outward(range[1], 1)]) };
    default:
      return { type: "number", ...bounds(range) };
  }
}

/** A float32 is compared with the bound as a float32 is rounded: the written number may be a little outside. */
function outward(bound: number | null, direction: 1 | -1): number | null {
  if (bound === null) return null;
  return direction * Math.max(direction * bound, direction * Math.fround(bound));
}

function decisionText(output: Output | undefined): string {
  return `True where ${output?.name} is at least ${output?.threshold}.`;
}

const violationSchema: Schema = {
  type: "object",
  properties: {
    code: { type: "string", examples: ["input.range"] },
    clause: { type: "string", examples: ["features.age"] },
    path: { type: "string", examples: ["records[0].age"] },
    expected: { type: "string" },
    received: { type: "string", description: "Withheld for sensitive features." },
    message: { type: "string" },
  },
  required: ["code", "message"],
};

const errorSchema: Schema = {
  type: "object",
  properties: {
    error: { type: "string", description: "What is wrong and what to do, in one text." },
    type: { type: "string", format: "uri" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    next: { type: "string" },
    errors: { type: "array", items: violation },
  },
  required: ["error", "type", "title", "status", "detail", "code", "errors"],
};
