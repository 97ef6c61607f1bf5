import { describe, expect, it } from "vitest";
import type { EntryFile } from "./entry.ts";
import { isIntact, mergeEntries, seenOf } from "./history.ts";
import { contentIn, environmentIn, stateOf } from "./state.ts";
import { type Act, codes, content, idOf, minute, type Name, read, shortRelay, sign } from "./test-team.ts";
import { timelineOf } from "./timeline.ts";

const one = content("one");
const two = content("two");
const offered = sign([], "lab", { action: "offer" }, 1);
const state = (files: readonly EntryFile[], at = 1000) => stateOf(read(files), minute(at));
const of = (files: readonly EntryFile[], at = 1000) => contentIn(state(files, at), one);

/** Two clones of `base`, one with each act, merged. */
function fork(base: readonly EntryFile[], a: [Name, Act], b: [Name, Act]) {
  const left = sign(base, a[0], a[1], 20);
  const right = sign(base, b[0], b[1], 21);
  return { files: mergeEntries(left, right), a: idOf(left.at(-1)), b: idOf(right.at(-1)) };
}

const acceptIt: [Name, Act] = ["ops", { action: "accept" }];
const returnIt: [Name, Act] = [
  "duo",
  { action: "return", role: "runs", reasons: [{ code: "unclear", note: "unit of age" }] },
];

describe("the state of a relay", () => {
  it("follows a content from offer to recall, at each date", () => {
    const files = sign(shortRelay(), "sre", { action: "recall", note: "wrong labels" }, 9);
    expect(of(files, 0)).toBeUndefined();
    expect([1, 2, 3, 9].map((at) => of(files, at)?.standing)).toEqual([
      "offered",
      "accepted",
      "accepted",
      "recalled",
    ]);
    expect(of(files, 9)).toMatchObject({
      acknowledged: ["limitations.a"],
      recalled: { person: "sre", note: "wrong labels" },
    });
    expect(environmentIn(state(files), "production")?.current).toMatchObject({
      contentDigest: one,
      person: "ops",
    });
  });

  it("is accepted by runs only; others accept their clauses", () => {
    const files = sign(offered, "cat", { action: "accept", acknowledged: ["gates.auc"] }, 2);
    expect(of(files)).toMatchObject({ standing: "offered", acknowledged: ["gates.auc"] });
  });

  it("shows when one person stands on both sides, until another accepts", () => {
    const own = sign(sign([], "duo", { action: "offer" }, 1), "duo", { action: "accept" }, 2);
    expect(of(own)).toMatchObject({ standing: "self-accepted", selfAccepted: true });
    expect(of(sign(own, "ops", { action: "accept" }, 3))).toMatchObject({
      standing: "accepted",
      selfAccepted: false,
    });
  });

  it("takes an acceptance back with a return, and opens again with a new offer", () => {
    const returned = sign(sign(offered, ...acceptIt, 2), ...returnIt, 3);
    expect(of(returned)).toMatchObject({ standing: "returned", acceptances: [] });
    expect(of(returned)?.returned?.reasons).toEqual([{ code: "unclear", note: "unit of age" }]);
    const again = sign(returned, "lab", { action: "offer" }, 4);
    expect(of(again)?.standing).toBe("offered");
    expect(of(sign(again, ...acceptIt, 5))?.standing).toBe("accepted");
  });

  it("has waivers in force only, up to the instant at which they end", () => {
    const files = sign(
      offered,
      "cat",
      { action: "waive", role: "business", clauses: ["gates.auc"], until: minute(100), note: "holiday" },
      5,
    );
    expect(of(files, 4)?.waivers).toEqual([]);
    expect(of(files, 99)?.waivers).toMatchObject([
      { clause: "gates.auc", person: "cat", until: minute(100) },
    ]);
    expect(of(files, 100)?.waivers).toEqual([]);
  });

  it("knows what ran before, and which roll-back waits for a second person", () => {
    let files = sign(shortRelay(), "lab", { action: "offer", contentDigest: two, version: "1.1.0" }, 10);
    files = sign(files, "ops", { action: "accept", contentDigest: two, version: "1.1.0" }, 11);
    files = sign(
      files,
      "ops",
      { action: "deploy", contentDigest: two, version: "1.1.0", environment: "production" },
      12,
    );
    expect(environmentIn(state(files), "production")).toMatchObject({
      current: { contentDigest: two },
      previous: { contentDigest: one },
    });
    const back = sign(files, "sre", { action: "rollback", environment: "production" }, 13);
    expect(environmentIn(state(back), "production")?.current).toMatchObject({
      contentDigest: one,
      kind: "rollback",
    });
    const [due] = state(back).countersignaturesDue;
    expect(due).toMatchObject({ person: "sre" });
    const signedToo = sign(back, "ops", { action: "countersign", countersigns: due?.entry }, 14);
    expect(codes(read(signedToo))).toEqual([]);
    expect(state(signedToo).countersignaturesDue).toEqual([]);
  });
});

describe("contradictory branches", () => {
  it("of acceptance and return fork; nothing contested counts; a resolution settles it", () => {
    const { files, a, b } = fork(offered, acceptIt, returnIt);
    const history = read(files);
    expect(codes(history)).toEqual(["relay.forked"]);
    expect(history.forks).toMatchObject([{ entries: [a, b].sort() }]);
    expect(of(files)).toMatchObject({ standing: "returned", contested: true, acceptances: [] });
    const accepted = sign(files, "ops", { action: "resolve", resolves: { stands: a, over: [b] } }, 30);
    expect(codes(read(accepted))).toEqual([]);
    expect(of(accepted)).toMatchObject({ standing: "accepted", contested: false });
    const returned = sign(files, "ops", { action: "resolve", resolves: { stands: b, over: [a] } }, 30);
    expect(of(returned)).toMatchObject({ standing: "returned", contested: false });
    expect(of(accepted, 25)).toMatchObject({ contested: true });
    expect(timelineOf(read(returned)).map(({ standing }) => standing)).toEqual([
      "counts",
      "void",
      "counts",
      "counts",
    ]);
  });

  const accepted = shortRelay();
  const second = sign(
    sign(accepted, "lab", { action: "offer", contentDigest: two, version: "1.1.0" }, 10),
    "ops",
    { action: "accept", contentDigest: two, version: "1.1.0" },
    11,
  );
  const deploy = (digest: string, version: string): Act => ({
    action: "deploy",
    environment: "eu",
    contentDigest: digest,
    version,
  });

  it.each<[string, EntryFile[], [Name, Act], [Name, Act]]>([
    [
      "two contents deployed to one place",
      second,
      ["ops", deploy(one, "1.0.0")],
      ["duo", deploy(two, "1.1.0")],
    ],
    [
      "a deployment and a roll-back",
      second,
      ["ops", deploy(two, "1.1.0")],
      ["sre", { action: "rollback", environment: "eu" }],
    ],
    [
      "recall and deployment",
      accepted,
      ["sre", { action: "recall", note: "n" }],
      ["ops", deploy(one, "1.0.0")],
    ],
    ["recall and acceptance", offered, ["sre", { action: "recall", note: "n" }], acceptIt],
    ["retirement and deployment", accepted, ["lab", { action: "retire" }], ["ops", deploy(one, "1.0.0")]],
    [
      "two contents of one version",
      offered,
      ["lab", { action: "offer", contentDigest: two, version: "2.0.0" }],
      ["duo", { action: "offer", contentDigest: content("three"), version: "2.0.0" }],
    ],
  ])("are found: %s", (_name, base, a, b) => {
    const forked = fork(base, a, b);
    expect(codes(read(forked.files))).toEqual(["relay.forked"]);
    expect(codes(read(fork(base, b, a).files))).toEqual(["relay.forked"]);
    const one = sign(base, a[0], a[1], 20);
    expect(codes(read(one))).toEqual([]);
  });

  it.each<[string, EntryFile[], [Name, Act], [Name, Act]]>([
    ["the same deployment twice", accepted, ["ops", deploy(one, "1.0.0")], ["duo", deploy(one, "1.0.0")]],
    [
      "deployments to two places",
      second,
      ["ops", deploy(one, "1.0.0")],
      ["duo", { ...deploy(two, "1.1.0"), environment: "us" }],
    ],
    ["two acceptances", offered, acceptIt, ["duo", { action: "accept" }]],
    [
      "a recall of something else",
      second,
      ["sre", { action: "recall", note: "n" }],
      ["ops", deploy(two, "1.1.0")],
    ],
  ])("are not seen in %s", (_name, base, a, b) => {
    expect(codes(read(fork(base, a, b).files))).toEqual([]);
  });

  it("a contested deployment is not the current one, and a contested recall holds", () => {
    const deployments = fork(second, ["ops", deploy(one, "1.0.0")], ["duo", deploy(two, "1.1.0")]);
    expect(environmentIn(state(deployments.files), "eu")).toMatchObject({ current: undefined });
    expect(environmentIn(state(deployments.files), "eu")?.contested).toHaveLength(2);
    const settled = sign(
      deployments.files,
      "ops",
      { action: "resolve", resolves: { stands: deployments.b, over: [deployments.a] } },
      30,
    );
    expect(environmentIn(state(settled), "eu")?.current).toMatchObject({ contentDigest: two });
    const recall = fork(accepted, ["sre", { action: "recall", note: "n" }], ["ops", deploy(one, "1.0.0")]);
    expect(of(recall.files)?.standing).toBe("recalled");
  });

  it("go on after a recall was decided against", () => {
    const { files, a, b } = fork(
      accepted,
      ["sre", { action: "recall", note: "n" }],
      ["ops", deploy(one, "1.0.0")],
    );
    const settled = sign(files, "ops", { action: "resolve", resolves: { stands: b, over: [a] } }, 30);
    const onward = sign(settled, "ops", { action: "deploy", environment: "us" }, 31);
    expect(codes(read(onward))).toEqual([]);
    expect(of(onward)?.standing).toBe("accepted");
  });

  it("can only be resolved by somebody who may take the decision that stands", () => {
    const { files, a, b } = fork(offered, acceptIt, returnIt);
    const builder = sign(
      files,
      "lab",
      { action: "resolve", role: "builds", resolves: { stands: a, over: [b] } },
      30,
    );
    expect(codes(read(builder))).toEqual(["relay.forked", "relay.out-of-turn"]);
  });

  it("of two resolutions leave all open until one of the two is chosen", () => {
    const { files, a, b } = fork(offered, acceptIt, returnIt);
    const forked = fork(
      files.map((file) => file),
      ["ops", { action: "resolve", resolves: { stands: a, over: [b] } }],
      ["duo", { action: "resolve", role: "runs", resolves: { stands: b, over: [a] } }],
    );
    expect(read(forked.files).forks).toHaveLength(2);
    expect(of(forked.files)).toMatchObject({ standing: "returned", contested: true });
    const chosen = sign(
      forked.files,
      "ops",
      { action: "resolve", resolves: { stands: forked.a, over: [forked.b] } },
      40,
    );
    expect(codes(read(chosen))).toEqual([]);
    expect(of(chosen)?.standing).toBe("accepted");
    const changedMind = sign(chosen, "ops", { action: "resolve", resolves: { stands: b, over: [a] } }, 50);
    expect(codes(read(changedMind))).toEqual([]);
    expect(of(changedMind)?.standing).toBe("returned");
  });

  it("of two resolutions are settled whichever of the two is chosen", () => {
    const { files, a, b } = fork(offered, acceptIt, returnIt);
    const twice = fork(
      files,
      ["ops", { action: "resolve", resolves: { stands: a, over: [b] } }],
      ["duo", { action: "resolve", role: "runs", resolves: { stands: b, over: [a] } }],
    );
    for (const [stands, over, standing] of [
      [twice.a, twice.b, "accepted"],
      [twice.b, twice.a, "returned"],
    ] as const) {
      const chosen = sign(twice.files, "ops", { action: "resolve", resolves: { stands, over: [over] } }, 40);
      expect(codes(read(chosen))).toEqual([]);
      expect(of(chosen)?.standing).toBe(standing);
    }
  });

  it("of two contents under one version leave neither on offer", () => {
    const other: Act = { action: "offer", role: "builds", contentDigest: two };
    const { files, a, b } = fork([], ["lab", { action: "offer" }], ["duo", other]);
    expect(state(files).contents.map(({ standing }) => standing)).toEqual(["known", "known"]);
    const settled = sign(files, "lab", { action: "resolve", resolves: { stands: a, over: [b] } }, 30);
    expect(of(settled)?.standing).toBe("offered");
    expect(contentIn(state(settled), two)?.standing ?? "known").toBe("known");
  });

  it("are still cut visibly", () => {
    const { files } = fork(offered, acceptIt, returnIt);
    expect(isIntact(read(files))).toBe(true);
    expect(isIntact(read(files.slice(1)))).toBe(false);
    const lastSeen = seenOf(read(files));
    for (const gone of files.slice(1))
      expect(
        codes(
          read(
            files.filter((file) => file !== gone),
            { lastSeen },
          ),
        ),
      ).toEqual(["relay.cut"]);
  });
});
