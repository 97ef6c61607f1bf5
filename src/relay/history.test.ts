import { describe, expect, it } from "vitest";
import { canonicalBytes, canonicalJson, payloadOf, sealStatement, sha256 } from "../kernel/index.ts";
import { type EntryFile, entryName, openEntry, relayPredicate } from "./entry.ts";
import { mergeEntries, seenOf } from "./history.ts";
import { parsePeople } from "./parse-people.ts";
import { prepareEntry } from "./prepare-entry.ts";
import {
  type Act,
  codes,
  content,
  forged,
  idOf,
  keys,
  minute,
  type Name,
  people,
  peopleText,
  peopleWith,
  read,
  shortRelay,
  sign,
  signed,
} from "./test-team.ts";

const relay = shortRelay();
const [offer, accept, deploy] = relay as [EntryFile, EntryFile, EntryFile];

describe("a relay folder", () => {
  it("reads as it was written, in any order of files", () => {
    const history = read([deploy, offer, accept]);
    expect(history.findings).toEqual([]);
    expect(history.entries.map(({ entry }) => entry.action)).toEqual(["offer", "accept", "deploy"]);
    expect(history.heads).toEqual([idOf(deploy)]);
    expect(history).toEqual(read(relay));
    expect(relay.map(({ name }) => name.slice(0, 11))).toEqual(["0001-offer-", "0002-accept", "0003-deploy"]);
    expect(offer.name).toContain(idOf(offer).slice(0, 12));
  });

  it("finds what is missing in the middle, and at the end once it was seen", () => {
    expect(codes(read([offer, deploy]))).toEqual(["relay.missing-parent"]);
    expect(read([offer, deploy]).entries).toHaveLength(1);
    expect(codes(read([offer, accept]))).toEqual([]);
    const lastSeen = seenOf(read(relay));
    expect(codes(read([offer, accept], { lastSeen }))).toEqual(["relay.cut"]);
    expect(codes(read([], { lastSeen }))).toEqual(["relay.cut"]);
    const more = sign(relay, "lab", { action: "recall", note: "wrong labels" }, 9);
    expect(codes(read(more, { lastSeen }))).toEqual([]);
  });

  it("finds a renamed, doubled or foreign file", () => {
    const named = (name: string) => [offer, accept, { ...deploy, name }];
    expect(codes(read(named(deploy.name.replace("0003", "0004"))))).toEqual(["relay.renamed"]);
    expect(codes(read(named(accept.name)))).toContain("relay.renamed");
    expect(codes(read(named("README.md")))).toEqual(["relay.malformed"]);
    const again = signed([], "lab", { action: "offer" }, 1).file;
    expect(again.bytes).not.toEqual(offer.bytes);
    expect(read([...relay, offer, again]).entries).toEqual(read(relay).entries);
    expect(codes(read([...relay, offer, again]))).toEqual([]);
    const { payload, payloadType, signatures } = envelopeOf(offer);
    for (const sig of [signatures[0]?.sig.replace(/^M/, "A"), "AAAA", "zzzz"]) {
      const bytes = canonicalBytes({ payload, payloadType, signatures: [{ ...signatures[0], sig }] });
      const withTwin = read([...relay, { ...offer, bytes }]);
      expect(codes(withTwin)).toEqual(["relay.edited"]);
      expect(withTwin.entries).toHaveLength(3);
    }
    expect(codes(read([...relay, { ...offer, name: offer.name.replace("0001", "0009") }]))).toEqual([
      "relay.renamed",
    ]);
    const swapped = [{ ...offer, bytes: accept.bytes }, { ...accept, bytes: offer.bytes }, deploy];
    expect(codes(read(swapped))).toEqual(["relay.missing-parent", "relay.renamed"]);
  });

  it.each<[string, (envelope: ReturnType<typeof envelopeOf>) => unknown]>([
    ["a second signature", (e) => ({ ...e, signatures: [...e.signatures, ...e.signatures] })],
    ["no signature", (e) => ({ ...e, signatures: [] })],
    ["another media type", (e) => ({ ...e, payloadType: "text/plain" })],
    ["a field more", (e) => ({ ...e, note: 1 })],
    ["padding in the payload", (e) => ({ ...e, payload: `${e.payload}=` })],
    [
      "white space in the signature",
      (e) => ({ ...e, signatures: [{ ...e.signatures[0], sig: `${e.signatures[0]?.sig} ` }] }),
    ],
  ])("refuses an envelope with %s", (_name, change) => {
    const bytes = canonicalBytes(change(envelopeOf(offer)));
    expect(codes(read([{ ...offer, bytes }]))).toEqual(["relay.malformed"]);
  });

  it("refuses a subject that is not what the entry is about", () => {
    for (const subject of [
      { name: "fraud", digest: { sha256: content("one") } },
      { name: "churn", digest: { sha256: content("two") } },
    ]) {
      const predicate = signed([], "lab", { action: "offer" }, 1).entry;
      const statement = { _type: "https://in-toto.io/Statement/v1", predicateType: relayPredicate } as const;
      const envelope = sealStatement({ ...statement, subject: [subject], predicate }, keys.lab.privateKey);
      const name = entryName(predicate, sha256(payloadOf(envelope)));
      expect(codes(read([{ name, bytes: canonicalBytes(envelope) }]))).toEqual(["relay.malformed"]);
    }
  });

  it("refuses another writing of the same JSON", () => {
    for (const text of [JSON.stringify(envelopeOf(offer), null, 1), `${canonicalJson(envelopeOf(offer))}\n`])
      expect(codes(read([{ ...offer, bytes: Buffer.from(text) }]))).toEqual(["relay.malformed"]);
    for (const bytes of [
      new Uint8Array(),
      Buffer.from([0xff, 0xfe]),
      Buffer.from("[".repeat(100_000)),
      Buffer.alloc(300_000, 32),
    ])
      expect(codes(read([{ ...offer, bytes }]))).toEqual(["relay.malformed"]);
  });

  it("refuses a payload that is signed by somebody else than the envelope says", () => {
    const other = forged("ops", { action: "offer", role: "builds", person: "lab", at: minute(1) });
    const envelope = envelopeOf(other.file);
    const disguised = {
      ...envelope,
      signatures: [{ ...envelope.signatures[0], keyid: envelopeOf(offer).signatures[0]?.keyid }],
    };
    expect(codes(read([{ ...other.file, bytes: canonicalBytes(disguised) }]))).toEqual(["relay.edited"]);
  });

  it.each<[string, Parameters<typeof forged>, string]>([
    ["a key of nobody", ["foe", { action: "offer", role: "builds" }], "relay.unknown-key"],
    ["a foreign name", ["ops", { action: "accept", person: "lab" }], "relay.wrong-person"],
    ["a role not held", ["ops", { action: "offer", role: "builds" }], "relay.wrong-role"],
    [
      "a role that may not",
      ["lab", { action: "deploy", role: "builds", environment: "p" }],
      "relay.wrong-role",
    ],
    ["a builder accepting", ["lab", { action: "accept", role: "builds" }], "relay.wrong-role"],
    ["a service accepting", ["bot", { action: "accept", role: "service" }], "relay.wrong-role"],
    ["another model", ["lab", { action: "offer", role: "builds", model: "fraud" }], "relay.other-model"],
    ["a wrong number", ["lab", { action: "offer", role: "builds", sequence: 2 }], "relay.wrong-sequence"],
    [
      "a number too small",
      ["ops", { action: "accept", parents: [idOf(offer)], sequence: 1 }],
      "relay.wrong-sequence",
    ],
    [
      "an older date than its parent",
      ["ops", { action: "accept", parents: [idOf(offer)], sequence: 2, at: minute(0) }],
      "relay.back-dated",
    ],
    [
      "a parent that is not there",
      ["ops", { action: "accept", parents: [sha256("x")], sequence: 2 }],
      "relay.missing-parent",
    ],
    ["an acceptance of nothing", ["ops", { action: "accept" }], "relay.out-of-turn"],
    [
      "an acceptance of other content",
      ["ops", { action: "accept", parents: [idOf(offer)], sequence: 2, contentDigest: content("two") }],
      "relay.out-of-turn",
    ],
    [
      "a deployment of what is only offered",
      ["ops", { action: "deploy", environment: "p", parents: [idOf(offer)], sequence: 2 }],
      "relay.out-of-turn",
    ],
    ["a recall of what was never offered", ["ops", { action: "recall", note: "n" }], "relay.out-of-turn"],
    [
      "a waiver for half a year",
      ["ops", { action: "waive", clauses: ["budget"], note: "n", until: "2026-07-01T00:00:00.000Z" }],
      "relay.out-of-turn",
    ],
    ["a waiver without end", ["ops", { action: "waive", clauses: ["budget"], note: "n" }], "relay.malformed"],
    ["a return without reason", ["ops", { action: "return" }], "relay.malformed"],
    ["a deployment to nowhere", ["ops", { action: "deploy" }], "relay.malformed"],
    [
      "an offer with an environment",
      ["lab", { action: "offer", role: "builds", environment: "p" }],
      "relay.malformed",
    ],
    [
      "an escape sequence",
      ["lab", { action: "offer", role: "builds", note: "\u001b[2J" }],
      "relay.malformed",
    ],
    [
      "text that runs backwards",
      ["lab", { action: "offer", role: "builds", note: "a\u202eb" }],
      "relay.malformed",
    ],
    [
      "a day that does not exist",
      ["lab", { action: "offer", role: "builds", at: "2026-02-30T00:00:00.000Z" }],
      "relay.malformed",
    ],
    [
      "a resolution of nothing",
      ["ops", { action: "resolve", resolves: { stands: sha256("a"), over: [sha256("b")] } }],
      "relay.out-of-turn",
    ],
    [
      "a countersignature of an offer",
      [
        "lab",
        {
          action: "countersign",
          role: "builds",
          countersigns: idOf(offer),
          parents: [idOf(offer)],
          sequence: 2,
        },
      ],
      "relay.out-of-turn",
    ],
  ])("finds %s, and does not count it", (_name, args, code) => {
    const bad = forged(...args);
    const history = read([offer, bad.file]);
    expect(codes(history)).toEqual([code]);
    expect(history.entries.map(({ id }) => id)).toEqual([idOf(offer)]);
  });

  it("finds steps after the end: what was returned or recalled goes nowhere", () => {
    const returned = sign(relay, "ops", { action: "return", reasons: [{ code: "failing", note: "n" }] }, 9);
    const recalled = sign(relay, "lab", { action: "recall", note: "n" }, 9);
    const rolledBack = sign(relay, "sre", { action: "rollback", environment: "p" }, 9);
    const cases: [EntryFile[], Name, Act][] = [
      [returned, "ops", { action: "deploy", environment: "p" }],
      [returned, "ops", { action: "accept" }],
      [recalled, "ops", { action: "deploy", environment: "p" }],
      [recalled, "sre", { action: "rollback", environment: "p" }],
      [recalled, "ops", { action: "accept" }],
      [recalled, "lab", { action: "offer" }],
      [rolledBack, "duo", { action: "countersign", countersigns: idOf(offer) }],
    ];
    for (const [files, by, act] of cases) {
      expect(codes(read(files))).toEqual([]);
      expect(codes(read(sign(files, by, act, 10))), `${by} ${act.action}`).toEqual(["relay.out-of-turn"]);
    }
    const own = forged("sre", {
      ...{ action: "countersign", role: "risk", countersigns: idOf(rolledBack.at(-1)) },
      ...{ parents: [idOf(rolledBack.at(-1))], sequence: 5, at: minute(10) },
    });
    const risky = parsePeople(peopleText().replace("[on-call]", "[on-call, risk]"), "people.yaml").people;
    expect(codes(read([...rolledBack, own.file], { people: risky }))).toEqual(["relay.out-of-turn"]);
  });

  it("does not count what stands on a refused entry", () => {
    const bad = forged("ops", { action: "offer", role: "builds" });
    const child = forged("ops", { action: "accept", parents: [bad.id], sequence: 2, at: minute(600) });
    const history = read([bad.file, child.file]);
    expect(codes(history)).toEqual(["relay.rests-on-refused", "relay.wrong-role"]);
    expect(history.entries).toEqual([]);
  });

  it("refuses an entry from the future, and moves a clock that is a little behind", () => {
    expect(codes(read(relay, { now: minute(3) }))).toEqual([]);
    expect(codes(read([offer], { now: minute(-20) }))).toEqual(["relay.future-dated"]);
    expect(signed([offer], "ops", { action: "accept" }, -5).entry.at).toBe(minute(1));
    expect(() => signed([offer], "ops", { action: "accept" }, -50)).toThrow(/clock/);
  });

  it("refuses to sign with a key that may not", () => {
    const prepare = (by: "foe" | "ops" | "bot", action: "offer" | "accept") =>
      prepareEntry({
        history: read([offer]),
        people,
        draft: { action, model: "churn", version: "1.0.0", contentDigest: content("one") },
        privateKey: keys[by].privateKey,
        at: minute(5),
      });
    expect(() => prepare("foe", "offer")).toThrow(/nobody's/);
    expect(() => prepare("ops", "offer")).toThrow(/may not offer/);
    expect(() => prepare("bot", "accept")).toThrow(/may not accept/);
    expect(prepare("ops", "accept").entry).toMatchObject({ person: "ops", role: "runs", sequence: 2 });
  });

  it("counts a service's observation", () => {
    const files = sign(relay, "bot", { action: "observe", note: "drift 0.3" }, 8);
    expect(codes(read(files))).toEqual([]);
  });
});

describe("a revoked key", () => {
  const revoked = peopleWith({ ops: "revoked: 2026-01-02" });

  it("still counts for what others have built on", () => {
    const files = sign(relay, "lab", { action: "recall", note: "late labels" }, 9);
    expect(codes(read(files, { people: revoked }))).toEqual([]);
  });

  it("does not count for what nobody has built on: a thief chooses the date", () => {
    const history = read(relay, { people: revoked });
    expect(codes(history)).toEqual(["relay.unwitnessed"]);
    expect(history.entries.map(({ entry }) => entry.action)).toEqual(["offer"]);
    const thief = forged("ops", { action: "accept", parents: [idOf(offer)], sequence: 2, at: minute(2) });
    const onward = sign([offer], "lab", { action: "recall", note: "n" }, 9);
    const forgedIn = read([...onward, thief.file], { people: revoked });
    expect(codes(forgedIn)).toEqual(["relay.unwitnessed"]);
    expect(forgedIn.entries).toHaveLength(2);
  });

  it("counts for what this machine had seen before", () => {
    const lastSeen = seenOf(read(relay));
    expect(codes(read(relay, { people: revoked, lastSeen }))).toEqual([]);
    const later = forged("ops", {
      action: "deploy",
      environment: "p",
      parents: [idOf(deploy)],
      sequence: 4,
      at: minute(10),
    });
    expect(codes(read([...relay, later.file], { people: revoked, lastSeen }))).toEqual(["relay.unwitnessed"]);
  });

  it("never counts after its revocation", () => {
    const late = forged("ops", {
      action: "accept",
      parents: [idOf(offer)],
      sequence: 2,
      at: "2026-01-03T00:00:00.000Z",
    });
    expect(codes(read([offer, late.file], { people: revoked }))).toEqual(["relay.key-not-valid"]);
  });

  it("that was deleted from the file leaves its entries without a signer, not a cut tail", () => {
    const lastSeen = seenOf(read(relay));
    const found = codes(read(relay, { people: peopleWith({}, ["ops"]), lastSeen }));
    expect(found).toEqual(["relay.unknown-key"]);
  });
});

describe("two clones", () => {
  const one = sign(relay, "cat", { action: "accept", acknowledged: ["gates.auc"] }, 10);
  const two = sign(relay, "lab", { action: "offer", version: "1.1.0", contentDigest: content("two") }, 11);

  it("append and merge without a conflict: two heads, then one", () => {
    const merged = mergeEntries(one, two);
    expect(merged).toEqual(mergeEntries(two, one));
    const history = read(merged);
    expect(codes(history)).toEqual([]);
    expect(history.heads).toHaveLength(2);
    const joined = read(
      sign(merged, "ops", { action: "accept", version: "1.1.0", contentDigest: content("two") }, 12),
    );
    expect(joined.heads).toHaveLength(1);
    expect(joined.entries.at(-1)?.entry.parents).toHaveLength(2);
  });
});

function envelopeOf(file: EntryFile) {
  const opened = openEntry(file);
  if ("problem" in opened) throw new Error(opened.problem);
  return opened.envelope;
}
