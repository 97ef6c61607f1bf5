import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { type ServeProcess, serveProcess, startProcess } from "../test/support/serve-process.ts";

/*
 * Requests per second of single rows, named records of the flight-delay example, against a bare Fastify server that
 * parses the same body and sends it back. Same client, same run, rounds in turn: the ratio counts, not the figures.
 * `sketch` decodes, validates, makes up an answer, checks it, counts it; `model` runs the ONNX model as well.
 * Both are the built program: run `npm run build` first. Arguments: milliseconds of a round, rounds.
 */

const example = "examples/flight-delay";
const connections = 16;
const roundMs = Number(process.argv[2] ?? 1500);
const rounds = Number(process.argv[3] ?? 7);

const record = {
  flight_id: "a",
  origin: "EWR",
  carrier: "UA",
  destination: "IAH",
  distance: 1400,
  hour: 17,
  weekday: 5,
  temperature: 66,
  wind_speed: 11.5,
  precipitation: 0,
  visibility: 10,
  pressure: 1015.5,
  plane_age: 12,
  seats: 178,
};
const body = JSON.stringify({ records: [record] });

/** The example as it would be before there is a model. */
async function sketchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "baton-bench-"));
  const text = await readFile(join(example, "baton.yaml"), "utf8");
  await writeFile(
    join(folder, "baton.yaml"),
    text.replace(/^level: .*$/m, "level: sketch").replace(/^run: .*$/m, ""),
  );
  return folder;
}

/** The bare server, in a process of its own as the others are. */
async function echo(): Promise<void> {
  const app = Fastify();
  app.post("/v1/models/:model/predict", async (request) => request.body);
  console.log(await app.listen({ host: "127.0.0.1", port: 0 }));
}

/** Requests answered per second over keep-alive connections, one request after another on each. */
async function measure(port: number, ms: number): Promise<number> {
  const bytes = Buffer.from(
    `POST /v1/models/flight-delay/predict HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  const until = performance.now() + ms;
  let answered = 0;
  const caller = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true }, () => socket.write(bytes));
      let text = "";
      socket.setEncoding("latin1");
      socket.on("data", (chunk: string) => {
        text += chunk;
        const end = endOfAnswer(text);
        if (end === undefined) return;
        if (!text.startsWith("HTTP/1.1 200")) return void reject(new Error(text.slice(0, 300)));
        text = text.slice(end);
        answered++;
        if (performance.now() < until) socket.write(bytes);
        else socket.destroy();
      });
      socket.on("error", reject);
      socket.on("close", () => resolve());
    });
  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, caller));
  return (1000 * answered) / (performance.now() - started);
}

function endOfAnswer(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  if (head === -1) return undefined;
  const length = /content-length: (\d+)/i.exec(text);
  const end = head + 4 + Number(length?.[1] ?? 0);
  return text.length >= end ? end : undefined;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

async function compare(): Promise<void> {
  const folder = await sketchFolder();
  const servers: Record<string, ServeProcess> = {};
  try {
    servers.echo = await startProcess(process.execPath, [...process.execArgv, import.meta.filename, "echo"]);
    servers.sketch = await serveProcess(folder);
    servers.model = await serveProcess(example, ["--allow-unsigned", "--allow-unaccepted"]);
    const speeds = new Map(Object.keys(servers).map((name): [string, number[]] => [name, []]));
    for (const { port } of Object.values(servers)) await measure(port, roundMs);
    for (let round = 0; round < rounds; round++)
      for (const [name, { port }] of Object.entries(servers))
        speeds.get(name)?.push(await measure(port, roundMs));
    const base = speeds.get("echo") ?? [];
    for (const [name, own] of speeds) {
      const ratio = median(own.map((speed, round) => speed / (base[round] ?? 1)));
      console.log(
        `${name.padEnd(8)}${Math.round(median(own)).toString().padStart(8)} requests/s  ${ratio.toFixed(2)} of echo`,
      );
    }
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop("SIGKILL")));
    await rm(folder, { recursive: true });
  }
}

if (process.argv[2] === "echo") await echo();
else await compare();
