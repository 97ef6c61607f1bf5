import { connect } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sendRaw } from "./raw-http.ts";
import { type Served, serveUntilStopped } from "./serve-until-stopped.ts";
import { defaultLimits } from "./server-options.ts";
import { gatedPredictor, goodRecord, testServer } from "./test-serving.ts";

/** Signals of a process that is not this one. */
function fakeSignals() {
  const listeners = new Map<string, Set<(...given: unknown[]) => void>>();
  return {
    on: (event: string, listener: (...given: unknown[]) => void) =>
      void listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    off: (event: string, listener: (...given: unknown[]) => void) =>
      void listeners.get(event)?.delete(listener),
    emit: (event: string, ...given: unknown[]) => {
      for (const listener of listeners.get(event) ?? []) listener(...given);
    },
    count: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
  };
}

const path = "/v1/models/parcel-delay/predict";
const body = JSON.stringify({ records: [goodRecord] });
const good = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;

const signals = fakeSignals();
let served: Served;

beforeAll(async () => {
  const server = testServer({ irregular: ["unsigned"] });
  served = await serveUntilStopped({ server, port: 0, signals, lameDuckMs: 0 });
});

afterAll(async () => {
  signals.emit("SIGTERM");
  expect(await served.stopped).toEqual({ signal: "SIGTERM", clean: true });
  expect(signals.count()).toBe(0);
});

const status = (answer: string) => answer.split("\r\n", 1)[0];

test("it listens on the loopback only, and says where", async () => {
  expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
  expect((await fetch(`${served.url}${path}`, { method: "POST", body })).status).toBe(200);
});

test.each([
  ["garbage", "\x16\x03\x01\x02\x00 garbage\r\n\r\n", 400],
  ["an unknown method", "BREW /pot HTTP/1.1\r\nhost: x\r\n\r\n", 400],
  ["a wrong version", "GET / HTTP/9.9\r\nhost: x\r\n\r\n", 400],
  [
    "two lengths",
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab`,
    400,
  ],
  [
    "a length and chunks",
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ["a broken chunk", `POST ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n`, 400],
  ["a negative length", `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n`, 400],
  ["headers that are too large", `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${"a".repeat(40_000)}\r\n\r\n`, 431],
  [
    "a body larger than the limit",
    `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 99999999999\r\n\r\n`,
    413,
  ],
])("%s gets an answer that names its fault", async (_name, request, code) => {
  const answer = await sendRaw(served.port, [request]);
  expect(status(answer)).toContain(` ${code} `);
  expect(answer).toContain("content-type: application/json");
  expect(answer).toContain("baton-warning: unsigned");
  expect(answer).toContain('"error":"');
});

test("headers that never end, and a body that never comes, are cut off with 408", async () => {
  const source = fakeSignals();
  const server = testServer({ limits: { ...defaultLimits, timeoutMs: 300 } });
  const { port, stopped } = await serveUntilStopped({ server, port: 0, signals: source, lameDuckMs: 0 });
  const [slowHeaders, slowBody] = await Promise.all([
    sendRaw(port, ["GET / HTTP/1.1\r\nhost: x\r\nx-slow: "]),
    sendRaw(port, [`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"rec`]),
  ]);
  expect(status(slowHeaders)).toContain(" 408 ");
  expect(status(slowBody)).toContain(" 408 ");
  source.emit("SIGTERM");
  await stopped;
});

test("a good request behind pipelined garbage still gets its answer", async () => {
  const answer = await sendRaw(served.port, [good.replace("connection: close\r\n", ""), "garbage\r\n\r\n"]);
  expect(status(answer)).toContain(" 200 ");
  expect(answer).toContain('"decision":false');
});

test("HTTP/1.0 is answered", async () => {
  const answer = await sendRaw(served.port, [
    `POST ${path} HTTP/1.0\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ]);
  expect(status(answer)).toContain(" 200 ");
});

test("a hundred requests that are broken off leave nothing behind", async () => {
  for (let i = 0; i < 100; i++)
    await new Promise<void>((resolve) => {
      const socket = connect({ port: served.port, host: "127.0.0.1" }, () => {
        socket.write(good.slice(0, 40 + i * 5));
        socket.destroy();
      });
      socket.on("close", () => resolve());
      socket.on("error", () => undefined);
    });
  expect(status(await sendRaw(served.port, [good]))).toContain(" 200 ");
  const metrics = await (await fetch(`${served.url}/metrics`)).text();
  expect(metrics).toMatch(/baton_requests_in_flight\{[^}]*\} 0/);
});

test("what nobody caught is logged, counted, and served on", async () => {
  const lines: unknown[][] = [];
  const log = { warn: () => undefined, error: (...line: unknown[]) => void lines.push(line) };
  const source = fakeSignals();
  const stray = await serveUntilStopped({
    server: testServer({ log }),
    port: 0,
    signals: source,
    lameDuckMs: 0,
  });
  source.emit("unhandledRejection", new Error("stray one"));
  source.emit("uncaughtException", "stray two");
  expect(lines).toMatchObject([
    ["unhandled-rejection", { message: "stray one" }],
    ["uncaught-exception", { message: "stray two" }],
  ]);
  const metrics = await (await fetch(`${stray.url}/metrics`)).text();
  expect(metrics).toMatch(/baton_faults_total\{kind="unhandled-rejection"[^}]*\} 1/);
  source.emit("SIGINT");
  expect(await stray.stopped).toEqual({ signal: "SIGINT", clean: true });
});

test("SIGTERM: health says not ready, requests are answered through the lame duck, those under way are finished", async () => {
  const gate = gatedPredictor();
  const source = fakeSignals();
  const server = testServer({ predictor: gate.predictor });
  const { url, stopped } = await serveUntilStopped({ server, port: 0, signals: source, lameDuckMs: 1200 });
  const post = () => fetch(`${url}${path}`, { method: "POST", body });
  const early = post();
  await vi.waitFor(() => expect(gate.calls()).toBe(1));
  source.emit("SIGTERM");
  expect((await fetch(`${url}/v2/health/ready`)).status).toBe(503);
  const during = post();
  await vi.waitFor(() => expect(gate.calls()).toBe(2));
  await vi.waitFor(() => expect(server.state()).toBe("draining"), { timeout: 5000 });
  gate.release();
  expect([(await early).status, (await during).status]).toEqual([200, 200]);
  expect(await stopped).toEqual({ signal: "SIGTERM", clean: true });
  await expect(fetch(url)).rejects.toThrow();
});

test("a second signal ends at once, and the grace ends what hangs", async () => {
  for (const [lameDuckMs, graceMs, second] of [
    [60_000, 60_000, true],
    [0, 50, false],
  ] as const) {
    const gate = gatedPredictor();
    const source = fakeSignals();
    const { url, stopped } = await serveUntilStopped({
      server: testServer({ predictor: gate.predictor }),
      port: 0,
      signals: source,
      lameDuckMs,
      graceMs,
    });
    const hanging = fetch(`${url}${path}`, { method: "POST", body }).catch(() => "cut");
    await vi.waitFor(() => expect(gate.calls()).toBe(1));
    source.emit("SIGTERM");
    if (second) source.emit("SIGTERM");
    expect(await stopped).toEqual({ signal: "SIGTERM", clean: false });
    expect(await hanging).toBe("cut");
    gate.release();
  }
});

test("a port that is taken is an error that says what to do", async () => {
  await expect(
    serveUntilStopped({ server: testServer(), port: served.port, signals: fakeSignals() }),
  ).rejects.toMatchObject({
    code: "unavailable",
    next: "Choose another port, or 0 for a free one.",
  });
});
