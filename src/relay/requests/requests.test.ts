import { describe, expect, it } from "vitest";
import type { EntryFile } from "../entry.ts";
import type { RequestSaid } from "../entry-schema.ts";
import { mayRequest } from "../may-request.ts";
import { stateOf } from "../state.ts";
import {
  type Act,
  codes,
  content,
  forged,
  idOf,
  keyId,
  minute,
  people,
  read,
  shortRelay,
  sign,
} from "../test-team.ts";
import { timelineOf } from "../timeline.ts";
import { openRequests } from "./requests.ts";

const said: RequestSaid = {
  clause: "retrain.worse",
  window: minute(0),
  reason: "It holds in 3 of the last 4 windows.",
  values: [{ name: "mature.roc_auc", value: 0.61 }],
  rows: { file: "worse.parquet", sha256: content("rows"), count: 900 },
};
const request: Act = { action: "request", request: said };
const two = { contentDigest: content("two"), version: "1.1.0" };

const asked = sign(shortRelay(), "bot", request, 10);
const requestId = idOf(asked.at(-1));
const offered = sign(asked, "lab", { action: "offer", ...two }, 20);
const answered = sign(offered, "ops", { action: "accept", ...two, closes: [requestId] }, 21);

const requestsOf = (files: readonly EntryFile[]) => stateOf(read(files), minute(1000)).requests;

describe("a request", () => {
  it("is signed by a service, and open until a version is accepted that closes it", () => {
    expect(openRequests({ requests: requestsOf(asked) })).toMatchObject([
      { entry: requestId, person: "bot", role: "service", version: "1.0.0", said },
    ]);
    expect(openRequests({ requests: requestsOf(offered) })).toHaveLength(1);
    expect(requestsOf(answered)).toMatchObject([{ closed: { person: "ops", version: "1.1.0" } }]);
  });

  it("is open again when the acceptance is taken back by a return", () => {
    const reasons = [{ code: "failing", note: "It does not." }];
    const returned = sign(answered, "ops", { action: "return", ...two, reasons }, 30);
    expect(openRequests({ requests: requestsOf(returned) })).toHaveLength(1);
  });

  it("is told in the log with its window and rows, and so is its answer", () => {
    const texts = timelineOf(read(answered)).map(({ text }) => text);
    expect(texts[3]).toBe(
      "bot as service asks for the version after 1.0.0 (retrain.worse, window 2026-01-01 00:00; 900 rows to learn from)",
    );
    expect(texts.at(-1)).toMatch(/^ops as runs accepts 1.1.0, closing 0004-request-[0-9a-f]{12}\.json$/);
  });

  const judge = (
    files: readonly EntryFile[],
    by: "bot" | "lab" | "foe" = "bot",
    contentDigest = content("one"),
  ) =>
    mayRequest({
      history: read(files),
      people,
      keyId: keyId(by),
      model: "churn",
      contentDigest,
      at: minute(50),
      clause: "retrain.worse",
    });

  it("may be made once for a trigger and content, after an accepted version, by a known key", () => {
    expect(judge(shortRelay())).toMatchObject({ allowed: true, signer: { person: "bot", role: "service" } });
    expect(judge(shortRelay(), "lab").allowed).toBe(true);
    expect(codes(judge(asked))).toEqual(["relay.already-requested"]);
    expect(codes(judge(answered))).toEqual([]);
    expect(codes(judge(shortRelay(), "foe"))).toEqual(["relay.not-authorised"]);
    expect(codes(judge(shortRelay(), "bot", content("two")))).toEqual(["relay.nothing-to-follow"]);
  });
});

describe("what does not count", () => {
  const refused = (files: readonly EntryFile[], by: "bot" | "ops", entry: Parameters<typeof forged>[1]) => {
    const last = idOf(files.at(-1));
    const history = read([
      ...files,
      forged(by, { parents: [last], sequence: files.length + 1, ...entry }).file,
    ]);
    return codes(history);
  };
  const bot = { role: "service" };

  it.each([
    [
      "a request for what was never accepted",
      shortRelay().slice(0, 1),
      "bot",
      { ...bot, ...request },
      "relay.out-of-turn",
    ],
    [
      "a request of another version than was offered",
      shortRelay(),
      "bot",
      { ...bot, ...request, version: "6.6.6" },
      "relay.out-of-turn",
    ],
    ["a request that was answered, again", answered, "bot", { ...bot, ...request }, "relay.out-of-turn"],
    ["a request by somebody in a role of another", shortRelay(), "bot", { ...request }, "relay.wrong-role"],
    [
      "a request of another model",
      shortRelay(),
      "bot",
      { ...bot, ...request, model: "other" },
      "relay.other-model",
    ],
    ["a request without a word", shortRelay(), "bot", { ...bot, action: "request" }, "relay.malformed"],
    [
      "an acceptance that closes no request",
      offered,
      "ops",
      { action: "accept", ...two, closes: [content("x")] },
      "relay.out-of-turn",
    ],
    [
      "a deployment that closes",
      answered,
      "ops",
      { action: "deploy", environment: "e", closes: [requestId] },
      "relay.malformed",
    ],
    [
      "a request with a path in its rows",
      shortRelay(),
      "bot",
      { ...bot, ...request, request: { ...said, rows: { ...said.rows!, file: "../x.parquet" } } },
      "relay.malformed",
    ],
  ] satisfies [string, EntryFile[], "bot" | "ops", Parameters<typeof forged>[1], string][])(
    "%s",
    (_, files, by, entry, code) => expect(refused(files, by, entry)).toEqual([code]),
  );

  it("an acceptance that answers the request for the version after itself", () => {
    const again = sign(asked, "lab", { action: "offer" }, 12);
    expect(refused(again, "ops", { action: "accept", closes: [requestId] })).toEqual(["relay.out-of-turn"]);
  });
});
