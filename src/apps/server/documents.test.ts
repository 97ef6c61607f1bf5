import { createHash } from "node:crypto";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, expect, test } from "vitest";
import { clausesOf } from "../../contract/index.ts";
import { openApiDocument } from "./openapi.ts";
import { publicExamples } from "./public-examples.ts";
import { defaultLimits } from "./server-options.ts";
import { goodRecord, parcels, serverOptions, testServer } from "./test-serving.ts";

const server = testServer();
afterAll(() => server.app.close());

const examples = publicExamples(parcels, serverOptions().examples);
const document = openApiDocument({ contract: parcels, version: "0", limits: defaultLimits, examples });
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(document, "api");
const validator = (name: string) => {
  const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
  return (value: unknown) =>
    validate(value) ? [] : validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test("every component schema is JSON Schema 2020-12, and every reference leads somewhere", () => {
  const { schemas } = document.components as { schemas: Record<string, object> };
  for (const [name, schema] of Object.entries(schemas)) {
    expect([name, ajv.validateSchema(schema), ajv.errors]).toEqual([name, true, null]);
    expect(() => ajv.compile({ $ref: `api#/components/schemas/${name}` })).not.toThrow();
  }
  for (const [, ref] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g))
    expect([
      ref,
      (ref as string)
        .split("/")
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document),
    ]).not.toEqual([ref, undefined]);
});

test("operations have ids of their own, and each answer a description", () => {
  const operations = Object.values(
    document.paths as Record<string, Record<string, { operationId: string; responses: object }>>,
  ).flatMap(Object.values);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  expect(document.openapi).toBe("3.1.0");
});

test("every enforced clause of the contract is in the document", () => {
  const text = JSON.stringify(document);
  const enforced = clausesOf(parcels).filter(
    ({ kept, keptBy }) => kept.includes("enforced") && keptBy === undefined,
  );
  expect(enforced.length).toBeGreaterThanOrEqual(
    parcels.features.length + parcels.rules.length + parcels.outputs.length,
  );
  for (const { id } of enforced) expect(text).toContain(JSON.stringify(id));
});

test("the examples keep to the schema and are answered", async () => {
  const { value } = (
    document.paths as never as Record<
      string,
      { post: { requestBody: { content: Record<string, { examples: Record<string, { value: object }> }> } } }
    >
  )["/v1/models/parcel-delay/predict"]!.post.requestBody.content["application/json"]!.examples[
    "from-the-joint-set"
  ]!;
  expect(validator("PredictRequest")(value)).toEqual([]);
  const reply = await server.app.inject({
    method: "POST",
    url: "/v1/models/parcel-delay/predict",
    payload: JSON.stringify(value),
  });
  expect(reply.statusCode).toBe(200);
  expect(validator("PredictResponse")(reply.json())).toEqual([]);
});

test("what the schema of a record refuses, the server refuses, and the other way round", async () => {
  const validate = validator("PredictRequest");
  const changes: Record<string, unknown>[] = [
    {},
    { carrier: "ZZ" },
    { carrier: null },
    { town: "Bonn" },
    { town: null },
    { weight: -1 },
    { weight: 100 },
    { weight: "1" },
    { rain: null },
    { rain: -0.1 },
    { order_no: "12" },
    { order_no: "twelve" },
    { order_no: 1.5 },
    { order_no: null },
    { stops: 4 },
    { stops: "1" },
    { express: 1 },
    { size: [1, 2] },
    { size: [1, 2, 11] },
    { size: [1, 2, "3"] },
    { size: null },
    { age: 17 },
    { age: 120 },
    { unknown_field: 1 },
    { id: true },
    { posted_at: "2026-01-01T00:00:00Z" },
  ];
  for (const change of changes) {
    const body = { records: [{ ...goodRecord, express: false, ...change }] };
    const reply = await server.app.inject({
      method: "POST",
      url: "/v1/models/parcel-delay/predict",
      payload: JSON.stringify(body),
    });
    expect([change, validate(body)?.length === 0]).toEqual([change, reply.statusCode === 200]);
    if (reply.statusCode !== 200) expect(validator("Error")(reply.json())).toEqual([]);
    else expect(validator("PredictResponse")(reply.json())).toEqual([]);
  }
});

test("partial answers, tensors and errors of the protocol keep to their schemas", async () => {
  const post = (url: string, body: object) =>
    server.app.inject({ method: "POST", url, payload: JSON.stringify(body) });
  const partial = await post("/v1/models/parcel-delay/predict", {
    records: [goodRecord, { ...goodRecord, weight: 101 }, 7],
    partial: true,
  });
  expect(partial.statusCode).toBe(200);
  expect(validator("PredictResponse")(partial.json())).toEqual([]);
  const tensors = {
    inputs: [
      ["carrier", "BYTES", ["AA"]],
      ["weight", "FP32", [60]],
      ["stops", "INT32", [1]],
      ["express", "BOOL", [false]],
      ["age", "INT32", [30]],
    ].map(([name, datatype, data]) => ({ name, datatype, shape: [1, 1], data })),
  };
  tensors.inputs.push({ name: "size", datatype: "FP32", shape: [1, 3], data: [1, 2, 3] });
  expect(validator("InferRequest")(tensors)).toEqual([]);
  const inferred = await post("/v2/models/parcel-delay/infer", tensors);
  expect(inferred.json().parameters).toEqual({ warnings: 1 });
  expect(validator("InferResponse")(inferred.json())).toEqual([]);
  expect(validator("Error")((await post("/v2/models/other/infer", {})).json())).toEqual([]);
});

test("sensitive features and row keys of the examples are shown nowhere", async () => {
  const secret = { ...goodRecord, parcel_id: "person-4711", age: 99, posted_at: "2026-01-01" };
  const showing = testServer({ examples: [secret] });
  for (const url of ["/", "/openapi.json"]) {
    const { body } = await showing.app.inject(url);
    expect(body).not.toContain("4711");
    expect(body).not.toContain("2026-01-01");
    expect(body).not.toMatch(/age(&quot;|"): ?99/);
    expect(body).toContain("example-1");
  }
  await showing.app.close();
});

test("a whole number beyond 2^53, NaN and null in example rows can be shown", () => {
  const [example] = publicExamples(parcels, [
    { ...goodRecord, order_no: 9007199254740993n, rain: Number.NaN, town: null, size: [1, Number.NaN, 3] },
  ]);
  expect(example).toMatchObject({ order_no: "9007199254740993", size: [1, null, 3] });
  expect(Object.keys(example as object)).not.toContain("rain");
  expect(Object.keys(example as object)).not.toContain("town");
});

test("a float32 bound in the answer's schema holds for the float32 that is written", () => {
  const contract = { ...parcels, outputs: [{ ...parcels.outputs[0]!, range: [0.7, 0.8] as const }] };
  const narrow = openApiDocument({ contract, version: "0", limits: defaultLimits, examples: [] });
  const { minimum, maximum } = JSON.parse(JSON.stringify(narrow)).components.schemas.Answer.properties.outputs
    .properties.lateness;
  expect(minimum).toBeLessThanOrEqual(Math.fround(0.7));
  expect(maximum).toBeGreaterThanOrEqual(Math.fround(0.8));
  expect(maximum).toBeLessThan(0.8001);
});

test("the page escapes what the contract says, and allows no script but its own", async () => {
  const reply = await server.app.inject({ url: "/", headers: { host: "models.example.org:9000" } });
  expect(reply.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(reply.body).toContain("Never for &lt;pricing&gt; &amp; blame.");
  expect(reply.body).toContain("by &lt;ship&gt;");
  expect(reply.body).toContain("http://models.example.org:9000/v1/models/parcel-delay/predict");
  const [, script] = /<script>([\s\S]*)<\/script>/.exec(reply.body) ?? [];
  const hash = createHash("sha256")
    .update(script ?? "")
    .digest("base64");
  expect(reply.headers["content-security-policy"]).toContain(`script-src 'sha256-${hash}'`);
  const hostile = await server.app.inject({ url: "/", headers: { host: '"><script>alert(1)</script>' } });
  expect(hostile.body).not.toContain("alert(1)");
  expect(hostile.body).toContain("http://localhost:8080/v1");
});

test("every label, region and table head of the page is there for those who cannot see it", async () => {
  const { body } = await server.app.inject("/");
  expect(body).toContain('<html lang="en">');
  for (const [, id] of body.matchAll(/aria-labelledby="([^"]+)"/g)) expect(body).toContain(`id="${id}"`);
  for (const [, id] of body.matchAll(/<label for="([^"]+)"/g)) expect(body).toContain(`id="${id}"`);
  expect(body.match(/<h1>/g)).toHaveLength(1);
});

test("the page offers a row that really breaks a clause", async () => {
  const { body } = await server.app.inject("/");
  const [, text] = [...body.matchAll(/data-example="([^"]+)"/g)].map(([, example]) =>
    (example as string).replaceAll("&quot;", '"'),
  );
  const reply = await server.app.inject({
    method: "POST",
    url: "/v1/models/parcel-delay/predict",
    payload: text ?? "",
  });
  expect(reply.statusCode).toBe(400);
  expect(reply.json().errors[0].clause).toMatch(/^features\./);
});

test("a page served against the rules, and one of a sketch, say so", async () => {
  const warned = testServer({ irregular: ["unsigned"], contract: { ...parcels, run: undefined } });
  const { body } = await warned.app.inject("/");
  expect(body).toMatch(/Served against the rules:<\/strong> unsigned/);
  expect(body).toContain("This is a sketch.");
  await warned.app.close();
});

test("contract and metrics come as what they are; documents answer HEAD", async () => {
  const contract = await server.app.inject("/contract");
  expect([contract.body, contract.headers["content-type"]]).toEqual([
    "baton: 1\n",
    "text/yaml; charset=utf-8",
  ]);
  expect((await server.app.inject("/metrics")).headers["content-type"]).toMatch(
    /^text\/plain; version=0\.0\.4/,
  );
  for (const url of ["/", "/openapi.json", "/contract", "/metrics"])
    expect([url, (await server.app.inject({ method: "HEAD", url })).statusCode]).toEqual([url, 200]);
});
