import { describe, expect, it } from "vitest";
import { auditAt } from "../audit.ts";
import type { EntryFile } from "../entry.ts";
import type { ReviewSaid } from "../entry-schema.ts";
import { mergeEntries } from "../history.ts";
import { type CloseInput, mayCloseActions, mayReview, type ReviewInput } from "../may-review.ts";
import { stateOf } from "../state.ts";
import {
  codes,
  content,
  contractAt,
  forged,
  idOf,
  keyId,
  minute,
  type Name,
  people,
  read,
  shortRelay,
  sign,
} from "../test-team.ts";
import { timelineOf } from "../timeline.ts";
import { overdueActions, reviewsDue } from "./review-due.ts";

const day = 1440;
const relay = shortRelay();
const material = (n = 1, at = 10) => ({
  file: `000${n}-2026-01-02`,
  digest: content(`material ${n}`),
  collected: minute(at),
});
const action = { id: "5e2a91c0", what: "raise the threshold", owner: "runs", due: "2026-01-20" };
type Said = Partial<ReviewSaid>;

/** The relay with a review by somebody at a minute, of material collected a minute before. */
const review = (files: readonly EntryFile[], by: Name, at: number, said: Said = {}, role?: string) =>
  sign(
    files,
    by,
    {
      action: "review",
      note: "as expected",
      ...(role && { role }),
      review: { material: material(1, at - 1), decision: "keep", ...said },
    },
    at,
  );
const both = (files: readonly EntryFile[], at: number, n = 1) => {
  const said = { material: material(n, at - 1) };
  return review(review(files, "lab", at, said), "ops", at + 1, said);
};
const stateAt = (files: readonly EntryFile[], at = 100 * day) => stateOf(read(files), minute(at));
const terms = { first: "7d", every: "30d", twoPeople: false };
const due = (files: readonly EntryFile[], at = 100 * day, more = {}) =>
  reviewsDue(read(files), { ...terms, ...more }, minute(at));

describe("a review", () => {
  it("is complete when both roles have signed the same material", () => {
    const one = review(relay, "lab", 20, { actions: [action] });
    expect(stateAt(one).reviews).toMatchObject([{ missing: ["runs"], version: "1.0.0" }]);
    expect(stateAt(one).reviews[0]).not.toHaveProperty("completed");
    const other = review(one, "ops", 30, { material: material(2, 25) });
    expect(stateAt(other).reviews.map(({ missing }) => missing)).toEqual([["runs"], ["builds"]]);
    const two = review(one, "ops", 30, { material: material(1, 19), decision: "keep" });
    expect(stateAt(two).reviews).toMatchObject([
      { missing: [], completed: minute(30), contradictory: false, selfReviewed: false },
    ]);
    expect(codes(read(two))).toEqual([]);
  });

  it("shows decisions that contradict each other, and is no fork", () => {
    const left = review(relay, "lab", 20, { material: material() });
    const right = review(relay, "ops", 21, { material: material(), decision: "recall" });
    const merged = mergeEntries(left, right);
    expect(codes(read(merged))).toEqual([]);
    expect(stateAt(merged).reviews).toMatchObject([{ contradictory: true, missing: [] }]);
    const settled = sign(
      merged,
      "ops",
      { action: "review", note: "agreed", review: { material: material(), decision: "keep" } },
      40,
    );
    expect(stateAt(settled).reviews).toMatchObject([{ contradictory: false, completed: minute(21) }]);
  });

  it("knows one person in both roles", () => {
    const alone = review(
      review(relay, "duo", 20, { material: material() }, "builds"),
      "duo",
      21,
      { material: material() },
      "runs",
    );
    expect(stateAt(alone).reviews).toMatchObject([{ selfReviewed: true, completed: minute(21) }]);
    expect(due(alone).map(({ because }) => because)).toEqual(["cadence"]);
    expect(due(alone, 100 * day, { twoPeople: true }).map(({ because }) => because)).toEqual(["deployment"]);
  });

  it("is told in one line", () => {
    const files = review(relay, "lab", 20, { actions: [action] });
    expect(timelineOf(read(files)).at(-1)?.text).toBe(
      "lab as builds reviews 1.0.0 (0001-2026-01-02): keep, asks for 1 action: as expected",
    );
  });
});

describe("an audit", () => {
  it("shows what reviews decided, and not that an action was closed", () => {
    const files = review(relay, "lab", 20, { actions: [action], decision: "watch" });
    const closed = sign(
      files,
      "ops",
      { action: "review", note: "done", review: { closes: [action.id] } },
      30,
    );
    const { approvals } = auditAt({ history: read(closed), evidence: [], date: minute(100) });
    expect(
      approvals.flatMap(({ action: what, decision, person }) =>
        what === "review" ? [[person, decision]] : [],
      ),
    ).toEqual([["lab", "watch"]]);
  });
});

describe("an entry of a review does not count", () => {
  const bare = relay.slice(0, 2);
  const parent = (files: readonly EntryFile[]) => ({
    parents: [idOf(files.at(-1))],
    sequence: files.length + 1,
  });
  const entry = (said: ReviewSaid, by: Name = "ops", files = relay) =>
    codes(
      read([...files, forged(by, { action: "review", note: "view", review: said, ...parent(files) }).file]),
    );
  const whole = { material: material(), decision: "keep" } as const;

  it("where it should, and a sound one does", () => {
    expect(entry(whole)).toEqual([]);
  });
  it.each<[string, ReviewSaid]>([
    ["a decision on nothing", { decision: "keep" }],
    ["material without a decision", { material: material() }],
    ["nothing", {}],
    ["actions without material", { closes: ["a"], actions: [action] }],
    ["material from after the signature", { ...whole, material: material(1, 501) }],
    ["a day that does not exist", { ...whole, actions: [{ ...action, due: "2026-02-30" }] }],
    ["two actions with one id", { ...whole, actions: [action, { ...action, what: "other" }] }],
  ])("that says %s", (_, said) => {
    expect(entry(said)).toEqual(["relay.malformed"]);
  });
  it("about what never ran, or closing what nobody asked for", () => {
    expect(entry(whole, "ops", bare)).toEqual(["relay.out-of-turn"]);
    expect(entry({ closes: ["never"] })).toEqual(["relay.out-of-turn"]);
  });
  it("by another role", () => {
    const by = { action: "review", note: "view", review: whole, ...parent(relay) } as const;
    expect(codes(read([...relay, forged("cat", { ...by, role: "business" }).file]))).toEqual([
      "relay.wrong-role",
    ]);
  });
});

describe("the next review", () => {
  it("is due first after deployment, then after each complete one", () => {
    expect(due(relay, 3)).toMatchObject([
      { due: minute(3 + 7 * day), overdue: false, because: "deployment", version: "1.0.0" },
    ]);
    expect(due(relay, 4 + 7 * day)[0]?.overdue).toBe(true);
    expect(due(review(relay, "lab", day), 2 * day)[0]?.because).toBe("deployment");
    const done = both(relay, 8 * day);
    expect(due(done, 9 * day)).toMatchObject([
      { due: minute(8 * day + 1 + 30 * day), overdue: false, because: "cadence" },
    ]);
  });

  it("is not counted twice where a content is deployed again, and anew where it came back", () => {
    const again = sign(relay, "ops", { action: "deploy", environment: "production" }, day);
    expect(due(again)[0]?.due).toBe(minute(3 + 7 * day));
    const two = { contentDigest: content("two"), version: "1.1.0" };
    const other = sign(
      sign(
        sign(both(relay, day), "lab", { action: "offer", ...two }, 2 * day),
        "ops",
        { action: "accept", ...two },
        2 * day,
      ),
      "ops",
      { action: "deploy", environment: "production", ...two },
      2 * day,
    );
    expect(due(other).map(({ version }) => version)).toEqual(["1.1.0"]);
    const back = sign(
      other,
      "sre",
      { action: "rollback", environment: "production", previousDigest: content("two") },
      3 * day,
    );
    expect(due(back).map(({ version, because }) => [version, because])).toEqual([
      ["1.0.0", "deployment"],
      ["1.1.0", "rollback"],
    ]);
  });

  it("comes sooner after an incident that no review has looked at", () => {
    const done = both(relay, 8 * day);
    const struck = sign(done, "lab", { action: "request", note: "worse in June" }, 10 * day);
    expect(due(struck)).toMatchObject([{ due: minute(17 * day), because: "request" }]);
    expect(due(both(struck, 11 * day, 2))[0]?.because).toBe("cadence");
    // Signed after the incident on material from before it: nobody has looked at it.
    const early = { material: material(2, 9 * day) };
    const blind = review(review(struck, "lab", 11 * day, early), "ops", 11 * day, early);
    expect(due(blind)[0]?.because).toBe("request");
  });

  it("is none for what never ran, even when it was recalled", () => {
    expect(due(sign(relay.slice(0, 2), "lab", { action: "recall", note: "no" }, 9))).toEqual([]);
  });
});

describe("actions", () => {
  const asked = review(review(relay, "lab", 20, { actions: [action] }), "ops", 21, { actions: [action] });

  it("are open until somebody signs that they are done, and overdue after their day", () => {
    expect(stateAt(asked).actions).toMatchObject([{ ...action, asked: { person: "lab" } }]);
    const late = (at: string) => overdueActions(stateOf(read(asked), at)).map(({ id }) => id);
    expect(late("2026-01-20T23:59:59.999Z")).toEqual([]);
    expect(late("2026-01-21T00:00:00.000Z")).toEqual([action.id]);
    const closed = sign(
      asked,
      "ops",
      { action: "review", note: "done", review: { closes: [action.id] } },
      30,
    );
    expect(stateAt(closed).actions).toMatchObject([{ done: { person: "ops", note: "done" } }]);
    expect(overdueActions(stateAt(closed))).toEqual([]);
    expect(stateAt(closed).reviews).toHaveLength(1);
  });
});

describe("signing a review", () => {
  const signing = (by: Name, files: readonly EntryFile[]) => ({
    ...{ history: read(files), people, keyId: keyId(by), model: "churn" },
    ...{ contentDigest: content("one"), at: minute(100) },
  });
  const sound = (by: Name, files: readonly EntryFile[], more: Partial<ReviewInput> = {}) =>
    mayReview({
      ...signing(by, files),
      ...{ contract: contractAt("critical"), material: material(), decision: "keep", view: "fine" },
      ...{ actions: [], closes: [] },
      ...more,
    });
  const found = (by: Name, files: readonly EntryFile[], more: Partial<ReviewInput> = {}) =>
    sound(by, files, more).findings.map(({ code, severity }) => `${code} ${severity}`);
  const signed = review(relay, "lab", 20, { material: material() });

  it("is for builds and runs, of what runs, with a view", () => {
    expect(sound("ops", relay)).toEqual({
      allowed: true,
      findings: [],
      signer: { person: "ops", role: "runs" },
    });
    for (const by of ["cat", "sre", "bot", "foe"] as const)
      expect(found(by, relay)).toEqual(["relay.not-authorised blocking"]);
    expect(found("ops", relay, { role: "builds" })).toEqual(["relay.not-authorised blocking"]);
    expect(found("ops", relay.slice(0, 2))).toEqual(["relay.never-deployed blocking"]);
    expect(found("ops", relay, { view: " " })).toEqual(["relay.view-missing blocking"]);
  });

  it("is on the same material", () => {
    expect(found("ops", signed)).toEqual([]);
    expect(found("ops", signed, { material: { ...material(), digest: content("edited") } })).toEqual([
      "relay.material-edited blocking",
    ]);
    expect(found("ops", signed, { material: material(2) })).toEqual([]);
  });

  it("says when the other role decided otherwise, or is the same person", () => {
    expect(found("ops", signed, { decision: "retrain" })).toEqual(["relay.review-contradicts warning"]);
    const alone = review(relay, "duo", 20, { material: material() }, "builds");
    expect(found("duo", alone, { role: "runs" })).toEqual(["relay.self-reviewed blocking"]);
    expect(found("duo", alone, { role: "runs", contract: contractAt("handed-over") })).toEqual([
      "relay.self-reviewed warning",
    ]);
  });

  it("takes actions that somebody can do by a day", () => {
    const asks = (more: object) => found("ops", relay, { actions: [{ ...action, ...more }] });
    expect(asks({})).toEqual([]);
    expect(asks({ due: "2026-01-01" })).toEqual([]);
    for (const more of [{ due: "2025-12-31" }, { due: "2026-02-30" }, { owner: "someone" }])
      expect(asks(more)).toEqual(["relay.action-unusable blocking"]);
  });

  it("closes open actions only", () => {
    const asked = review(relay, "lab", 20, { actions: [action] });
    const close = (files: readonly EntryFile[], more: Partial<CloseInput> = {}) =>
      mayCloseActions({ ...signing("ops", files), closes: [action.id], note: "done", ...more }).findings.map(
        ({ code }) => code,
      );
    expect(close(asked)).toEqual([]);
    expect(close(asked, { note: "" })).toEqual(["relay.view-missing"]);
    expect(close(relay)).toEqual(["relay.unknown-action"]);
    expect(found("ops", asked, { closes: ["other"] })).toEqual(["relay.unknown-action blocking"]);
    const closed = sign(
      asked,
      "ops",
      { action: "review", note: "done", review: { closes: [action.id] } },
      30,
    );
    expect(close(closed)).toEqual(["relay.unknown-action"]);
  });
});
