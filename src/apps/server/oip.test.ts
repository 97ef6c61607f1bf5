import { afterAll, expect, test, vi } from "vitest";
import { sketchPredictor } from "../../inference/index.ts";
import { defaultLimits } from "./server-options.ts";
import { parcels, testServer } from "./test-serving.ts";

const server = testServer();
const small = testServer({ limits: { ...defaultLimits, rows: 3 } });
afterAll(() => Promise.all([server.app.close(), small.app.close()]));

const base = "/v2/models/parcel-delay";

type Tensor = { name: string; shape: unknown; datatype: string; data?: unknown; parameters?: unknown };

/** Two good rows as tensors; `change` replaces parts of one input, null takes it out. */
function inputs(change: Record<string, Partial<Tensor> | null> = {}): Tensor[] {
  const tensors: Tensor[] = [
    { name: "carrier", shape: [2, 1], datatype: "BYTES", data: ["AA", "B6"] },
    { name: "town", shape: [2], datatype: "BYTES", data: ["Ulm", null] },
    { name: "weight", shape: [2, 1], datatype: "FP32", data: [[12.5], [40]] },
    { name: "rain", shape: [2, 1], datatype: "FP64", data: [0.5, null] },
    { name: "order_no", shape: [2, 1], datatype: "INT64", data: [41, "9007199254740993"] },
    { name: "stops", shape: [2, 1], datatype: "INT32", data: [2, 3] },
    { name: "express", shape: [2, 1], datatype: "BOOL", data: [true, false] },
    { name: "size", shape: [2, 3], datatype: "FP32", data: [1, 2, 3, 4, 5, 6] },
    { name: "age", shape: [2, 1], datatype: "INT32", data: [47, 18] },
  ];
  return tensors
    .filter(({ name }) => change[name] !== null)
    .map((tensor) => ({ ...tensor, ...change[tensor.name] }));
}

const infer = (body: unknown, to = server, url = `${base}/infer`, headers: Record<string, string> = {}) =>
  to.app.inject({
    method: "POST",
    url,
    headers,
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });

test("server and model metadata, with and without version, and percent-encoded", async () => {
  expect((await server.app.inject("/v2")).json()).toEqual({
    name: "baton",
    version: "0.0.0-test",
    extensions: ["model_configuration", "statistics"],
  });
  const metadata = (await server.app.inject(base)).json();
  expect(metadata).toMatchObject({ name: "parcel-delay", versions: ["1.2.0"], platform: "onnx_onnxv1" });
  expect(metadata.inputs).toContainEqual({ name: "carrier", datatype: "BYTES", shape: [-1, 1] });
  expect(metadata.inputs).toContainEqual({ name: "size", datatype: "FP32", shape: [-1, 3] });
  expect(metadata.outputs).toEqual([
    { name: "lateness", datatype: "FP32", shape: [-1, 1] },
    { name: "receipt", datatype: "INT64", shape: [-1, 1] },
    { name: "spread", datatype: "FP32", shape: [-1, 2] },
  ]);
  for (const url of [
    `${base}/versions/1.2.0`,
    "/v2/models/parcel%2Ddelay",
    "/v2/models/p%61rcel-delay/versions/1%2E2%2E0",
  ])
    expect([url, (await server.app.inject(url)).json()]).toEqual([url, metadata]);
});

test("health, model readiness, configuration and statistics", async () => {
  expect((await server.app.inject("/v2/health/live")).json()).toEqual({ live: true });
  expect((await server.app.inject("/v2/health/ready")).json()).toEqual({ ready: true, live: true });
  expect((await server.app.inject(`${base}/ready`)).json()).toEqual({ name: "parcel-delay", ready: true });
  expect((await server.app.inject(`${base}/versions/1.2.0/config`)).json()).toMatchObject({
    max_batch_size: 10_000,
    platform: "onnx_onnxv1",
  });
  const fresh = testServer();
  await infer({ inputs: inputs() }, fresh);
  await infer({ inputs: [] }, fresh);
  for (const url of [`${base}/stats`, "/v2/models/stats"])
    expect((await fresh.app.inject(url)).json().model_stats).toMatchObject([
      {
        name: "parcel-delay",
        version: "1.2.0",
        inference_count: 2,
        inference_stats: { success: { count: 1 }, fail: { count: 1 } },
      },
    ]);
  await fresh.app.close();
});

test("draining: ready says 503, with a body that clients can read", async () => {
  const draining = testServer();
  draining.drain();
  const ready = await draining.app.inject("/v2/health/ready");
  expect([ready.statusCode, ready.json()]).toEqual([503, { ready: false, live: true }]);
  expect((await draining.app.inject(`${base}/ready`)).statusCode).toBe(503);
  const refused = await infer({ inputs: inputs() }, draining);
  expect([refused.statusCode, refused.json().code, typeof refused.json().error]).toEqual([
    503,
    "unavailable",
    "string",
  ]);
  const index = await draining.app.inject({ method: "POST", url: "/v2/repository/index" });
  expect(index.json()).toMatchObject([{ state: "UNAVAILABLE", reason: "shutting down" }]);
  const onlyReady = await draining.app.inject({
    method: "POST",
    url: "/v2/repository/index",
    payload: '{"ready":true}',
  });
  expect(onlyReady.json()).toEqual([]);
  await draining.app.close();
});

test("infer answers all outputs, or those that were asked for, in that order", async () => {
  const all = await infer({ id: "call-1", inputs: inputs() });
  expect(all.statusCode).toBe(200);
  expect(all.json()).toMatchObject({ model_name: "parcel-delay", model_version: "1.2.0", id: "call-1" });
  expect(all.json().outputs.map(({ name, shape }: Tensor) => [name, shape])).toEqual([
    ["lateness", [2, 1]],
    ["receipt", [2, 1]],
    ["spread", [2, 2]],
  ]);
  expect(all.json().outputs[2].data).toEqual([0.125, 1.125, Math.fround(0.4), Math.fround(1.4)]);
  const some = await infer({
    inputs: inputs(),
    outputs: [{ name: "spread" }, { name: "lateness", parameters: { binary_data: false } }],
  });
  expect(some.json().outputs.map(({ name }: Tensor) => name)).toEqual(["spread", "lateness"]);
  const versioned = await infer({ inputs: inputs() }, server, `${base}/versions/1.2.0/infer`);
  expect(versioned.statusCode).toBe(200);
});

test("int64 keeps every digit, in and out, as text and as a number", async () => {
  for (const data of ['["9223372036854775806",0]', "[9223372036854775806,0]"]) {
    const body = JSON.stringify({
      inputs: inputs({ order_no: { data: "DATA" } }),
      outputs: [{ name: "receipt" }],
    });
    const reply = await infer(body.replace('"DATA"', data));
    expect(reply.body).toContain('"data":[9223372036854775807,1]');
  }
});

test("ids are echoed; none is absent, never null", async () => {
  for (const id of [undefined, null])
    expect("id" in (await infer({ id, inputs: inputs() })).json()).toBe(false);
  expect((await infer({ id: "", inputs: inputs() })).json().id).toBe("");
  for (const id of [7, true, {}, "x".repeat(257)])
    expect((await infer({ id, inputs: inputs() })).statusCode).toBe(400);
});

test("an observer knows rows by the request's id and their number, or not at all", async () => {
  const seen: unknown[] = [];
  const observed = testServer({ observer: { served: ({ ids }) => void seen.push(ids) } });
  for (const id of ["q", "", undefined]) await infer({ id, inputs: inputs() }, observed);
  await vi.waitFor(() => expect(seen).toHaveLength(3));
  expect(seen).toEqual([
    ["q/0", "q/1"],
    [null, null],
    [null, null],
  ]);
  await observed.app.close();
});

test("flat and nested data mean the same; nesting that contradicts the shape is refused", async () => {
  const size = async (data: unknown, shape: unknown = [2, 3]) =>
    (await infer({ inputs: inputs({ size: { data, shape } }) })).statusCode;
  expect(
    await size([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ).toBe(200);
  expect(
    await size([
      [[1], [2], [3]],
      [[4], [5], [6]],
    ]),
  ).toBe(200);
  expect(
    await size([
      [1, 2],
      [3, 4],
      [5, 6],
    ]),
  ).toBe(400);
  expect(
    await size([
      [1, 2, 3],
      [4, 5],
    ]),
  ).toBe(400);
  expect(await size([[1, 2, 3], 4, 5, 6])).toBe(400);
  expect(await size([1, [2], 3, 4, 5, 6])).toBe(400);
});

test.each<[string, Record<string, Partial<Tensor> | null>, string]>([
  ["another datatype", { weight: { datatype: "FP64" } }, "inputs[2].datatype"],
  ["FP16, which JSON does not have", { weight: { datatype: "FP16" } }, "FP16 has no form in JSON"],
  ["BF16, which JSON does not have", { weight: { datatype: "BF16" } }, "BF16 has no form in JSON"],
  ["no datatype", { weight: { datatype: "" } }, "inputs[2].datatype is an empty text"],
  ["a wrong last dimension", { size: { shape: [2, 2], data: [1, 2, 3, 4] } }, "Send shape [rows, 3]"],
  ["a shape that is none", { size: { shape: "2,3" } }, "inputs[7].shape is a text, not a list"],
  ["a negative dimension", { size: { shape: [-2, 3] } }, "no number of rows"],
  ["an enormous dimension", { carrier: { shape: [1e300, 1] } }, "no number of rows"],
  [
    "other rows than its neighbours",
    { size: { shape: [3, 3], data: [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
    "This input has 3 rows and the first has 2",
  ],
  ["too few elements", { weight: { data: [1] } }, "There are 1 elements; the shape says 2"],
  ["no data", { weight: { data: undefined } }, "inputs[2].data is missing, not a list"],
  ["a text for a number", { weight: { data: ["1", 2] } }, "inputs[2].data[0]"],
  ["a fraction for INT32", { stops: { data: [1.5, 2] } }, "whole numbers within 32 bits"],
  ["2^31 for INT32", { stops: { data: [2147483648, 2] } }, "whole numbers within 32 bits"],
  ["2^63 for INT64", { order_no: { data: ["9223372036854775808", 1] } }, "whole numbers within 64 bits"],
  ["a number for BOOL", { express: { data: [1, 0] } }, "true or false"],
  ["a number for BYTES", { carrier: { data: [1, "AA"] } }, "strings"],
  ["NUL in a text", { town: { data: ["Ulm\0", "Ulm"] } }, "without NUL"],
  ["half a character", { town: { data: ["\ud800", "Ulm"] } }, "half characters"],
  ["null in a list of INT32", { stops: { data: [null, 1] } }, "stops is missing"],
  ["an input with a shape left out", { size: null }, 'Input "size" is absent'],
  ["a required input left out", { carrier: null }, "carrier is missing"],
])("%s is a 400 that says where", async (_name, change, message) => {
  const reply = await infer({ inputs: inputs(change) });
  expect([reply.statusCode, reply.headers["content-type"]]).toEqual([400, "application/json"]);
  expect(reply.json().error).toContain(message);
});

test("an optional input may be left out: its rows are missing", async () => {
  expect(
    (await infer({ inputs: inputs({ rain: null, town: null, order_no: null }) })).json().outputs[1].data,
  ).toEqual([1, 1]);
});

test.each<[string, unknown, string]>([
  ["a list", [], "The body is a list of 0, not an object"],
  ["no inputs", {}, "inputs is missing, not a list"],
  ["empty inputs", { inputs: [] }, "There is no input"],
  [
    "no rows",
    { inputs: [{ name: "weight", shape: [0, 1], datatype: "FP32", data: [] }] },
    "There are no rows",
  ],
  ["an input that is none", { inputs: [null] }, "inputs[0] is null, not an object"],
  ["an input without name", { inputs: [{}] }, "inputs[0].name"],
  ["an unknown input", { inputs: [{ name: "wieght" }] }, "Inputs are: carrier, town"],
  ["an input named __proto__", { inputs: [{ name: "__proto__" }] }, 'no input "__proto__"'],
  ["an input given twice", { inputs: [...inputs(), inputs()[0]] }, "is given twice"],
  [
    "an unknown output",
    { inputs: inputs(), outputs: [{ name: "x" }] },
    "Outputs are: lateness, receipt, spread",
  ],
  [
    "an output asked for twice",
    { inputs: inputs(), outputs: [{ name: "spread" }, { name: "spread" }] },
    "asked for twice",
  ],
  ["parameters that are none", { inputs: inputs(), parameters: [] }, "parameters is a list"],
])("%s is a 400", async (_name, body, message) => {
  const reply = await infer(body);
  expect(reply.statusCode).toBe(400);
  expect(reply.json().error).toContain(message);
});

test("NaN and Infinity in JSON are a 400 with the way out", async () => {
  for (const word of ["NaN", "Infinity", "-Infinity"]) {
    const reply = await infer(
      JSON.stringify({ inputs: inputs({ rain: { data: ["X", 1] } }) }).replace('"X"', word),
    );
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toContain(`a bare ${word} is not JSON. Send null for a missing value.`);
  }
});

test("broken clauses are told in the places of the request", async () => {
  const reply = await infer({
    inputs: inputs({ weight: { data: [12.5, 400] }, size: { data: [1, 2, 3, 4, 55, 6] } }),
  });
  expect(reply.statusCode).toBe(400);
  expect(reply.json().errors).toMatchObject([
    { clause: "features.weight", path: "inputs[2].data[1]" },
    { clause: "features.size", path: "inputs[7] row 1" },
  ]);
  const rule = await infer({ inputs: inputs({ weight: { data: [21, 40] } }) });
  expect(rule.json().errors).toMatchObject([{ clause: "rules.light-express", path: "row 0" }]);
});

test("sensitive values are in no error", async () => {
  for (const data of [
    [4711, 20],
    ["4711", 20],
    [[4711], [[20]]],
    [47.11, 20],
  ]) {
    const reply = await infer({ inputs: inputs({ age: { data } }) });
    expect(reply.statusCode).toBe(400);
    expect(reply.body).not.toMatch(/4711|47\.11/);
  }
});

test("soft clauses are counted in the response's parameters, a sketch is marked there", async () => {
  expect((await infer({ inputs: inputs({ weight: { data: [12.5, 60] } }) })).json().parameters).toEqual({
    warnings: 1,
  });
  const contract = { ...parcels, run: undefined };
  const sketch = testServer({ contract, predictor: sketchPredictor(contract) });
  const reply = await infer({ inputs: inputs() }, sketch);
  expect(reply.json().parameters).toEqual({ sketch: true });
  expect(reply.headers["baton-sketch"]).toBe("made-up answers");
  await sketch.app.close();
});

test("an answer that breaks an output clause is withheld", async () => {
  const reply = await infer({ inputs: inputs({ weight: { data: [12.5, 77] } }) });
  expect([reply.statusCode, reply.json().code]).toEqual([500, "output-invalid"]);
});

test("more rows than the limit are 413", async () => {
  const body = { inputs: [{ name: "weight", shape: [4, 1], datatype: "FP32", data: [1, 2, 3, 4] }] };
  const reply = await infer(body, small);
  expect([reply.statusCode, reply.json().code]).toEqual([413, "input-too-large"]);
});

test.each<[string, unknown, Record<string, string>]>([
  ["a binary body", { inputs: inputs() }, { "inference-header-content-length": "120" }],
  [
    "binary inputs",
    { inputs: inputs({ weight: { parameters: { binary_data_size: 8 }, data: undefined } }) },
    {},
  ],
  [
    "shared memory inputs",
    { inputs: inputs({ weight: { parameters: { shared_memory_region: "r" }, data: undefined } }) },
    {},
  ],
  ["binary outputs", { inputs: inputs(), parameters: { binary_data_output: true } }, {}],
  [
    "a binary output",
    { inputs: inputs(), outputs: [{ name: "spread", parameters: { binary_data: true } }] },
    {},
  ],
  [
    "classification",
    { inputs: inputs(), outputs: [{ name: "spread", parameters: { classification: 2 } }] },
    {},
  ],
  [
    "a shared memory output",
    { inputs: inputs(), outputs: [{ name: "spread", parameters: { shared_memory_region: "r" } }] },
    {},
  ],
  ["a compressed body", { inputs: inputs() }, { "content-encoding": "gzip" }],
])("%s is a 501 with a way out", async (_name, body, headers) => {
  const reply = await infer(body, server, `${base}/infer`, headers);
  expect([reply.statusCode, reply.json().code, reply.headers["content-type"]]).toEqual([
    501,
    "unsupported",
    "application/json",
  ]);
  expect(reply.json().next).toBeTruthy();
});

test.each([
  ["GET", "/v2/systemsharedmemory/status"],
  ["GET", "/v2/cudasharedmemory/region/r/status"],
  ["POST", "/v2/systemsharedmemory/region/r/register"],
  ["POST", "/v2/cudasharedmemory/unregister"],
  ["POST", "/v2/trace/setting"],
  ["GET", `${base}/trace/setting`],
  ["GET", "/v2/logging"],
  ["POST", "/v2/repository/models/parcel-delay/load"],
  ["POST", "/v2/repository/models/parcel-delay/unload"],
] as const)("%s %s is not served: 501 with a JSON error", async (method, url) => {
  const reply = await server.app.inject({ method, url });
  expect([reply.statusCode, typeof reply.json().error]).toEqual([501, "string"]);
});

test("the repository index answers an empty body and an empty object alike, and refuses garbage", async () => {
  const index = (payload?: string) =>
    server.app.inject({
      method: "POST",
      url: "/v2/repository/index",
      ...(payload === undefined ? {} : { payload }),
    });
  const ready = [{ name: "parcel-delay", version: "1.2.0", state: "READY", reason: "" }];
  for (const payload of [undefined, "", "{}", '{"ready":true}', "[]", "null"])
    expect((await index(payload)).json()).toEqual(ready);
  expect((await index("{")).statusCode).toBe(400);
});

test("other models, versions and addresses are 404, other methods 405", async () => {
  for (const url of [
    "/v2/models/other",
    "/v2/models/other/ready",
    `${base}/versions/9.9.9`,
    `${base}/nothing`,
    "/v2/",
    "/V2",
    `/v2/models/${"x".repeat(500)}`,
    "/v2/models/toString",
  ]) {
    const reply = await server.app.inject(url);
    expect([url, reply.statusCode, reply.json().code]).toEqual([url, 404, "not-found"]);
  }
  expect((await infer({ inputs: inputs() }, server, "/v2/models/other/infer")).statusCode).toBe(404);
  const get = await server.app.inject(`${base}/infer`);
  expect([get.statusCode, get.headers.allow, typeof get.json().error]).toEqual([405, "POST", "string"]);
  const put = await server.app.inject({ method: "PUT", url: "/v2/health/live" });
  expect([put.statusCode, put.headers.allow]).toEqual([405, "GET, HEAD"]);
  const bad = await server.app.inject("/v2/models/%zz");
  expect([bad.statusCode, bad.json().error, bad.headers["content-type"]]).toEqual([
    400,
    "The address is not percent-encoded as UTF-8. Percent-encode the names in the address.",
    "application/json",
  ]);
});
