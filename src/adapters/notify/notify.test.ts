import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CloudEvent, HTTP } from "cloudevents";
import { afterEach, describe, expect, it } from "vitest";
import type { Notifier } from "../../watch/index.ts";
import { commandNotifier } from "./command.ts";
import { githubNotifier } from "./github.ts";
import { type Answer, fakeTiming, notice, receiver } from "./test-receivers.ts";
import { webhookNotifier } from "./webhook.ts";

const secret = `whsec_${Buffer.from("a secret of twenty-four!").toString("base64")}`;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface Scene {
  readonly notifier: Notifier;
  /** Ids of the notices that arrived. */
  told(): Promise<string[]>;
  readonly waits: readonly number[];
}

async function listening(answers: readonly Answer[]) {
  const server = await receiver(answers);
  cleanups.push(server.close);
  return server;
}

type Kind = "webhook" | "github";

async function http(kind: Kind, answers: readonly Answer[], retries = 3) {
  const server = await listening(answers);
  const timing = fakeTiming();
  const common = { retries, timing, attemptMs: answers[0] === "hang" ? 300 : 20_000 };
  const notifier =
    kind === "webhook"
      ? webhookNotifier({ url: `${server.url}/hooks/baton?x=1`, secret, ...common })
      : githubNotifier({
          repository: "a/b",
          event: "baton-request",
          token: "ghp_secret",
          api: server.url,
          ...common,
        });
  const told = async () =>
    server.received.map(({ body }) => {
      const value = JSON.parse(body);
      return kind === "webhook" ? value.id : value.client_payload.entry;
    });
  return { notifier, told, waits: timing.waits, server };
}

/** A program that keeps what it was told, then ends as it is asked to. */
async function program(answers: readonly Answer[]): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "baton-notify-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "told.jsonl");
  await writeFile(file, "");
  const script = join(folder, "keep.mjs");
  const last =
    answers[0] === "hang"
      ? "setInterval(() => {}, 1000)"
      : `process.exitCode = ${answers[0] === 200 ? 0 : 3}`;
  await writeFile(
    script,
    `import { appendFileSync, readFileSync } from "node:fs";
appendFileSync(process.argv[2], readFileSync(0, "utf8") + "\\n");
${last};`,
  );
  const notifier = commandNotifier({
    command: [process.execPath, script, file],
    cwd: folder,
    env: { PATH: process.env.PATH },
    timeoutMs: answers[0] === "hang" ? 1500 : 20_000,
  });
  const told = async () =>
    (await readFile(file, "utf8"))
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line).id);
  return { notifier, told, waits: [] };
}

const kinds: Readonly<Record<string, (answers: readonly Answer[]) => Promise<Scene>>> = {
  webhook: (answers) => http("webhook", answers),
  github: (answers) => http("github", answers),
  command: program,
};

describe.each(Object.entries(kinds))("every notifier: %s", (_, scene) => {
  it("tells once, with the entry's id", async () => {
    const { notifier, told } = await scene([200]);
    expect(await notifier.deliver(notice)).toEqual({ delivered: true, attempts: 1 });
    expect(await told()).toEqual([notice.id]);
  });

  it("does not try again where it is refused, and says why without a secret", async () => {
    const { notifier, told, waits } = await scene([422]);
    const delivery = await notifier.deliver(notice);
    expect(delivery).toMatchObject({ delivered: false, attempts: 1 });
    expect(JSON.stringify([delivery, notifier.name])).not.toMatch(/whsec|ghp_|nobody reads|x=1/);
    expect([(await told()).length, waits]).toEqual([1, []]);
  });

  it("ends in bounded time where nobody answers", async () => {
    const { notifier } = await scene(["hang"]);
    expect(await notifier.deliver(notice)).toMatchObject({
      delivered: false,
      problem: expect.stringMatching(/did not answer in time|was ended/),
    });
  });
});

describe.each(["webhook", "github"] as const)("over HTTP: %s", (kind) => {
  it("tries again with growing waits while the other side is down, cut off or busy", async () => {
    const { notifier, told, waits } = await http(kind, [503, "reset", 500, 200]);
    expect(await notifier.deliver(notice)).toEqual({ delivered: true, attempts: 4 });
    expect(waits).toEqual([750, 1500, 3000]);
    expect(new Set(await told())).toEqual(new Set([notice.id]));
  });

  it("gives up after its retries, and says what was answered last", async () => {
    const { notifier, told } = await http(kind, [503], 2);
    const delivery = await notifier.deliver(notice);
    expect(delivery).toEqual({ delivered: false, attempts: 3, problem: "it answered 503, after 3 attempts" });
    expect(await told()).toHaveLength(3);
  });

  it.each([
    [{ status: 429, headers: { "retry-after": "7" } }, [7000]],
    [{ status: 503, headers: { "retry-after": "Sun, 01 Feb 2026 00:00:20 GMT" } }, [20_000]],
    [{ status: 403, headers: { "retry-after": "3" } }, [3000]],
  ])("waits as long as Retry-After asks: %j", async (busy, expected) => {
    const { notifier, waits } = await http(kind, [busy, 202]);
    expect(await notifier.deliver(notice)).toEqual({ delivered: true, attempts: 2 });
    expect(waits).toEqual(expected);
  });

  it("does not wait for more than a minute, nor try for more than three", async () => {
    const long = await http(kind, [{ status: 503, headers: { "retry-after": "86400" } }]);
    expect(await long.notifier.deliver(notice)).toMatchObject({ delivered: false, attempts: 1 });
    const busy = await http(kind, [{ status: 503, headers: { "retry-after": "59" } }], 10);
    expect(await busy.notifier.deliver(notice)).toMatchObject({ delivered: false, attempts: 4 });
  });

  it("follows no redirect", async () => {
    const elsewhere = await listening([200]);
    const { notifier } = await http(kind, [{ status: 307, headers: { location: elsewhere.url } }]);
    expect(await notifier.deliver(notice)).toMatchObject({ delivered: false, attempts: 1 });
    expect(elsewhere.received).toEqual([]);
  });

  it("says that nobody listens without saying the whole address", async () => {
    const { notifier, server } = await http(kind, [200], 0);
    await server.close();
    cleanups.length = 0;
    expect(await notifier.deliver(notice)).toEqual({
      delivered: false,
      attempts: 1,
      problem: "127.0.0.1 cannot be reached (ECONNREFUSED), after 1 attempts",
    });
  });
});

describe("a webhook", () => {
  it("carries a CloudEvent that another reader reads, with the signed entry in it", async () => {
    const { notifier, server } = await http("webhook", [200]);
    await notifier.deliver(notice);
    const [{ headers, body }] = server.received as [(typeof server.received)[0]];
    const event = HTTP.toEvent({ headers, body }) as CloudEvent<Record<string, unknown>>;
    expect([event.id, event.type, event.source, event.subject]).toEqual([
      notice.id,
      "io.modelbaton.request.v1",
      "urn:modelbaton:relay:churn",
      "retrain.worse",
    ]);
    expect(event.data).toMatchObject({
      entry: notice.entry,
      request: notice.said,
      environment: "production",
    });
  });

  it.each([
    ["of the standard's form", secret, Buffer.from("a secret of twenty-four!")],
    ["of any text", "plain words", Buffer.from("plain words")],
  ])("is signed anew in each attempt, with a secret %s", async (_, written, key) => {
    const server = await listening([503, 503, 200]);
    const timing = fakeTiming();
    await webhookNotifier({ url: server.url, secret: written, retries: 2, timing }).deliver(notice);
    const stamps = server.received.map(({ headers, body }) => {
      const [id, at, signature] = ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`]);
      const wanted = createHmac("sha256", key).update(`${id}.${at}.${body}`, "utf8").digest("base64");
      expect([id, signature]).toEqual([notice.id, `v1,${wanted}`]);
      return Number(at);
    });
    expect(stamps).toEqual([1769904000, 1769904000, 1769904002]);
  });
});

describe("a dispatch", () => {
  it("is what GitHub documents", async () => {
    const { notifier, server } = await http("github", [204]);
    await notifier.deliver(notice);
    const [{ method, path, headers, body }] = server.received as [(typeof server.received)[0]];
    expect([method, path, headers.authorization, headers.accept]).toEqual([
      "POST",
      "/repos/a/b/dispatches",
      "Bearer ghp_secret",
      "application/vnd.github+json",
    ]);
    const { event_type, client_payload } = JSON.parse(body);
    expect(event_type).toBe("baton-request");
    expect(Object.keys(client_payload).length).toBeLessThanOrEqual(10);
    expect(client_payload).toMatchObject({ clause: "retrain.worse", values: { "mature.roc_auc": 0.61 } });
  });
});

describe("a command", () => {
  it("is started without a shell", async () => {
    const command = ["echo $(whoami) > /tmp/never; true"];
    const delivery = await commandNotifier({ command, cwd: "/", env: {} }).deliver(notice);
    expect(delivery).toEqual({ delivered: false, attempts: 1, problem: "it cannot be started (ENOENT)" });
  });
});

it("says nothing of a secret that cannot stand in a header", async () => {
  const notifier = githubNotifier({
    ...{ repository: "a/b", event: "asked", token: "ghp_unspeakable\nghp_second", retries: 0 },
    ...{ api: "http://127.0.0.1:9", timing: fakeTiming() },
  });
  const told = await notifier.deliver(notice);
  expect(told).toMatchObject({ delivered: false, attempts: 1 });
  expect(JSON.stringify(told)).not.toContain("unspeakable");
});
