import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type ApiCall, apiClient } from "./api-client.ts";

const secret = "the-token";
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client of a server that answers so, with the waits it would have made. */
async function clientOf(answer: RequestListener, timeoutMs = 5000) {
  const asked: string[] = [];
  const waits: number[] = [];
  const listening = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["private-token"]}`);
    answer(request, response);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const headers = { "private-token": secret };
  const call = apiClient({ url, headers, secret, timeoutMs, wait: async (ms) => void waits.push(ms) });
  return { asked, waits, problem: (one: ApiCall) => call(one).catch((thrown: Error) => thrown.message) };
}

const get: ApiCall = { method: "GET", path: "/thing?page=1" };

describe("a call", () => {
  it("follows no redirect: the token would go with it", async () => {
    const { asked, problem } = await clientOf((_request, response) =>
      response.writeHead(307, { location: "/elsewhere" }).end(),
    );
    expect(await problem(get)).toBe("GET /thing: 307");
    expect(asked).toEqual([`GET /thing?page=1 ${secret}`]);
  });

  it("repeats no token, whoever says it", async () => {
    const { problem } = await clientOf((_request, response) =>
      response.writeHead(400).end(JSON.stringify({ message: `${secret} is not good enough` })),
    );
    expect(await problem(get)).toBe("GET /thing: 400 [token] is not good enough");
  });

  it("waits as it is asked to, for half a minute at most, and tries three times", async () => {
    const limited = (after: string) =>
      clientOf((_request, response) => response.writeHead(429, { "retry-after": after }).end());
    const patient = await limited("7");
    expect(await patient.problem({ method: "POST", path: "/thing" })).toBe("POST /thing: 429");
    expect([patient.asked.length, patient.waits]).toEqual([3, [7000, 7000]]);
    const hopeless = await limited("3600");
    await hopeless.problem(get);
    expect([hopeless.asked.length, hopeless.waits]).toEqual([1, []]);
  });

  it("does not wait for a reply without an end, in time or in size", async () => {
    const silent = await clientOf(() => {}, 50);
    expect(await silent.problem({ method: "POST", path: "/thing" })).toMatch(/no reply .*timeout/);
    expect(silent.asked).toHaveLength(1);
    const endless = await clientOf((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(1024 * 1024)));
      };
      response.on("drain", more);
      more();
    });
    expect(await endless.problem({ method: "POST", path: "/thing" })).toContain("larger than 16 MiB");
  });
});
