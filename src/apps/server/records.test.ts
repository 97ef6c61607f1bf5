import type { InjectOptions } from "fastify";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { sketchPredictor } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import type { BatonServer } from "./create-server.ts";
import { statusOf } from "./error-reply.ts";
import { defaultLimits, type ServedCall, type ServerOptions } from "./server-options.ts";
import { gatedPredictor, goodRecord, parcels, serverOptions, testServer } from "./test-serving.ts";

const path = "/v1/models/parcel-delay/predict";
let servers: BatonServer[] = [];

const shared = testServer();
afterAll(() => shared.app.close());

/** The shared server where nothing is changed. */
function serve(change?: Partial<ServerOptions>): BatonServer {
  if (!change) return shared;
  const server = testServer(change);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.map((server) => server.app.close()));
  servers = [];
});

const post = (server: BatonServer, body: unknown, headers: InjectOptions["headers"] = {}) =>
  server.app.inject({
    method: "POST",
    url: path,
    headers,
    payload: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });

test("a good record is answered with its own id, outputs, decision and no warnings", async () => {
  const reply = await post(serve(), { records: [goodRecord] });
  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toEqual({
    model: "parcel-delay",
    version: "1.2.0",
    predictions: [
      {
        id: "p-1",
        outputs: { lateness: 0.125, receipt: 42, spread: [0.125, 1.125] },
        decision: false,
        warnings: [],
      },
    ],
  });
  expect(reply.headers).toMatchObject({
    "baton-model": "parcel-delay/1.2.0",
    "baton-digest": `sha256:${"ab".repeat(32)}`,
    "x-content-type-options": "nosniff",
  });
  expect(reply.headers["baton-warning"]).toBeUndefined();
  expect(reply.headers["baton-sketch"]).toBeUndefined();
});

test("the content type of a request does not matter, nor does its absence", async () => {
  const server = serve();
  const types = [
    undefined,
    "text/plain",
    "application/x-www-form-urlencoded",
    "nonsense",
    "application/json; charset=utf-8",
  ];
  for (const type of types) {
    const reply = await post(
      server,
      { records: [goodRecord] },
      type === undefined ? {} : { "content-type": type },
    );
    expect([type, reply.statusCode]).toEqual([type, 200]);
  }
});

test("a broken row is refused with clause, path, expected and received", async () => {
  const reply = await post(serve(), {
    records: [goodRecord, { ...goodRecord, express: false, weight: 101 }],
  });
  expect(reply.statusCode).toBe(400);
  expect(reply.headers["content-type"]).toBe("application/json");
  expect(reply.json()).toMatchObject({
    status: 400,
    code: "input-invalid",
    type: "urn:modelbaton:error:input-invalid",
    title: "The request breaks the contract",
    errors: [
      {
        code: "input.range",
        clause: "features.weight",
        path: "records[1].weight",
        expected: "0 to 100 kg",
        received: "101",
      },
    ],
  });
  expect(reply.json().error).toContain("weight is 101");
});

test("problem+json comes where Accept asks for it, and only there", async () => {
  const server = serve();
  for (const [accept, type] of [
    ["application/problem+json", "application/problem+json"],
    ["text/html, Application/Problem+JSON;q=0.9", "application/problem+json"],
    ["application/json", "application/json"],
    ["*/*", "application/json"],
  ])
    expect((await post(server, "{", { accept })).headers["content-type"]).toBe(type);
});

test("partial answers the good rows and says what is wrong with the others", async () => {
  const broken = { ...goodRecord, parcel_id: "p-2", carrier: "ZZ", weight: -1 };
  const withheld = { ...goodRecord, parcel_id: "p-3", express: false, weight: 77 };
  const reply = await post(serve(), { records: [broken, goodRecord, withheld], partial: true });
  expect(reply.statusCode).toBe(200);
  const [first, second, third] = reply.json().predictions;
  expect(first).toMatchObject({
    id: "p-2",
    errors: [{ clause: "features.carrier" }, { clause: "features.weight" }],
  });
  expect(first.outputs).toBeUndefined();
  expect(second).toMatchObject({ id: "p-1", decision: false });
  expect(third).toMatchObject({ id: "p-3", errors: [{ code: "output.range", clause: "outputs.lateness" }] });
});

test("an answer that breaks an output clause never leaves: 500, with the clause", async () => {
  const reply = await post(serve(), { records: [{ ...goodRecord, express: false, weight: 77 }] });
  expect(reply.statusCode).toBe(500);
  expect(reply.json()).toMatchObject({ code: "output-invalid", errors: [{ clause: "outputs.lateness" }] });
  expect(reply.body).not.toContain('"outputs":{');
});

test("where the runtime fails on one row, the others are answered", async () => {
  const failing = { ...goodRecord, express: false, weight: 66 };
  const reply = await post(serve(), { records: [goodRecord, failing], partial: true });
  expect(reply.json().predictions).toMatchObject([
    { decision: false },
    { errors: [{ code: "output.failed" }] },
  ]);
});

test("soft clauses are answered with warnings", async () => {
  const reply = await post(serve(), {
    records: [{ ...goodRecord, express: false, weight: 60, town: "Bonn" }],
  });
  const [answer] = reply.json().predictions;
  expect(answer.decision).toBe(true);
  expect(answer.warnings.map(({ clause }: { clause: string }) => clause).sort()).toEqual([
    "features.town",
    "features.weight",
  ]);
});

test("ids come back as they were sent, also beyond 2^53, and are made up where there is none", async () => {
  const { parcel_id: _, ...nameless } = goodRecord;
  const record = (id: string) => `{"id":${id},${JSON.stringify(nameless).slice(1)}`;
  const server = serve();
  const ids = async (records: string[]) => {
    const reply = await post(server, `{"records":[${records.join()}]}`);
    return reply.json().predictions.map(({ id }: { id: unknown }) => id);
  };
  expect(await ids([record('"a"'), record("7"), record("9007199254740993")])).toEqual([
    "a",
    7,
    "9007199254740993",
  ]);
  const [made, other] = await ids([JSON.stringify(nameless), JSON.stringify(nameless)]);
  expect(made).toMatch(/^[0-9a-f-]{36}$/);
  expect(made).not.toBe(other);
});

test.each([["true"], ['{"a":1}'], ["[1]"], [JSON.stringify("x".repeat(257))]])(
  "an id that cannot come back is refused: %s",
  async (id) => {
    const reply = await post(serve(), `{"records":[{"id":${id}}]}`);
    expect(reply.statusCode).toBe(400);
    expect(reply.json().error).toContain("records[0].id");
  },
);

test("int64 beyond 2^53 is lossless as text and as a number, in and out", async () => {
  const server = serve();
  for (const order of [
    '"9007199254740993"',
    "9007199254740993",
    '"-9223372036854775808"',
    "-9223372036854775808",
  ]) {
    const reply = await post(
      server,
      `{"records":[{${JSON.stringify(goodRecord).slice(1, -1)}}]}`.replace("41", order),
    );
    const expected = String(BigInt(order.replaceAll('"', "")) + 1n);
    expect([order, reply.json().predictions?.[0].outputs.receipt]).toEqual([order, expected]);
  }
  const fraction = await post(server, { records: [{ ...goodRecord, order_no: 1.5 }] });
  expect(fraction.json().errors).toMatchObject([{ clause: "features.order_no", code: "input.type" }]);
  const tooLong = await post(server, `{"records":[{"order_no":9223372036854775808}]}`);
  expect(tooLong.statusCode).toBe(400);
});

test("a number beyond 2^53 is still a number for a float, and no text for a string", async () => {
  const server = serve();
  const row = (change: string) =>
    `{"records":[{${change},${JSON.stringify({ ...goodRecord, rain: undefined, town: undefined }).slice(1)}]}`;
  expect((await post(server, row('"rain":12345678901234567890'))).statusCode).toBe(200);
  const text = await post(server, row('"town":12345678901234567890'));
  expect(text.json().errors).toMatchObject([{ clause: "features.town", code: "input.type" }]);
});

test("a row that lacks what may be missing is answered; one that lacks what may not is refused", async () => {
  const server = serve();
  const { rain: _, town: __, order_no: ___, ...enough } = goodRecord;
  expect((await post(server, { records: [enough] })).json().predictions[0].outputs.receipt).toBe(1);
  const { weight: ____, ...lacking } = goodRecord;
  expect((await post(server, { records: [lacking] })).json().errors).toMatchObject([
    { code: "input.missing", clause: "features.weight" },
  ]);
});

test.each([
  ["no body", "", "The body is empty."],
  ["null", "null", "The body is not a JSON object."],
  ["a list", "[]", "The body is not a JSON object."],
  ["no records", "{}", '"records" is not a list'],
  ["no record", '{"records":[]}', '"records" is not a list'],
  ["another field", '{"records":[{}],"features":1}', 'a field "features" that means nothing'],
  ["partial as text", '{"records":[{}],"partial":"yes"}', '"partial" is neither'],
  ["a bare NaN", '{"records":[{"rain":NaN}]}', "a bare NaN is not JSON. Send null"],
  ["a record that is none", '{"records":[7]}', "Record 0 is 7, not an object."],
  ["an unknown field", `{"records":[{"wieght":1}]}`, "did you mean weight?"],
  ["__proto__ as a field", '{"records":[{"__proto__":{"weight":1}}]}', "__proto__"],
  [
    "an infinite number",
    JSON.stringify({ records: [goodRecord] }).replace("12.5", "1e400"),
    "not a finite number",
  ],
])("%s is a 400 that says what to do", async (_name, body, message) => {
  const reply = await post(serve(), body);
  expect(reply.statusCode).toBe(400);
  expect(reply.json().error).toContain(message);
  expect(reply.json().next).toBeTruthy();
});

test("sensitive values are in no error, whatever is wrong with them", async () => {
  const server = serve();
  for (const age of [4711, "4711", [4711], { a: 4711 }, 17.4711]) {
    const reply = await post(server, { records: [{ ...goodRecord, age }] });
    expect(reply.statusCode).toBe(400);
    expect(reply.body).not.toContain("4711");
  }
});

test("a rejected batch lists at most a hundred violations, and says how many rows", async () => {
  const records = Array.from({ length: 500 }, () => ({ ...goodRecord, weight: 101 }));
  const reply = await post(serve(), { records });
  expect(reply.json().errors).toHaveLength(100);
  expect(reply.json().error).toContain("500 of 500 rows");
});

test("limits: rows and body 413, concurrency 429, time 504", async () => {
  const small = serve({ limits: { ...defaultLimits, rows: 2, bodyBytes: 2000 } });
  const rows = await post(small, { records: [goodRecord, goodRecord, goodRecord] });
  expect([rows.statusCode, rows.json().code]).toEqual([413, "input-too-large"]);
  const bytes = await post(small, `{"records":[${" ".repeat(3000)}]}`);
  expect([bytes.statusCode, bytes.json().code, bytes.headers["content-type"]]).toEqual([
    413,
    "input-too-large",
    "application/json",
  ]);

  const gate = gatedPredictor();
  const busy = serve({ predictor: gate.predictor, limits: { ...defaultLimits, concurrent: 1 } });
  const first = post(busy, { records: [goodRecord] });
  await vi.waitFor(() => expect(gate.calls()).toBe(1));
  const second = await post(busy, { records: [goodRecord] });
  expect([second.statusCode, second.json().code, second.headers["retry-after"]]).toEqual([
    429,
    "overloaded",
    "1",
  ]);
  gate.release();
  expect((await first).statusCode).toBe(200);

  const slow = gatedPredictor();
  const late = serve({
    predictor: slow.predictor,
    limits: { ...defaultLimits, concurrent: 1, timeoutMs: 20 },
  });
  const given = await post(late, { records: [goodRecord] });
  expect([given.statusCode, given.json().code]).toEqual([504, "deadline"]);
  expect((await post(late, { records: [goodRecord] })).statusCode).toBe(429);
  slow.release();
  await vi.waitFor(async () => expect((await post(late, { records: [goodRecord] })).statusCode).toBe(504));
  slow.release();
});

test("leaving still answers while health says not ready; draining refuses with 503 and answers what is under way", async () => {
  const gate = gatedPredictor();
  const server = serve({ predictor: gate.predictor });
  const ready = async () => (await server.app.inject("/v2/health/ready")).statusCode;
  expect(await ready()).toBe(200);
  const under = post(server, { records: [goodRecord] });
  await vi.waitFor(() => expect(gate.calls()).toBe(1));
  server.leave();
  expect(await ready()).toBe(503);
  const late = post(server, { records: [goodRecord] });
  await vi.waitFor(() => expect(gate.calls()).toBe(2));
  server.drain();
  const refused = await post(server, { records: [goodRecord] });
  expect([refused.statusCode, refused.json().code]).toEqual([503, "unavailable"]);
  expect(refused.headers.connection).toBe("close");
  gate.release();
  expect([(await under).statusCode, (await late).statusCode]).toEqual([200, 200]);
  expect((await server.app.inject("/v2/health/live")).statusCode).toBe(200);
});

test.each(Object.entries(statusOf))("an error %s leaves as %i with its code", async (code, status) => {
  const { predictor } = serverOptions();
  const fail = async () =>
    Promise.reject(new BatonError(code as keyof typeof statusOf, "It went wrong.", { next: "Do this." }));
  const reply = await post(serve({ predictor: { ...predictor, predictRecords: fail } }), {
    records: [goodRecord],
  });
  expect(reply.statusCode).toBe(status);
  expect(reply.headers["content-type"]).toBe("application/json");
  expect(reply.json()).toMatchObject({
    error: "It went wrong. Do this.",
    status,
    code,
    detail: "It went wrong.",
    next: "Do this.",
  });
});

test("a foreign error is a 500 that shows nothing of it, and is logged once", async () => {
  const { predictor } = serverOptions();
  const lines: unknown[] = [];
  const log = { warn: () => undefined, error: (...line: unknown[]) => void lines.push(line) };
  const fail = async () => Promise.reject(new TypeError("secret at /home/someone/file.ts:12"));
  const reply = await post(serve({ log, predictor: { ...predictor, predictRecords: fail } }), {
    records: [goodRecord],
  });
  expect(reply.statusCode).toBe(500);
  expect(reply.body).not.toMatch(/secret|TypeError|file\.ts|stack/);
  expect(lines).toHaveLength(1);
});

test("what is irregular is said in every response header, in a form that headers can hold", async () => {
  const server = serve({ irregular: ["unsigned", "not accepted\r\nset-cookie: x=1 ✓"] });
  for (const url of ["/", "/v2/health/live", "/nowhere", "/metrics", "/%zz", path])
    expect([url, (await server.app.inject(url)).headers["baton-warning"]]).toEqual([
      url,
      "unsigned, not accepted??set-cookie: x=1 ?",
    ]);
});

test("a sketch marks every answer, in a header and in the body", async () => {
  const contract = { ...parcels, level: "sketch" as const, run: undefined };
  const reply = await post(serve({ contract, predictor: sketchPredictor(contract) }), {
    records: [goodRecord],
  });
  expect(reply.statusCode).toBe(200);
  expect(reply.json()).toMatchObject({ sketch: true });
  expect(reply.headers["baton-sketch"]).toBe("made-up answers");
});

test("an observer sees ids, records and predictions, and what it does touches no reply", async () => {
  const calls: ServedCall[] = [];
  const observer = {
    served(call: ServedCall) {
      calls.push(call);
      if (calls.length === 2) throw new Error("broken observer");
      if (calls.length === 3) return Promise.reject(new Error("rejecting observer")) as unknown as undefined;
      return undefined;
    },
  };
  const server = serve({ observer });
  for (let i = 0; i < 4; i++) expect((await post(server, { records: [goodRecord] })).statusCode).toBe(200);
  await vi.waitFor(() => expect(calls).toHaveLength(4));
  expect(calls[0]).toMatchObject({ ids: ["p-1"], records: [goodRecord], prediction: { rows: 1 } });
  await vi.waitFor(async () => expect(await metric(server, "baton_observations_lost_total")).toBe(2));
});

test("an observer sees what the server could not answer, and not what its caller got wrong", async () => {
  const codes: string[] = [];
  const gate = gatedPredictor();
  const observer = { served: () => undefined, failed: (code: string) => void codes.push(code) };
  const limits = { ...defaultLimits, concurrent: 1, timeoutMs: 20 };
  const broken = { ...gate.predictor, predictRecords: () => Promise.reject(new Error("lost")) };
  const [server, slow] = [serve({ observer }), serve({ observer, predictor: gate.predictor, limits })];
  expect((await post(serve({ observer, predictor: broken }), { records: [{}] })).statusCode).toBe(500);
  expect((await post(server, "{")).statusCode).toBe(400);
  const withheld = { ...goodRecord, express: false, weight: 77 };
  expect((await post(server, { records: [withheld] })).statusCode).toBe(500);
  const late = post(slow, { records: [goodRecord] });
  await vi.waitFor(() => expect(gate.calls()).toBe(1));
  expect((await post(slow, { records: [goodRecord] })).statusCode).toBe(429);
  expect((await late).statusCode).toBe(504);
  gate.release();
  await vi.waitFor(() => expect(codes.sort()).toEqual(["deadline", "internal", "overloaded"]));
});

test("an observer that is behind loses calls, which are counted", async () => {
  const seen: ServedCall[] = [];
  const { observeServed } = await import("./observe-served.ts");
  let lost = 0;
  const show = observeServed({ served: (call) => void seen.push(call) }, (calls) => {
    lost += calls;
  });
  for (let i = 0; i < 1500; i++) show.served({ ids: [i] } as unknown as ServedCall);
  expect([seen.length, lost]).toEqual([0, 1500 - 1024]);
  await vi.waitFor(() => expect(seen).toHaveLength(1024));
});

async function metric(
  server: BatonServer,
  name: string,
  labels: readonly string[] = [],
): Promise<number | undefined> {
  const { body } = await server.app.inject("/metrics");
  const line = body
    .split("\n")
    .find(
      (text) =>
        text.startsWith(name) && !text.startsWith("#") && labels.every((label) => text.includes(label)),
    );
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}

test("metrics count rows, clauses and replies, and no label comes from a request", async () => {
  const server = serve({});
  await post(server, { records: [goodRecord, goodRecord] });
  await post(server, { records: [{ ...goodRecord, weight: 101, carrier: "ZZ" }] });
  await post(server, { records: [{ ...goodRecord, express: false, weight: 77 }] });
  await post(server, { records: [{ ...goodRecord, town: "Bonn" }] });
  expect(await metric(server, "baton_rows_total", ['outcome="answered"'])).toBe(3);
  expect(await metric(server, "baton_rows_total", ['outcome="rejected"'])).toBe(1);
  expect(await metric(server, "baton_rows_total", ['outcome="withheld"'])).toBe(1);
  expect(
    await metric(server, "baton_violations_total", ['clause="features.weight"', 'reaction="rejected"']),
  ).toBe(1);
  expect(
    await metric(server, "baton_violations_total", ['clause="features.town"', 'reaction="warned"']),
  ).toBe(1);
  expect(await metric(server, "baton_http_request_seconds_count", ['status="200"', "predict"])).toBe(2);
  expect(await metric(server, "baton_requests_in_flight")).toBe(0);

  const series = async () =>
    (await server.app.inject("/metrics")).body.split("\n").filter((line) => line.startsWith("baton_")).length;
  const noise = async (from: number) => {
    for (let i = from; i < from + 20; i++) {
      await server.app.inject(`/nowhere/${i}`);
      await server.app.inject(`/v1/models/model-${i}/predict`);
      await post(server, { records: [{ ...goodRecord, [`field-${i}`]: i, carrier: `c-${i}` }] });
      await server.app.inject(`/v2/models/m-${i}`);
    }
  };
  await noise(0);
  const before = await series();
  await noise(1000);
  expect(await series()).toBe(before);
});

test("violations beyond those that are kept in words are counted all the same", async () => {
  const records = Array.from({ length: 1500 }, () => ({
    ...goodRecord,
    town: "Bonn",
    express: false,
    weight: 60,
  }));
  const server = serve({});
  await post(server, { records });
  const kept = (await metric(server, "baton_violations_total", ['clause="features.town"'])) ?? 0;
  const strained = (await metric(server, "baton_violations_total", ['clause="features.weight"'])) ?? 0;
  const other = (await metric(server, "baton_violations_total", ['clause="other"'])) ?? 0;
  expect(kept + strained + other).toBe(3000);
});
