import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { serveProcess } from "../support/serve-process.ts";

const example = "examples/flight-delay";
const flags = ["--allow-unsigned", "--allow-unaccepted"];

const sketch = `baton: 1
level: sketch
model: { name: parcels, version: 0.1.0, task: binary-classification }
owners: { builds: makers@example.org, runs: runners@example.org }
use: Says how likely a parcel is late.
features:
  - { name: weight, type: float32, range: [0, 100], missing: reject }
  - { name: carrier, type: string, values: [AA, B6], missing: reject }
output: { name: lateness, range: [0, 1], threshold: 0.5 }
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "baton-sketch-"));
  await writeFile(join(folder, "baton.yaml"), sketch);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("without the flags an unsealed hand-off is refused, with the way out", async () => {
  const { code, stderr, stdout } = await new Promise<{ code: unknown; stderr: string; stdout: string }>(
    (resolve) => {
      execFile(
        process.execPath,
        ["dist/cli.js", "serve", example, "--port", "0"],
        { timeout: 60_000 },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stderr, stdout }),
      );
    },
  );
  expect(code).toBe(1);
  expect(stdout).not.toContain("http://");
  expect(stderr).toContain("--allow-unsigned");
  expect(stderr).not.toMatch(/\n\s+at /);
});

test("what is served against the rules says so in every reply, and in the page", async () => {
  const { url, stop } = await serveProcess(example, flags);
  for (const path of ["/", "/v2/health/ready", "/metrics", "/openapi.json", "/contract", "/nowhere"]) {
    const reply = await fetch(url + path);
    expect([path, reply.headers.get("baton-warning")]).toEqual([path, "unsigned, unaccepted"]);
    expect(reply.headers.get("baton-digest")).toMatch(/^sha256:[0-9a-f]{64}$/);
  }
  expect(await (await fetch(url)).text()).toContain("Served against the rules");
  expect(await stop("SIGINT")).toBe(0);
});

test("a sketch answers within its contract, marked, the same row with the same answer", async () => {
  const { url, stop } = await serveProcess(folder);
  const post = async (record: object) => {
    const reply = await fetch(`${url}/v1/models/parcels/predict`, {
      method: "POST",
      body: JSON.stringify({ records: [record] }),
    });
    return {
      reply,
      body: (await reply.json()) as { sketch?: boolean; predictions?: { outputs: { lateness: number } }[] },
    };
  };
  const { reply, body } = await post({ id: "a", weight: 3, carrier: "AA" });
  expect([reply.status, reply.headers.get("baton-sketch"), body.sketch]).toEqual([
    200,
    "made-up answers",
    true,
  ]);
  const lateness = body.predictions?.[0]?.outputs.lateness ?? -1;
  expect(lateness >= 0 && lateness <= 1).toBe(true);
  expect((await post({ id: "a", weight: 3, carrier: "AA" })).body).toEqual(body);
  expect((await post({ id: "a", weight: 300, carrier: "AA" })).reply.status).toBe(400);
  expect(await (await fetch(url)).text()).toContain("This is a sketch.");
  expect(await stop()).toBe(0);
});

test("SIGTERM under load: every request that was accepted is answered, and the exit code is 0", async () => {
  const { url, child, errors } = await serveProcess(example, flags);
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Record<string, unknown>;
  const [, record] = /"records":(\[.*?\])\}/.exec(JSON.stringify(document)) ?? [];
  const [row] = JSON.parse(record ?? "[]") as object[];
  const body = JSON.stringify({ records: Array.from({ length: 2000 }, () => row) });
  const answers: number[] = [];
  let refused = 0;
  let running = true;
  const caller = async () => {
    while (running) {
      try {
        const reply = await fetch(`${url}/v1/models/flight-delay/predict`, { method: "POST", body });
        const { predictions } = (await reply.json()) as { predictions?: unknown[] };
        answers.push(reply.status === 200 ? (predictions?.length ?? 0) : reply.status);
      } catch (thrown) {
        // Not accepted any more: refused, or reset while it stood in the queue of the socket that closed.
        const { code = "unknown" } = ((thrown as Error).cause ?? thrown) as { code?: string };
        expect(["ECONNREFUSED", "ECONNRESET", "UND_ERR_SOCKET"]).toContain(code);
        refused++;
        running = false;
      }
    }
  };
  const exited = new Promise<number | null>((resolve) => void child.on("exit", resolve));
  const callers = [caller(), caller(), caller()];
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(3), { timeout: 20_000 });
  child.kill("SIGTERM");
  const notReady = () =>
    fetch(`${url}/v2/health/ready`).then(
      (reply) => reply.status === 503,
      () => true,
    );
  await vi.waitFor(async () => expect(await notReady()).toBe(true), { interval: 20, timeout: 5000 });
  const before = answers.length;
  await Promise.all(callers);
  expect(await exited).toBe(0);
  expect(answers.length).toBeGreaterThan(before);
  expect(refused).toBeGreaterThan(0);
  expect(answers.filter((answer) => answer !== 2000 && answer !== 503)).toEqual([]);
  expect(errors()).not.toContain("stopped-with-requests-under-way");
});
