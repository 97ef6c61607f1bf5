import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocks } from "../kernel/index.ts";
import type { EntryFile } from "./entry.ts";
import { mergeEntries, seenOf } from "./history.ts";
import { stateOf } from "./state.ts";
import { type Act, codes, content, minute, type Name, read, shortRelay, sign } from "./test-team.ts";

const relay = shortRelay();
const lastSeen = seenOf(read(relay));
const found = (files: readonly EntryFile[]) => blocks(read(files, { lastSeen }).findings);

/** Without any memory of this machine. */
const detected = (files: readonly EntryFile[]) => blocks(read(files).findings);

const withBytes = (files: readonly EntryFile[], index: number, change: (bytes: Uint8Array) => Uint8Array) =>
  files.map((file, i) => (i === index ? { ...file, bytes: change(file.bytes) } : file));

describe("every change of a relay folder is found", () => {
  it("each single byte of a file, at all positions", () => {
    const [offer] = relay;
    if (!offer) throw new Error("no entry");
    for (let at = 0; at < offer.bytes.length; at++) {
      const bytes = Uint8Array.from(offer.bytes);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const history = read([{ ...offer, bytes }]);
      expect(history.entries, `byte ${at}`).toEqual([]);
      expect(blocks(history.findings), `byte ${at}`).toBe(true);
    }
  });

  it("any byte of any file, set to anything, inserted or removed", () => {
    const place = fc.record({
      file: fc.nat(2),
      at: fc.double({ min: 0, max: 0.999999, noNaN: true }),
      byte: fc.nat(255),
    });
    fc.assert(
      fc.property(place, fc.constantFrom("set", "insert", "remove"), ({ file, at, byte }, how) => {
        const original = relay[file]?.bytes ?? new Uint8Array();
        const i = Math.floor(at * original.length);
        fc.pre(how !== "set" || original[i] !== byte);
        const middle = how === "remove" ? [] : [byte];
        const rest = original.slice(how === "insert" ? i : i + 1);
        expect(
          detected(
            withBytes(relay, file, (bytes) => Uint8Array.from([...bytes.slice(0, i), ...middle, ...rest])),
          ),
        ).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it("any file removed, renamed or given another's bytes", () => {
    fc.assert(
      fc.property(fc.nat(2), fc.nat(2), fc.string({ minLength: 1 }), (a, b, name) => {
        expect(found(relay.filter((_, i) => i !== a))).toBe(true);
        const other = relay[b] as EntryFile;
        fc.pre(a !== b && name !== relay[a]?.name);
        expect(found(relay.map((file, i) => (i === a ? { ...file, name } : file)))).toBe(true);
        expect(found(withBytes(relay, a, () => other.bytes))).toBe(true);
        expect(found(relay.map((file, i) => (i === a ? { ...file, name: other.name } : file)))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

/** Acts that stand in any state in which they are tried; the one that is out of turn is skipped. */
const steps: readonly (readonly [Name, Act])[] = [
  ["lab", { action: "offer" }],
  ["duo", { action: "offer", role: "builds", contentDigest: content("two"), version: "1.1.0" }],
  ["ops", { action: "accept", acknowledged: ["limitations.a"] }],
  ["duo", { action: "accept", role: "runs", contentDigest: content("two"), version: "1.1.0" }],
  ["cat", { action: "accept", acknowledged: ["gates.auc"] }],
  ["ops", { action: "return", reasons: [{ code: "unclear", note: "n" }] }],
  ["cat", { action: "waive", role: "business", clauses: ["gates.auc"], until: minute(50_000), note: "n" }],
  ["ops", { action: "deploy", environment: "eu" }],
  ["ops", { action: "deploy", environment: "eu", contentDigest: content("two"), version: "1.1.0" }],
  ["sre", { action: "recall", note: "n" }],
  ["bot", { action: "observe", note: "n" }],
];

function play(files: readonly EntryFile[], choices: readonly number[], from: number): EntryFile[] {
  return choices.reduce<EntryFile[]>(
    (folder, choice, i) => {
      const [name, act] = steps[choice % steps.length] as (typeof steps)[number];
      const next = sign(folder, name, act, from + i);
      return codes(read(next)).includes("relay.out-of-turn") ? folder : next;
    },
    [...files],
  );
}

const moves = (maxLength: number) => fc.array(fc.nat(steps.length - 1), { maxLength });

describe("two clones that append", () => {
  it("merge to the same set whichever comes first, lose nothing, and never break", () => {
    fc.assert(
      fc.property(moves(4), moves(4), moves(4), fc.integer(), (base, left, right, seed) => {
        const common = play([], base, 1);
        const a = play(common, left, 100);
        const b = play(common, right, 101);
        const merged = mergeEntries(a, b);
        expect(merged).toEqual(mergeEntries(b, a));
        expect(merged).toEqual(mergeEntries(merged, a));
        const history = read(merged);
        expect(history.entries).toHaveLength(new Set([...a, ...b].map(({ name }) => name)).size);
        expect(codes(history).filter((code) => code !== "relay.forked")).toEqual([]);
        expect(codes(read(merged, { lastSeen: seenOf(read(a)) }))).toEqual(codes(history));
        const shuffled = [...merged].sort((x, y) => hash(x.name, seed) - hash(y.name, seed));
        expect(read(shuffled)).toEqual(history);
        for (const at of [50, 102, 1000])
          expect(stateOf(read(shuffled), minute(at))).toEqual(stateOf(history, minute(at)));
      }),
      { numRuns: 30 },
    );
  });

  it("and fork can always be settled by resolutions", () => {
    fc.assert(
      fc.property(moves(3), moves(4), moves(4), (base, left, right) => {
        const common = play(play([], [0, 1, 2, 3], 1), base, 10);
        let files = mergeEntries(play(common, left, 100), play(common, right, 101));
        for (let round = 0; read(files).forks.length > 0; round++) {
          expect(round).toBeLessThan(20);
          const history = read(files);
          const [fork] = history.forks;
          const [stands = "", over = ""] = fork?.entries ?? [];
          const action = history.entries.find(({ id }) => id === stands)?.entry.action;
          const who: Name = action === "offer" ? "lab" : "ops";
          files = sign(files, who, { action: "resolve", resolves: { stands, over: [over] } }, 200 + round);
        }
        expect(codes(read(files))).toEqual([]);
        expect(stateOf(read(files), minute(1000)).contents.some(({ contested }) => contested)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});

function hash(text: string, seed: number): number {
  return [...text].reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0) + seed) | 0, seed);
}
