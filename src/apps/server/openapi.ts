import type { Contract } from "../../contract/index.ts";
import { answerSchemas } from "./answer-schemas.ts";
import type { ExampleRecord } from "./public-examples.ts";
import { requestSchemas, type Schema } from "./request-schemas.ts";
import type { ServerOptions } from "./server-options.ts";

/** What the document says; `examples` are already fit to be shown. */
export type Described = Pick<ServerOptions, "contract" | "version" | "limits"> & {
  readonly examples: readonly ExampleRecord[];
};

/** The API of one served contract as OpenAPI 3.1; every bound, category and rule comes from the contract. */
export function openApiDocument(described: Described): Schema {
  const { contract, version, limits } = described;
  const { model } = contract;
  return {
    openapi: "3.1.0",
    info: {
      title: `${model.name} ${model.version}`,
      version: model.version,
      description: introduction(contract, version),
      ...(model.licence ? { license: licence(model.licence) } : {}),
    },
    tags: [
      { name: "records", description: "Named records" },
      { name: "oip", description: "Open Inference Protocol v2" },
      { name: "documents", description: "What is served, and how it does" },
    ],
    paths: {
      [`/v1/models/${model.name}/predict`]: { post: predictOperation(described) },
      ...protocolPaths(model.name),
      ...documentPaths,
    },
    components: {
      schemas: { ...requestSchemas(contract, limits), ...answerSchemas(contract) },
      responses,
    },
  };
}

/** A word such as Apache-2.0 is an SPDX identifier; prose is only a name. */
function licence(name: string): Schema {
  return { name, ...(/^[A-Za-z0-9.+-]+$/.test(name) ? { identifier: name } : {}) };
}

function introduction({ use, run }: Contract, version: string): string {
  const sketch =
    run === undefined ? " This is a sketch: answers are made up, keep to the contract and mean nothing." : "";
  return `${use}\n\nServed by baton ${version}. Types, bounds, categories and rules are the contract's and are enforced.${sketch}`;
}

function predictOperation({ examples }: Described): Schema {
  const example = {
    "from-the-joint-set": { summary: "Rows of the joint set", value: { records: examples.slice(0, 2) } },
  };
  return {
    operationId: "predict",
    tags: ["records"],
    summary: "Predict for named records",
    requestBody: {
      required: true,
      content: {
        "application/json": {
          schema: { $ref: "#/components/schemas/PredictRequest" },
          ...(examples.length > 0 ? { examples: example } : {}),
        },
      },
    },
    responses: {
      "200": {
        description: "One answer for each record, in order.",
        headers: {
          "baton-sketch": {
            description: "There where a sketch made the answers up.",
            schema: { type: "string" },
          },
          "baton-warning": {
            description: "Why this baton would normally not be served.",
            schema: { type: "string" },
          },
        },
        content: { "application/json": { schema: { $ref: "#/components/schemas/PredictResponse" } } },
      },
      ...failures,
    },
  };
}

const failureTexts = {
  "400": "The request breaks the contract; `errors` names clause, path, what was expected and what came.",
  "404": "There is nothing of this name here.",
  "413": "The request is too large.",
  "429": "Too many requests at once.",
  "500": "The answer broke an output clause and was withheld, or the server is at fault.",
  "501": "The request asks for something that is not served here.",
  "503": "Shutting down.",
  "504": "The time limit passed.",
} as const;

const responses: Schema = Object.fromEntries(
  Object.entries(failureTexts).map(([status, description]) => {
    const schema = { $ref: "#/components/schemas/Error" };
    return [
      `Failure${status}`,
      { description, content: { "application/json": { schema }, "application/problem+json": { schema } } },
    ];
  }),
);

const failures: Schema = Object.fromEntries(
  Object.keys(failureTexts).map((status) => [status, { $ref: `#/components/responses/Failure${status}` }]),
);

function get(operationId: string, summary: string, type: string, tag: string): Schema {
  const content = {
    [type]: { schema: type === "application/json" ? { type: "object" } : { type: "string" } },
  };
  return {
    get: { operationId, tags: [tag], summary, responses: { "200": { description: summary, content } } },
  };
}

function protocolPaths(name: string): Schema {
  const base = `/v2/models/${name}`;
  return {
    [`${base}/infer`]: {
      post: {
        operationId: "infer",
        tags: ["oip"],
        summary: "Infer with JSON tensors",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/InferRequest" } } },
        },
        responses: {
          "200": {
            description: "Output tensors.",
            content: { "application/json": { schema: { $ref: "#/components/schemas/InferResponse" } } },
          },
          ...failures,
        },
      },
    },
    [base]: get("modelMetadata", "Names, types and shapes", "application/json", "oip"),
    [`${base}/config`]: get("modelConfig", "Configuration", "application/json", "oip"),
    [`${base}/stats`]: get("modelStatistics", "Counts and durations", "application/json", "oip"),
    [`${base}/ready`]: get("modelReady", "Ready for requests; 503 where not", "application/json", "oip"),
    "/v2": get("serverMetadata", "Name, version, extensions", "application/json", "oip"),
    "/v2/health/live": get("live", "The process lives", "application/json", "oip"),
    "/v2/health/ready": get("ready", "Ready for requests; 503 where not", "application/json", "oip"),
  };
}

const documentPaths: Schema = {
  "/contract": get("contract", "The contract as it was sealed", "text/yaml", "documents"),
  "/metrics": get("metrics", "Prometheus metrics", "text/plain", "documents"),
};
