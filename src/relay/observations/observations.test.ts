import { describe, expect, it } from "vitest";
import { sha256 } from "../../kernel/index.ts";
import type { EntryFile } from "../entry.ts";
import type { ObservedSaid, RelayEntry } from "../entry-schema.ts";
import { mayObserve } from "../may-observe.ts";
import { stateOf } from "../state.ts";
import { codes, content, forged, idOf, keyId, minute, people, read, shortRelay, sign } from "../test-team.ts";
import { timelineOf } from "../timeline.ts";
import { ageOf, newestObservation, observedText, observedWords } from "./observations.ts";

const hour = 60;
const day = 24 * hour;
const dayMs = 86_400_000;

/** A record whose newest window starts at a minute. */
function said(newest: number, more: Partial<ObservedSaid> = {}): ObservedSaid {
  return {
    ...{ from: minute(0), newest: minute(newest), windows: 1, counters: sha256("counters"), baton: "1.0.0" },
    verdicts: [{ clause: "watch", outcome: "pass" }],
    ...more,
  };
}

const observe = (files: readonly EntryFile[], observed: ObservedSaid, at: number) =>
  sign(files, "bot", { action: "observe", observed }, at);
const speaking = (files: readonly EntryFile[], at = 30 * day) =>
  newestObservation(stateOf(read(files), minute(at)), content("one"));

const relay = shortRelay();

describe("a record of a watch", () => {
  it("is signed by a service, and told in one line", () => {
    const verdicts: ObservedSaid["verdicts"] = [
      { clause: "features.age", outcome: "insufficient", why: "too few rows" },
      { clause: "watch", outcome: "pass" },
      ...["a", "b", "c", "d"].map((id) => ({ clause: `retrain.${id}`, outcome: "fail" as const })),
    ];
    const files = observe(relay, said(day, { verdicts }), 3 * day);
    expect(codes(read(files))).toEqual([]);
    expect(speaking(files)).toMatchObject({ person: "bot", role: "service", version: "1.0.0" });
    expect(timelineOf(read(files)).at(-1)?.text).toBe(
      "bot as service observes 1.0.0 up to the window of 2026-01-02: 1 pass, 4 fail (retrain.a, retrain.b, retrain.c and 1 more), 1 insufficient",
    );
  });

  it.each<[string, Partial<RelayEntry>]>([
    ["a window that had not begun", { observed: said(3 * day + 1) }],
    ["windows the wrong way round", { observed: said(5, { from: minute(6) }) }],
    ["a window that does not exist", { observed: said(5, { from: "2026-02-30T00:00:00.000Z" }) }],
    [
      "two verdicts on one clause",
      { observed: said(5, { verdicts: [said(5).verdicts[0]!, { clause: "watch", outcome: "fail" }] }) },
    ],
    ["nothing at all", {}],
    [
      "an outcome of its own",
      { observed: said(5, { verdicts: [{ clause: "watch", outcome: "waived" as "pass" }] }) },
    ],
    [
      "an escape sequence",
      { observed: said(5, { verdicts: [{ clause: "watch", outcome: "fail", why: "\u001b[2J" }] }) },
    ],
  ])("is no entry with %s", (_, more) => {
    const parents = [idOf(relay.at(-1))];
    const entry = { action: "observe", role: "service", at: minute(3 * day), parents, sequence: 4 } as const;
    const files = [...relay, forged("bot", { ...entry, ...more }).file];
    expect(codes(read(files))).toEqual(["relay.malformed"]);
    expect(speaking(files)).toBeUndefined();
  });

  it("belongs to an observe alone", () => {
    const parents = [idOf(relay.at(-1))];
    const recall = { action: "recall", note: "n", at: minute(3 * day), parents, sequence: 4 } as const;
    expect(codes(read([...relay, forged("ops", recall).file]))).toEqual([]);
    expect(codes(read([...relay, forged("ops", { ...recall, observed: said(5) }).file]))).toEqual([
      "relay.malformed",
    ]);
  });

  it("stands on an acceptance by those who run it", () => {
    const offered = relay.slice(0, 1);
    expect(codes(read(observe(offered, said(0), 10)))).toEqual(["relay.out-of-turn"]);
    const signing = { people, keyId: keyId("bot"), model: "churn", contentDigest: content("one") };
    const may = (files: readonly EntryFile[]) =>
      mayObserve({ ...signing, history: read(files), at: minute(10) });
    expect(codes(may(offered))).toEqual(["relay.nothing-to-watch"]);
    expect(may(relay)).toMatchObject({ allowed: true, signer: { person: "bot", role: "service" } });
    expect(
      codes(mayObserve({ ...signing, keyId: keyId("foe"), history: read(relay), at: minute(10) })),
    ).toEqual(["relay.not-authorised"]);
  });

  it("counts for nothing by a key that is nobody's, and where a byte was changed", () => {
    const parents = [idOf(relay.at(-1))];
    const entry = { action: "observe", role: "service", at: minute(3 * day), parents, sequence: 4 } as const;
    const foreign = forged("foe", { ...entry, person: "bot", observed: said(5) });
    expect(speaking([...relay, foreign.file])).toBeUndefined();
    const whole = observe(relay, said(5), 3 * day);
    const last = whole.at(-1)!;
    for (let at = 0; at < last.bytes.length; at += 7) {
      const bytes = Uint8Array.from(last.bytes);
      bytes[at] = bytes[at]! ^ 1;
      expect(speaking([...relay, { ...last, bytes }]), `byte ${at}`).toBeUndefined();
    }
  });
});

describe("the record that speaks", () => {
  it("has the newest window, whenever it was signed, and is about this content", () => {
    const bad = said(2 * day, { verdicts: [{ clause: "watch", outcome: "fail" }] });
    const files = observe(observe(relay, bad, 4 * day), said(day), 5 * day);
    expect(speaking(files)?.said).toEqual(bad);
    expect(newestObservation(stateOf(read(files), minute(9 * day)), content("two"))).toBeUndefined();
    expect(speaking(files, 3 * day)).toBeUndefined();
  });

  it("is stale three windows after its newest one, or three days where windows are shorter", () => {
    const observation = speaking(observe(relay, said(day), 3 * day))!;
    const age = (windowMs: number, at: number) => ageOf(observation, windowMs, minute(at));
    expect(age(dayMs, 2 * day)).toEqual({ windows: 0, stale: false });
    expect(age(dayMs, 5 * day - 1)).toEqual({ windows: 2, stale: false });
    expect(age(dayMs, 5 * day)).toEqual({ windows: 3, stale: true });
    expect(age(7 * dayMs, 29 * day - 1)).toEqual({ windows: 2, stale: false });
    expect(age(7 * dayMs, 29 * day)).toEqual({ windows: 3, stale: true });
    expect(age(dayMs / 24, 4 * day)).toEqual({ windows: 71, stale: false });
    expect(age(dayMs / 24, 4 * day + hour)).toEqual({ windows: 72, stale: true });
  });

  it("has reasons that a terminal shows and an entry holds", () => {
    expect(observedWords("a\u001b[2Jb\u202ec\nd", 300)).toBe("a?[2Jb?c?d");
    expect(observedWords("long enough", 6)).toBe("long …");
    expect(observedText(said(5))).toBe("1 pass");
  });
});
