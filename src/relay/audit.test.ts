import { describe, expect, it } from "vitest";
import { sha256 } from "../kernel/index.ts";
import { auditAt } from "./audit.ts";
import { minute, read, sign } from "./test-team.ts";
import { timelineOf } from "./timeline.ts";

const built = sha256("run of lab");
const rerun = sha256("run of ops");
const gone = sha256("lost");
let files = sign([], "lab", { action: "offer", evidence: [built] }, 10);
files = sign(
  files,
  "cat",
  { action: "waive", role: "business", clauses: ["gates.auc"], until: minute(100), note: "holiday" },
  11,
);
files = sign(
  files,
  "ops",
  { action: "accept", evidence: [rerun, gone], acknowledged: ["limitations.a"] },
  20,
);
files = sign(files, "ops", { action: "deploy", environment: "production" }, 30);
files = sign(files, "sre", { action: "recall", note: "wrong labels" }, 200);

const run = (id: string, by: string, at: number, auc: "pass" | "fail") => ({
  id,
  by,
  at: minute(at),
  items: [
    { clause: "gates.auc", test: "gate", outcome: auc, message: `auc ${auc}` },
    { clause: "golden", test: "parity", outcome: "pass" as const, message: "equal" },
  ],
});
const evidence = [
  run(built, "lab", 5, "pass"),
  run(rerun, "ops", 15, "fail"),
  run(sha256("later"), "foe", 1, "pass"),
];
const audit = (at: number, owner = "business") =>
  auditAt({
    history: read(files),
    evidence,
    date: minute(at),
    clauses: [
      { id: "budget", owner: "runs", kept: ["tested"] },
      { id: "gates.auc", owner, kept: ["tested"] },
      { id: "golden", owner: "builds", kept: ["tested"] },
      { id: "limitations.a", owner: "builds", kept: ["stated"] },
      { id: "limitations.b", owner: "builds", kept: ["stated"] },
    ],
  });

describe("an audit", () => {
  it("says who approved what on which evidence, with waivers, not-run and acknowledged clauses", () => {
    const acceptance = audit(40).approvals.find(({ action }) => action === "accept");
    expect(acceptance).toMatchObject({
      person: "ops",
      role: "runs",
      cited: [rerun, gone],
      absent: [gone],
      standing: "counts",
    });
    expect(acceptance?.clauses).toMatchObject([
      { clause: "budget", standing: "not-run" },
      {
        clause: "gates.auc",
        standing: "waived",
        evidence: rerun,
        by: "ops",
        why: expect.stringContaining("fail: auc fail"),
      },
      { clause: "golden", standing: "pass", evidence: rerun },
      { clause: "limitations.a", standing: "acknowledged" },
      { clause: "limitations.b", standing: "not-acknowledged" },
    ]);
    const offer = audit(40).approvals.find(({ action }) => action === "offer");
    expect(offer?.clauses.find(({ clause }) => clause === "gates.auc")).toMatchObject({
      standing: "pass",
      by: "lab",
    });
  });

  it("counts no waiver by another role than the clause's owner", () => {
    const acceptance = audit(40, "risk").approvals.find(({ action }) => action === "accept");
    expect(acceptance?.clauses[1]).toMatchObject({ clause: "gates.auc", standing: "fail" });
  });

  it("looks at nothing later than its date", () => {
    expect(audit(15)).toMatchObject({ contents: [{ standing: "offered" }], environments: [] });
    expect(audit(40)).toMatchObject({
      contents: [{ standing: "accepted" }],
      environments: [{ environment: "production" }],
    });
    expect(audit(300).contents).toMatchObject([{ standing: "recalled" }]);
    expect(audit(9).approvals).toEqual([]);
  });
});

describe("the timeline", () => {
  it("tells each step in a sentence", () => {
    expect(timelineOf(read(files)).map(({ text }) => text)).toEqual([
      "lab as builds offers 1.0.0",
      `cat as business waives gates.auc until ${minute(100).slice(0, 10)}: holiday`,
      "ops as runs accepts 1.0.0, acknowledging limitations.a",
      "ops as runs deploys 1.0.0 to production",
      "sre as on-call recalls 1.0.0: wrong labels",
    ]);
  });
});
