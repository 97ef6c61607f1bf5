import { describe, expect, it } from "vitest";
import type { Finding } from "../kernel/index.ts";
import type { EntryFile } from "./entry.ts";
import { mergeEntries } from "./history.ts";
import { type AcceptInput, mayAccept } from "./may-accept.ts";
import { mayDeploy, mayRollBack } from "./may-deploy.ts";
import { mayRecall, mayRetire } from "./may-end.ts";
import { mayOffer, type OfferInput } from "./may-offer.ts";
import { mayCountersign, mayResolve } from "./may-resolve.ts";
import { mayReturn } from "./may-return.ts";
import { mayServe } from "./may-serve.ts";
import { mayWaive, type WaiveInput } from "./may-waive.ts";
import { nobody } from "./people.ts";
import {
  clauses,
  codes,
  content,
  contractAt,
  idOf,
  keyId,
  minute,
  type Name,
  people,
  peopleWith,
  read,
  shortRelay,
  sign,
  verdicts,
} from "./test-team.ts";

const offered = sign([], "lab", { action: "offer" }, 1);
const relay = shortRelay();
const signing = (by: Name, files: readonly EntryFile[], at = 100) => ({
  history: read(files),
  people,
  keyId: keyId(by),
  model: "churn",
  contentDigest: content("one"),
  at: minute(at),
});
const waived = (files: readonly EntryFile[]) =>
  sign(
    files,
    "cat",
    { action: "waive", role: "business", clauses: ["gates.auc"], until: minute(9000), note: "holiday" },
    5,
  );
const blocking: Finding = {
  code: "contract.units",
  severity: "blocking",
  clause: "budget",
  message: "No hardware.",
  next: "Name it.",
};

describe("an offer", () => {
  const offer = (more: Partial<OfferInput> = {}, files: readonly EntryFile[] = []) =>
    mayOffer({
      ...signing("lab", files),
      contract: contractAt("critical"),
      clauses,
      verdicts: verdicts("builds"),
      findings: [],
      ...more,
    });

  it("is allowed to a builder when everything is shown", () => {
    expect(offer()).toEqual({ allowed: true, findings: [], signer: { person: "lab", role: "builds" } });
  });

  it("says one thing where there are no people at all, however much follows from it", () => {
    const refused = offer({ people: nobody, history: read(relay, { people: nobody }), findings: [blocking] });
    expect(refused.findings.map(({ code }) => code)).toEqual(["relay.not-authorised"]);
    expect(refused.allowed).toBe(false);
    expect(refused.findings[0]?.next).toContain("--people");
  });

  it("says what is missing, who owes it and what to run", () => {
    const { allowed, findings } = offer({
      verdicts: verdicts("builds", { budget: "not-run", "gates.auc": "fail" }),
      findings: [blocking, { ...blocking, severity: "warning" }],
    });
    expect(allowed).toBe(false);
    expect(findings.map(({ code, clause }) => `${code} ${clause}`).sort()).toEqual([
      "relay.not-shown budget",
      "relay.not-shown gates.auc",
      "relay.owed budget",
    ]);
    expect(findings.find(({ code }) => code === "relay.owed")).toMatchObject({
      message: expect.stringContaining("Owed by runs (platform@example.org)"),
      next: "Name it.",
    });
    expect(
      findings.find(({ clause, code }) => clause === "budget" && code === "relay.not-shown")?.next,
    ).toContain("baton bench");
  });

  it("takes silence for not-run, and asks nothing of a sketch", () => {
    expect(codes(offer({ verdicts: [] }))).toEqual(["relay.not-shown"]);
    expect(offer({ verdicts: [] }).findings).toHaveLength(4);
    expect(offer({ verdicts: [], contract: contractAt("sketch") }).allowed).toBe(true);
  });

  it("asks everything of a sketch that has a model", () => {
    const contract = { ...contractAt("sketch"), run: { kind: "onnx", path: "model.onnx" } } as const;
    expect(codes(offer({ verdicts: [], contract }))).toEqual(["relay.not-shown"]);
  });

  it("lets a waiver by the clause's owner stand in, visibly", () => {
    const failing = verdicts("builds", { "gates.auc": "fail" });
    const result = offer({ verdicts: failing }, waived([]));
    expect(result.allowed).toBe(true);
    expect(result.findings).toMatchObject([{ code: "relay.waived", severity: "warning", received: "fail" }]);
    const foreign = sign(
      [],
      "lab",
      { action: "waive", clauses: ["gates.auc"], until: minute(9000), note: "x" },
      5,
    );
    expect(codes(offer({ verdicts: failing }, foreign))).toEqual(["relay.not-shown"]);
  });

  it("is refused to others, and on a version that means other content", () => {
    expect(codes(offer({ keyId: keyId("ops") }))).toEqual(["relay.not-authorised"]);
    expect(codes(offer({ keyId: keyId("foe") }))).toEqual(["relay.not-authorised"]);
    expect(codes(offer({ contentDigest: content("two") }, relay))).toEqual(["relay.version-taken"]);
    expect(codes(offer({}, offered))).toEqual(["relay.already-offered"]);
    expect(codes(offer({}, sign(relay, "lab", { action: "recall", note: "n" }, 9)))).toEqual(["relay.ended"]);
  });

  it("warns when nobody could accept it", () => {
    const alone = peopleWith({}, ["ops", "duo"]);
    expect(codes(offer({ people: alone }))).toEqual(["relay.nobody-to-accept"]);
  });

  it("is refused on a broken history", () => {
    expect(codes(offer({}, relay.slice(1)))).toContain("relay.missing-parent");
    expect(offer({}, relay.slice(1)).allowed).toBe(false);
  });
});

describe("an acceptance", () => {
  const accept = (more: Partial<AcceptInput> = {}, files: readonly EntryFile[] = offered, by: Name = "ops") =>
    mayAccept({
      ...signing(by, files),
      contract: contractAt("critical"),
      clauses,
      verdicts: verdicts("runs"),
      acknowledged: ["limitations.a"],
      ...more,
    });

  it("wants everything run again of a sketch that has a model", () => {
    const contract = { ...contractAt("sketch"), run: { kind: "onnx", path: "model.onnx" } } as const;
    expect(codes(accept({ verdicts: verdicts("builds"), contract }))).toEqual(["relay.not-rerun"]);
  });

  it("is allowed to a runner who tested and read everything", () => {
    expect(accept()).toEqual({ allowed: true, findings: [], signer: { person: "ops", role: "runs" } });
  });

  it("wants its own evidence, each stated clause by id, and an open offer of this very content", () => {
    expect(codes(accept({ verdicts: verdicts("builds") }))).toEqual(["relay.not-rerun"]);
    expect(codes(accept({ verdicts: verdicts("builds+runs") }))).toEqual([]);
    expect(codes(accept({ verdicts: verdicts("runs", { golden: "fail" }) }))).toEqual(["relay.not-shown"]);
    expect(codes(accept({ verdicts: [] }))).toEqual(["relay.not-shown"]);
    expect(codes(accept({ acknowledged: [] }))).toEqual(["relay.not-acknowledged"]);
    expect(codes(accept({ acknowledged: ["limitations.a", "limitations.b"] }))).toEqual([
      "relay.unknown-clause",
    ]);
    expect(codes(accept({ contentDigest: content("two") }))).toEqual(["relay.not-offered"]);
    expect(codes(accept({}, []))).toEqual(["relay.not-offered"]);
    const returned = sign(offered, "ops", { action: "return", reasons: [{ code: "missing", note: "n" }] }, 3);
    expect(codes(accept({}, returned))).toEqual(["relay.not-offered"]);
    expect(codes(accept({}, sign(offered, "sre", { action: "recall", note: "n" }, 3)))).toEqual([
      "relay.ended",
    ]);
  });

  it("shows waivers and does not ask for tests of what is waived", () => {
    const failing = verdicts("runs", { "gates.auc": "fail" });
    const result = accept({ verdicts: failing }, waived(offered));
    expect(result.allowed).toBe(true);
    expect(codes(result)).toEqual(["relay.waived"]);
    expect(codes(accept({ verdicts: failing, at: minute(9001) }, waived(offered)))).toEqual([
      "relay.not-shown",
    ]);
  });

  it("by the one who offered shows, and is refused at critical", () => {
    const own = sign([], "duo", { action: "offer" }, 1);
    expect(accept({}, own, "duo")).toMatchObject({
      allowed: false,
      findings: [{ code: "relay.self-accepted" }],
    });
    const mild = accept({ contract: contractAt("handed-over") }, own, "duo");
    expect(mild).toMatchObject({
      allowed: true,
      findings: [{ code: "relay.self-accepted", severity: "warning" }],
    });
  });

  it("waits for the owner of a loosened gate", () => {
    const loosened = [{ clause: "gates.auc", message: "0.80 became 0.75" }];
    const result = accept({ loosened });
    expect(codes(result)).toEqual(["relay.owner-not-accepted"]);
    expect(result.findings[0]?.message).toContain("business (shop@example.org)");
    const agreed = sign(offered, "cat", { action: "accept", acknowledged: ["gates.auc"] }, 3);
    expect(accept({ loosened }, agreed).allowed).toBe(true);
    const foreign = sign(offered, "ops", { action: "accept", acknowledged: ["gates.auc"] }, 3);
    expect(codes(accept({ loosened }, foreign))).toEqual(["relay.owner-not-accepted"]);
    expect(accept({ loosened: [{ clause: "budget", message: "slower" }] }).allowed).toBe(true);
  });

  it("in another role is for that role's clauses", () => {
    const result = accept({ acknowledged: ["gates.auc"], verdicts: [] }, offered, "cat");
    expect(result).toEqual({ allowed: true, findings: [], signer: { person: "cat", role: "business" } });
    expect(codes(accept({ acknowledged: ["budget"] }, offered, "cat"))).toEqual(["relay.not-clause-owner"]);
    expect(codes(accept({ acknowledged: [] }, offered, "cat"))).toEqual(["relay.not-acknowledged"]);
    expect(codes(accept({}, offered, "lab"))).toEqual(["relay.not-authorised"]);
    expect(codes(accept({}, offered, "bot"))).toEqual(["relay.not-authorised"]);
  });
});

describe("other steps", () => {
  it("a return needs a known reason with a note, of something on offer", () => {
    const returning = (
      reasons: { code: string; note: string; clause?: string }[],
      files: readonly EntryFile[] = offered,
    ) => mayReturn({ ...signing("ops", files), clauses, reasons });
    expect(returning([{ code: "unclear", note: "unit?", clause: "features.age" }]).allowed).toBe(true);
    expect(codes(returning([]))).toEqual(["relay.reason-missing"]);
    expect(codes(returning([{ code: "ugly", note: "n" }]))).toEqual(["relay.reason-missing"]);
    expect(codes(returning([{ code: "unclear", note: " " }]))).toEqual(["relay.reason-missing"]);
    expect(codes(returning([{ code: "unclear", note: "n", clause: "features.agee" }]))).toEqual([
      "relay.unknown-clause",
    ]);
    expect(codes(returning([{ code: "unclear", note: "n" }], relay))).toEqual(["relay.not-offered"]);
    expect(codes(returning([{ code: "constructor", note: "n" }]))).toEqual(["relay.reason-missing"]);
  });

  it("a waiver is for the owner, with a reason, for 90 days at most", () => {
    const waive = (more: Partial<WaiveInput> = {}, by: Name = "cat") =>
      mayWaive({
        ...signing(by, offered),
        contract: contractAt("critical"),
        clauses,
        waived: ["gates.auc"],
        until: minute(100 + 90 * 1440),
        note: "holiday",
        ...more,
      });
    expect(waive()).toMatchObject({ allowed: true, signer: { role: "business" } });
    expect(codes(waive({ until: minute(101 + 90 * 1440) }))).toEqual(["relay.waiver-too-long"]);
    expect(codes(waive({ until: minute(100) }))).toEqual(["relay.waiver-too-long"]);
    expect(codes(waive({ until: "soon" }))).toEqual(["relay.waiver-too-long"]);
    expect(codes(waive({ note: "" }))).toEqual(["relay.reason-missing"]);
    expect(codes(waive({ waived: [] }))).toEqual(["relay.unknown-clause"]);
    expect(codes(waive({}, "lab"))).toEqual(["relay.not-authorised"]);
    expect(codes(waive({ role: "builds" }, "lab"))).toEqual(["relay.not-clause-owner"]);
  });

  it("a deployment needs an acceptance that its level respects", () => {
    const deploy = (
      files: readonly EntryFile[],
      level: "critical" | "handed-over" = "critical",
      environment = "eu",
      by: Name = "ops",
    ) => mayDeploy({ ...signing(by, files), level, environment });
    expect(deploy(relay).allowed).toBe(true);
    expect(codes(deploy(relay, "critical", "production"))).toEqual(["relay.already-deployed"]);
    expect(codes(deploy(relay, "critical", "../eu"))).toEqual(["relay.environment-unusable"]);
    expect(codes(deploy(offered))).toEqual(["relay.not-accepted"]);
    expect(codes(deploy(relay, "critical", "eu", "sre"))).toEqual(["relay.not-authorised"]);
    expect(codes(deploy(sign(relay, "lab", { action: "recall", note: "n" }, 9)))).toEqual(["relay.recalled"]);
    const own = sign(sign([], "duo", { action: "offer" }, 1), "duo", { action: "accept" }, 2);
    expect(deploy(own).allowed).toBe(false);
    expect(deploy(own, "handed-over").allowed).toBe(true);
  });

  it("a roll-back asks whether callers survive, and is countersigned by a second person", () => {
    const rollBack = (changes: Parameters<typeof mayRollBack>[0]["changes"], by: Name = "sre") =>
      mayRollBack({ ...signing(by, relay), level: "critical", environment: "production", changes });
    expect(rollBack([{ kind: "editorial", message: "words" }]).allowed).toBe(true);
    const broken = rollBack([{ kind: "breaking", clause: "features.age", message: "features.age is new" }]);
    expect(broken.allowed).toBe(false);
    expect(codes(broken)).toContain("relay.callers-break");
    expect(codes(rollBack([], "lab"))).toContain("relay.not-authorised");
    const back = sign(relay, "sre", { action: "rollback", environment: "production" }, 9);
    const countersigns = idOf(back.at(-1));
    expect(mayCountersign({ ...signing("ops", back), countersigns }).allowed).toBe(true);
    expect(codes(mayCountersign({ ...signing("ops", relay), countersigns }))).toEqual([
      "relay.nothing-to-countersign",
    ]);
    expect(codes(mayDeploy({ ...signing("ops", back), level: "critical", environment: "eu" }))).toEqual([
      "relay.countersignature-due",
    ]);
  });

  it("a recall is possible on a broken history, a retirement not while it runs", () => {
    expect(
      mayRecall({ ...signing("sre", [...relay, { name: "x", bytes: new Uint8Array() }]), note: "harm" })
        .allowed,
    ).toBe(true);
    expect(codes(mayRecall({ ...signing("sre", relay), note: " " }))).toEqual(["relay.reason-missing"]);
    expect(codes(mayRecall({ ...signing("sre", []), note: "n" }))).toEqual(["relay.not-offered"]);
    expect(codes(mayRecall({ ...signing("cat", relay), note: "n" }))).toEqual(["relay.not-authorised"]);
    expect(codes(mayRetire(signing("lab", relay)))).toEqual(["relay.still-deployed"]);
    expect(mayRetire(signing("lab", relay.slice(0, 2))).allowed).toBe(true);
  });

  it("a resolution decides between the sides of an open fork", () => {
    const left = sign(offered, "ops", { action: "accept" }, 2);
    const right = sign(
      offered,
      "duo",
      { action: "return", role: "runs", reasons: [{ code: "missing", note: "n" }] },
      3,
    );
    const files = mergeEntries(left, right);
    const [a, b] = [idOf(left.at(-1)), idOf(right.at(-1))];
    const resolve = (by: Name, stands: string, over: string[]) =>
      mayResolve({ ...signing(by, files), stands, over });
    expect(resolve("ops", a, [b])).toMatchObject({ allowed: true, signer: { role: "runs" } });
    expect(codes(resolve("ops", a, []))).toContain("relay.nothing-to-resolve");
    expect(codes(resolve("ops", a, [idOf(offered[0])]))).toContain("relay.nothing-to-resolve");
    expect(codes(resolve("lab", a, [b]))).toContain("relay.not-authorised");
    expect(mayRecall({ ...signing("sre", files), note: "n" }).allowed).toBe(true);
    expect(mayDeploy({ ...signing("ops", files), level: "critical", environment: "eu" }).allowed).toBe(false);
  });
});

describe("serving", () => {
  const serve = (files: readonly EntryFile[], environment?: string) =>
    mayServe({
      history: read(files),
      contentDigest: content("one"),
      level: "critical",
      at: minute(100),
      environment,
    });

  it("is for what is accepted; a recall does not stop what already runs there from restarting", () => {
    expect(serve(relay).allowed).toBe(true);
    expect(codes(serve(offered))).toEqual(["relay.not-accepted"]);
    expect(serve([]).allowed).toBe(false);
    const recalled = sign(relay, "sre", { action: "recall", note: "wrong labels" }, 9);
    expect(serve(recalled).allowed).toBe(false);
    expect(serve(recalled, "eu").allowed).toBe(false);
    expect(serve(recalled, "production")).toMatchObject({
      allowed: true,
      findings: [{ code: "relay.recalled", severity: "warning" }],
    });
    expect(serve(relay.slice(1)).allowed).toBe(false);
  });
});
