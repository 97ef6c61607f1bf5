import { Agent, request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type MalformedRequest,
  malformedRequest,
  type Seed,
  seededDice,
} from "../support/malformed-requests.ts";
import { type ServeProcess, serveProcess } from "../support/serve-process.ts";

const count = 20_000;
const atOnce = 12;

let server: ServeProcess;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

beforeAll(async () => {
  server = await serveProcess("examples/flight-delay", ["--allow-unsigned", "--allow-unaccepted"]);
}, 60_000);

afterAll(async () => {
  agent.destroy();
  await server?.stop("SIGKILL");
});

interface Reply {
  readonly status: number;
  readonly body: string;
}

function send({
  method,
  path,
  headers,
  body,
}: Extract<MalformedRequest, { kind: "http" }>): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const sent = request({
      agent,
      host: "127.0.0.1",
      port: server.port,
      method,
      path,
      headers: { ...headers, "content-length": body.length },
      timeout: 15_000,
    });
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      response.on("error", () => resolve(undefined));
    });
    sent.on("upgrade", (_response, socket) => {
      socket.destroy();
      resolve({ status: 101, body: "" });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer in 15 s")));
    sent.on("error", () => resolve(undefined));
    sent.end(body);
  });
}

/** Everything that comes back, until the other side closes; this side ends first, as a client that goes away. */
function sendRaw(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: "127.0.0.1", port: server.port }, () => socket.end(bytes));
    socket.setTimeout(15_000, () => socket.destroy());
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
  });
}

const predictPath = "/v1/models/flight-delay/predict";

async function seeds(): Promise<Seed[]> {
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
    paths: Record<
      string,
      {
        post: {
          requestBody: {
            content: Record<
              string,
              { examples: Record<string, { value: { records: Record<string, unknown>[] } }> }
            >;
          };
        };
      }
    >;
  };
  const { value } =
    document.paths[predictPath]!.post.requestBody.content["application/json"]!.examples[
      "from-the-joint-set"
    ]!;
  const metadata = (await (await fetch(`${server.url}/v2/models/flight-delay`)).json()) as {
    inputs: { name: string; datatype: string }[];
  };
  const rows = value.records.length;
  const inputs = metadata.inputs.map(({ name, datatype }) => ({
    name,
    datatype,
    shape: [rows, 1],
    data: value.records.map((record) => record[name] ?? null),
  }));
  const infer = {
    id: "a",
    inputs,
    outputs: [{ name: "late_probability", parameters: { binary_data: false } }],
  };
  return [
    { path: predictPath, body: value },
    { path: predictPath, body: { ...value, partial: true } },
    { path: "/v2/models/flight-delay/infer", body: infer },
    { path: "/v2/models/flight-delay/versions/1.1.0/infer", body: infer },
    { path: "/v2/repository/index", body: { ready: true } },
  ];
}

test(`${count.toLocaleString("en")} malformed requests: no server fault, no crash, and good requests are answered as before`, async () => {
  const valid = await seeds();
  const goodReplies = () =>
    Promise.all(
      valid
        .slice(0, 3)
        .map(({ path, body }) =>
          send({ kind: "http", method: "POST", path, headers: {}, body: Buffer.from(JSON.stringify(body)) }),
        ),
    );
  const before = await goodReplies();
  expect(before.map((reply) => reply?.status)).toEqual([200, 200, 200]);

  const dice = seededDice(20_131_101);
  const statuses = new Map<number, number>();
  const faults: unknown[] = [];
  const tally = (status: number, sent: MalformedRequest, body: string) => {
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (status >= 500 && status !== 501) faults.push({ status, body: body.slice(0, 300), sent: shown(sent) });
  };
  let unanswered = 0;
  const worker = async (share: number) => {
    for (let i = 0; i < share; i++) {
      const made = malformedRequest(dice, valid);
      if (made.kind === "raw") {
        const answer = await sendRaw(made.bytes);
        for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)) tally(Number(status), made, answer);
        continue;
      }
      const reply = await send(made);
      if (!reply) unanswered++;
      else tally(reply.status, made, reply.body);
      if (reply && reply.status >= 400 && made.method !== "HEAD" && !reply.body.includes('"error"'))
        faults.push({ missing: "error", ...reply, sent: shown(made) });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, () => worker(Math.ceil(count / atOnce))));

  expect(faults.slice(0, 3)).toEqual([]);
  expect(unanswered).toBeLessThan(count / 50);
  expect(statuses.get(400) ?? 0).toBeGreaterThan(count / 4);
  for (const status of [200, 400, 404, 405, 501])
    expect([status, statuses.has(status)]).toEqual([status, true]);

  const after = await goodReplies();
  expect(after).toEqual(before);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).not.toMatch(/baton_faults_total\{[^}]*\} [1-9]/);
  expect(server.errors()).not.toMatch(/unhandled|uncaught|request-failed| at .*\.js:/);
  expect(server.child.exitCode).toBeNull();
  expect(await server.stop()).toBe(0);
});

function shown(sent: MalformedRequest): string {
  if (sent.kind === "raw") return sent.bytes.toString("latin1").slice(0, 500);
  return `${sent.method} ${sent.path.slice(0, 200)} ${JSON.stringify(sent.headers)} ${sent.body.toString("latin1").slice(0, 500)}`;
}
