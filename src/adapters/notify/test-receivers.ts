import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestNotice } from "../../watch/index.ts";
import type { Timing } from "./timing.ts";

/* What every notifier's tests tell, and loopback servers that are told. */

export const notice: RequestNotice = {
  id: "5f".repeat(32),
  model: "churn",
  version: "1.0.0",
  contentDigest: "ab".repeat(32),
  at: "2026-01-31T12:00:00.000Z",
  environment: "production",
  said: {
    clause: "retrain.worse",
    window: "2026-01-30T00:00:00.000Z",
    reason: "It holds in 3 of the last 4 windows — “worse”.",
    values: [{ name: "mature.roc_auc", value: 0.61 }],
    rows: { file: "worse.parquet", sha256: "cd".repeat(32), count: 900 },
  },
  entry: { payload: "e30=", payloadType: "application/vnd.in-toto+json", signatures: [] },
};

/** One request as it came over the wire. */
export interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** How a server answers one request; `hang` never does, `reset` cuts the line. */
export type Answer =
  | number
  | "hang"
  | "reset"
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** A loopback server that gives the answers in order, the last one again and again. */
export async function receiver(answers: readonly Answer[]) {
  const received: Received[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const { method, url: path, headers } = request;
      const answer = answers[Math.min(received.length, answers.length - 1)]!;
      received.push({ method, path, headers, body: Buffer.concat(parts).toString() });
      if (answer === "hang") return;
      if (answer === "reset") request.socket.destroy();
      else if (typeof answer === "number") response.writeHead(answer).end("an answer that nobody reads");
      else response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A clock that only sleeping moves, and the waits that were asked for. */
export function fakeTiming(
  startMs = Date.parse("2026-02-01T00:00:00Z"),
): Timing & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = startMs;
  return {
    waits,
    now: () => now,
    sleep: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    random: () => 0.5,
  };
}
