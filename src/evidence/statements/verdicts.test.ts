import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Level } from "../../contract/index.ts";
import { canonicalBytes, keyIdOf, type Outcome, sealStatement } from "../../kernel/index.ts";
import type { EvidenceItem, EvidenceRun, Signers } from "../evidence.ts";
import { smallClauses, smallContract } from "../fixtures/small-model.ts";
import { type EvidenceFile, readEvidence, sealEvidence } from "./evidence-statement.ts";
import { currentReads, readsFor } from "./reads.ts";
import { staleItems, standingOf, type VerdictInput, verdictsOf } from "./verdicts.ts";

const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const [lab, ops, foe] = [pair(), pair(), pair()];
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }) as string;
const people = new Map([
  [keyIdOf(lab.publicKey), { person: "lab", roles: ["builds"], publicKeyPem: pem(lab.publicKey) }],
  [keyIdOf(ops.publicKey), { person: "ops", roles: ["runs"], publicKeyPem: pem(ops.publicKey) }],
]);
const signers: Signers = {
  find: (id) => people.get(id) ?? { refused: `key ${id.slice(0, 8)} belongs to nobody` },
};

const contract = smallContract({
  gates: [{ id: "auc", assert: "roc_auc >= 0.6", minimumRows: 1 }],
  limitations: [
    { id: "kept", text: "a", keptBy: "gates.auc" },
    { id: "said", text: "b", keptBy: "stated" },
  ],
  watch: { window: "1d", falseAlarms: "1 per 90d", keepRows: 0.1 },
});
const clauses = smallClauses(contract);
const files = {
  "model/m.onnx": "a".repeat(64),
  "data/joint.parquet": "b".repeat(64),
  "golden/rows.parquet": "c".repeat(64),
};
const current = currentReads({ contract, clauses, files, previous: "none" });
const reads = readsFor(current, contract, "gates.auc", [
  "model",
  "joint",
  "features",
  "outputs",
  "rules",
  "previous",
]);

const item = (given: Partial<EvidenceItem> = {}): EvidenceItem => ({
  clause: "gates.auc",
  test: "gate",
  outcome: "pass",
  message: "roc_auc 0.7.",
  reads,
  findings: [],
  ...given,
});

function run(items: EvidenceItem[], given: Partial<EvidenceRun> = {}): EvidenceRun {
  return {
    kind: "test",
    tool: { name: "baton", version: "0.1.0" },
    model: "delay",
    version: "1.0.0",
    host: { os: "o", arch: "a", cpu: "c", cpus: 1, memoryMiB: 1, node: "20" },
    startedAt: "2026-01-01T00:00:00Z",
    finishedAt: "2026-01-01T00:00:09Z",
    items,
    ...given,
  };
}

const at = "2026-02-01T00:00:00Z";
function inputOf(envelopes: EvidenceFile[], given: Partial<VerdictInput> = {}): VerdictInput {
  const level: Level = "handed-over";
  return { model: "delay", level, clauses, envelopes, current, signers, at, ...given };
}
describe("evidence that does not say which wording it judged", () => {
  it("counts for none", () => {
    const { "clause:gates.auc": _, ...loose } = reads;
    for (const read of [loose, {}])
      expect(verdict("gates.auc", [signed([item({ reads: read })])])).toMatchObject({
        outcome: "not-run",
        why: expect.stringContaining("does not say which wording of gates.auc"),
      });
    expect(verdict("gates.auc", [signed([item()])]).outcome).toBe("pass");
  });
});

const verdict = (clause: string, envelopes: EvidenceFile[], given: Partial<VerdictInput> = {}) =>
  verdictsOf(inputOf(envelopes, given)).find((one) => one.clause === clause)!;

const signed = (items: EvidenceItem[], given: Partial<EvidenceRun> = {}, key = lab.privateKey) =>
  sealEvidence(run(items, given), key);

describe("a verdict", () => {
  it("is what the evidence says, with who said it and when", () => {
    expect(verdict("gates.auc", [signed([item()])])).toMatchObject({
      outcome: "pass",
      why: "roc_auc 0.7.",
      evidence: { by: "lab", side: "builds", at: "2026-01-01T00:00:09Z" },
    });
  });

  it("is not-run without evidence", () => {
    expect(verdict("gates.auc", [])).toEqual({
      clause: "gates.auc",
      outcome: "not-run",
      why: "it was never tested",
    });
  });

  it.each([
    ["content:model/m.onnx", "the model (model/m.onnx) changed since"],
    ["content:data/joint.parquet", "data/joint.parquet changed since"],
    ["clause:gates.auc", "gates.auc changed since"],
    ["features", "a feature changed since"],
    ["previous", "the version compared with changed since"],
  ])("does not count what read another %s, and says so", (name, why) => {
    const result = verdict("gates.auc", [signed([item()])], {
      current: { ...current, [name]: "f".repeat(64) },
    });
    expect(result.outcome).toBe("not-run");
    expect(result.why).toContain(why);
  });

  it("does not count what read content that is gone, but data that is only not at hand does no harm", () => {
    const { "content:model/m.onnx": _, ...gone } = current;
    expect(verdict("gates.auc", [signed([item()])], { current: gone }).why).toContain("is gone");
    const trained = signed([item({ reads: { ...reads, "data:data/train.parquet": "e".repeat(64) } })]);
    expect(verdict("gates.auc", [trained]).outcome).toBe("pass");
  });

  it("survives what it did not read: another gate, an owner, a new file", () => {
    const other = {
      ...current,
      "clause:gates.other": "9".repeat(64),
      "content:story/use.md": "8".repeat(64),
    };
    expect(verdict("gates.auc", [signed([item()])], { current: other }).outcome).toBe("pass");
  });

  it.each([
    ["unsigned", sealEvidence(run([item()])), "unsigned"],
    ["signed by a key that nobody owns", signed([item()], {}, foe.privateKey), "belongs to nobody"],
    ["about another model", signed([item()], { model: "churn" }), "another model, churn"],
    ["dated later than now", signed([item()], { finishedAt: "2027-01-01T00:00:00Z" }), "later than now"],
  ])("does not count evidence that is %s", (_, file, why) => {
    const result = verdict("gates.auc", [file]);
    expect(result.outcome).toBe("not-run");
    expect(result.why).toContain(why);
    expect(result.why).toContain(file.name);
  });

  it("counts unsigned evidence at sketch only", () => {
    expect(verdict("gates.auc", [sealEvidence(run([item()]))], { level: "sketch" })).toMatchObject({
      outcome: "pass",
      evidence: { by: "nobody", side: "unsigned" },
    });
  });

  it("tells the builder's evidence from the acceptor's", () => {
    const envelopes = [signed([item()])];
    expect(verdict("gates.auc", envelopes, { side: "runs" }).outcome).toBe("not-run");
    expect(
      verdict("gates.auc", [...envelopes, signed([item()], {}, ops.privateKey)], { side: "runs" }).evidence
        ?.by,
    ).toBe("ops");
  });

  it("follows the newest evidence that holds, in whatever order files come", () => {
    const old = signed([item({ outcome: "pass" })]);
    const fresh = signed([item({ outcome: "fail", message: "worse." })], {
      finishedAt: "2026-01-02T00:00:00Z",
    });
    const stale = signed([item({ reads: { ...reads, features: "0".repeat(64) } })], {
      finishedAt: "2026-01-03T00:00:00Z",
    });
    for (const envelopes of [
      [old, fresh, stale],
      [stale, fresh, old],
    ])
      expect(verdict("gates.auc", envelopes)).toMatchObject({ outcome: "fail", why: "worse." });
  });

  it("takes the worse of two runs that end at the same time", () => {
    const two = [signed([item({ outcome: "fail" })]), signed([item({ outcome: "pass", message: "x" })])];
    for (const envelopes of [two, [...two].reverse()])
      expect(verdict("gates.auc", envelopes).outcome).toBe("fail");
  });

  it.each<[Outcome[], Outcome]>([
    [["pass", "fail"], "fail"],
    [["pass", "not-run"], "not-run"],
    [["pass", "not-applicable"], "pass"],
  ])("of several layers %j is %s", (outcomes, expected) => {
    const golden = readsFor(current, contract, "golden", ["golden"]);
    const items = outcomes.map((outcome) =>
      item({ clause: "golden", test: "parity", outcome, reads: golden }),
    );
    expect(verdict("golden", [signed(items)]).outcome).toBe(expected);
  });

  it("of a limitation is that of the clause that keeps it", () => {
    expect(verdict("limitations.kept", [signed([item({ outcome: "fail" })])])).toMatchObject({
      outcome: "fail",
      why: "kept by gates.auc: roc_auc 0.7.",
    });
  });

  it("computes why a clause is not for evidence", () => {
    expect(verdict("limitations.said", []).why).toBe("kept by people: acknowledged at acceptance");
    expect(verdict("watch", [])).toMatchObject({ outcome: "not-applicable" });
    expect(verdict("watch", [], { deployed: true })).toMatchObject({ outcome: "not-run" });
  });

  it("takes the relay's word on what is watched, clause by clause", () => {
    const reviewed = { outcome: "pass", why: "reviewed" } as const;
    const review = [{ ...clauses[0]!, id: "review", kind: "review", kept: ["watched"] } as const];
    const more = { deployed: true, watched: new Map([["review", reviewed]]) };
    expect(verdict("review", [], { ...more, clauses: review })).toEqual({ clause: "review", ...reviewed });
    expect(verdict("watch", [], more).outcome).toBe("not-run");
  });

  it("lets a watch count against what a test shows, and never for it", () => {
    const said = (outcome: Outcome) => ({
      watched: new Map([["gates.auc", { outcome, why: "in operation" }]]),
    });
    const passed = [signed([item()])];
    expect(verdict("gates.auc", passed, said("fail"))).toMatchObject({
      outcome: "fail",
      why: "in operation",
    });
    expect(verdict("limitations.kept", passed, said("fail")).outcome).toBe("fail");
    expect(verdict("gates.auc", passed, said("not-run")).outcome).toBe("pass");
    expect(verdict("gates.auc", [], said("pass")).outcome).toBe("not-run");
    expect(verdict("gates.auc", [signed([item({ outcome: "fail" })])], said("pass")).outcome).toBe("fail");
  });

  it("takes nothing from what a test shows where the clause is watched as well and no monitor has reported", () => {
    const both = clauses.map((one) =>
      one.id === "gates.auc" ? { ...one, kept: ["tested", "watched"] as const } : one,
    );
    const shown = verdict("gates.auc", [signed([item()])], { clauses: both, deployed: true });
    expect(shown).toMatchObject({ outcome: "pass" });
    expect(verdict("gates.auc", [], { clauses: both, deployed: true }).outcome).toBe("not-run");
  });

  it("ignores what other tests pass, and heeds what they fail", () => {
    const other = (outcome: Outcome) => item({ test: "data.range", outcome });
    expect(verdict("gates.auc", [signed([other("pass")])]).outcome).toBe("not-run");
    expect(verdict("gates.auc", [signed([item(), other("fail")])]).outcome).toBe("fail");
    expect(
      verdict("gates.auc", [signed([item(), item({ test: "re-implementation", outcome: "fail" })])]).outcome,
    ).toBe("pass");
  });

  it("does not go in circles", () => {
    const loop = clauses.map((clause) =>
      clause.id === "limitations.kept" ? { ...clause, keptBy: "limitations.kept" } : clause,
    );
    expect(verdict("limitations.kept", [], { clauses: loop }).outcome).toBe("not-run");
  });
});

describe("stale items", () => {
  it("are the required tests that no evidence shows, and no other", () => {
    const names = (envelopes: EvidenceFile[], given: Partial<VerdictInput> = {}) =>
      staleItems(inputOf(envelopes, given)).map(({ clause }) => clause);
    expect(names([])).toContain("gates.auc");
    expect(names([])).not.toContain("limitations.kept");
    expect(names([])).not.toContain("watch");
    expect(names([signed([item({ outcome: "fail" })])])).not.toContain("gates.auc");
    expect(names([signed([item()])], { current: { ...current, data: "1".repeat(64) } })).toContain(
      "gates.auc",
    );
  });
});

describe("reading evidence", () => {
  const file = signed([item({ measured: { roc_auc: 0.7 } })]);
  const read = (bytes: Uint8Array) => readEvidence(bytes, signers, at);

  it("gives back what was sealed", () => {
    const reading = read(file.bytes);
    expect(reading).toMatchObject({ ok: true, vouching: { kind: "signed", by: "lab" } });
    expect(reading.ok && file.name).toBe(reading.ok && `test-${reading.id.slice(0, 12)}.json`);
  });

  it("refuses every single changed byte, or finds the signature broken", () => {
    for (let index = 0; index < file.bytes.length; index += 7) {
      const bytes = Uint8Array.from(file.bytes);
      bytes[index]! ^= 1;
      const reading = read(bytes);
      expect(reading.ok && reading.vouching.kind === "signed", `byte ${index}`).toBe(false);
    }
  });

  it.each([
    ["no JSON", "{"],
    ["an array", "[]"],
    ["spaces", `${Buffer.from(file.bytes).toString()} `],
    ["a BOM", `\uFEFF${Buffer.from(file.bytes).toString()}`],
  ])("refuses %s", (_, text) => {
    expect(read(Buffer.from(text)).ok).toBe(false);
  });

  it.each([
    ["an unknown key", { extra: 1 }],
    ["an outcome of its own", { items: [{ ...item(), outcome: "waived" }] }],
    ["a number as text", { items: [{ ...item(), measured: { a: "1" } }] }],
    ["another tool", { tool: { name: "other", version: "1" } }],
    ["a time that is none", { finishedAt: "yesterday" }],
  ])("neither writes nor reads %s", (_, change) => {
    const predicate = { ...run([item()]), ...change } as EvidenceRun;
    expect(() => sealEvidence(predicate, lab.privateKey)).toThrow("does not keep its own format");
    const good = JSON.parse(
      Buffer.from(JSON.parse(Buffer.from(file.bytes).toString()).payload, "base64").toString(),
    );
    expect(read(canonicalBytes(sealStatement({ ...good, predicate }, lab.privateKey))).ok).toBe(false);
  });

  it("refuses a subject that is not what the items read", () => {
    const envelope = JSON.parse(Buffer.from(file.bytes).toString());
    const statement = JSON.parse(Buffer.from(envelope.payload, "base64").toString());
    statement.subject[0].digest.sha256 = "d".repeat(64);
    const forged = {
      ...envelope,
      signatures: [],
      payload: Buffer.from(canonicalBytes(statement)).toString("base64"),
    };
    expect(read(canonicalBytes(forged))).toMatchObject({
      ok: false,
      problem: expect.stringContaining("subject"),
    });
  });

  it("refuses what is too large before it is parsed", () => {
    expect(read(new Uint8Array(16 * 1024 * 1024 + 1))).toMatchObject({
      ok: false,
      problem: expect.stringContaining("16 MiB"),
    });
  });

  it("lists unreadable files by name, and goes on", () => {
    const standing = standingOf(inputOf([{ name: "junk.json", bytes: Buffer.from("junk") }, file]));
    expect(standing.unreadable.map(({ name }) => name)).toEqual(["junk.json"]);
    expect(standing.held).toHaveLength(1);
  });
});
