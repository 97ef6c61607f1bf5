import { describe, expect, it } from "vitest";
import { fullContract } from "../../../contract/contract-examples.ts";
import { type Contract, clausesOf, parseContract } from "../../../contract/index.ts";
import { type HeldItems, requiredTest } from "../../../evidence/index.ts";
import { sha256 } from "../../../kernel/index.ts";
import type { RelayState } from "../../../relay/index.ts";
import type { WindowReport } from "../../report/window-report.ts";
import { mlTestScore, type ScoreLine } from "./ml-test-score.ts";
import type { ScoreFacts } from "./score-facts.ts";

const written = parseContract({ text: fullContract, file: "baton.yaml" }).contract!;
/** Everything that a contract can promise towards the score. */
const contract: Contract = {
  ...written,
  features: written.features.map((feature) => ({
    ...feature,
    transform: feature.name,
    sensitive: feature.name === "origin",
  })),
};
const clauses = clausesOf(contract);
const one = sha256("one");
const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();

function held(clause: string, test: string, by = "lab", outcome: HeldItems["outcome"] = "pass"): HeldItems {
  const items = [
    {
      clause,
      test,
      outcome,
      message: "",
      measured: (clause === "gates.auc" ? { roc_auc: 0.7 } : {}) as Record<string, number>,
      reads: {},
      findings: [],
    },
  ];
  const evidence = {
    id: sha256(`${clause} ${test} ${by}`),
    at: at(1),
    by,
    side: by === "ops" ? "runs" : "builds",
  };
  return { clause, test, outcome, items, evidence };
}

const tested = clauses.flatMap((clause) =>
  clause.kept.flatMap((kept) => {
    const test = requiredTest(clause, kept);
    return test ? [[clause.id, test] as const] : [];
  }),
);
const checks = ["joint.leakage", "prose.written", "lock.pinned", "digests.current"];
const heldByRuns = tested.map(([clause, test]) => held(clause, test, "ops"));

const deed = (name: string, day: number, person = "ops", role = "runs") => ({
  ...{ entry: sha256(name), person, role, at: at(day) },
});
const deployment = (
  name: string,
  environment: string,
  day: number,
  kind: "deploy" | "rollback" = "deploy",
) => ({
  ...deed(name, day),
  ...{ contentDigest: one, version: "1.2.0", environment, kind },
});
const state: RelayState = {
  model: "flight-delay",
  at: at(90),
  contents: [
    {
      ...{
        contentDigest: one,
        version: "1.2.0",
        standing: "accepted",
        selfAccepted: false,
        contested: false,
      },
      offers: [deed("offer", 1, "lab", "builds")],
      acceptances: [
        { ...deed("accept", 2), acknowledged: [], evidence: heldByRuns.map(({ evidence }) => evidence.id) },
      ],
      ...{ acknowledged: [], waivers: [] },
    },
  ],
  environments: [
    { environment: "canary", deployments: [deployment("canary", "canary", 3)], contested: [] },
    {
      environment: "production",
      current: deployment("back", "production", 9, "rollback"),
      deployments: [deployment("deploy", "production", 4), deployment("back", "production", 9, "rollback")],
      contested: [],
    },
  ],
  countersignaturesDue: [],
  reviews: [
    {
      ...{
        contentDigest: one,
        version: "1.2.0",
        file: "0001-2026-01-20",
        digest: sha256("m"),
        collected: at(20),
      },
      signatures: [
        { ...deed("review builds", 20, "lab", "builds"), decision: "keep" },
        { ...deed("review runs", 21), decision: "keep" },
      ],
      ...{ missing: [], completed: at(21), selfReviewed: false, contradictory: false },
    },
  ],
  actions: [],
  requests: [],
  observations: [],
};

const window = (day: number): WindowReport => ({
  ...{ start: at(day), end: at(day + 1), rows: 100, answered: 99, rejected: {}, untimed: 0, columns: [] },
  latency: [{ percentile: "p99", boundMs: 50, calls: 100, within: 100, between: [1, 2], verdict: "pass" }],
  drift: {} as NonNullable<WindowReport["drift"]>,
  performance: { answered: 99, labelled: 99, mature: true, metrics: { roc_auc: 0.7 } },
});
const trigger: NonNullable<NonNullable<ScoreFacts["report"]>["triggers"]>[number] = {
  ...{ id: "worse", clause: "retrain.worse", owner: "builds", when: "mature.roc_auc < 0.6" },
  ...{ for: "1 of 1", cooldown: "1d", state: "quiet", firings: [] },
  windows: [{ start: at(40), holds: false, unknown: [], values: {} }],
};
const report: NonNullable<ScoreFacts["report"]> = {
  windows: [window(10), window(25), window(41)],
  replicas: [],
  triggers: [trigger],
  findings: [],
};

const facts: ScoreFacts = {
  contract,
  clauses,
  contentDigest: one,
  held: [
    ...tested.map(([clause, test]) => held(clause, test)),
    ...checks.map((test) => held("", test, "ci")),
  ],
  heldByRuns,
  services: new Set(["ci"]),
  state,
  report,
};

const linesOf = (given: ScoreFacts) => mlTestScore(given).sections.flatMap(({ tests }) => tests);
const pointsOf = (given: ScoreFacts): Record<string, number> =>
  Object.fromEntries(linesOf(given).map(({ id, points }) => [id, points]));

/** The facts without one thing on record; of evidence, whoever ran the same. */
function without(id: string): ScoreFacts {
  const gone = [...facts.held, ...heldByRuns].find(({ evidence }) => evidence.id === id);
  const stays = ({ clause, test }: HeldItems) => clause !== gone?.clause || test !== gone.test;
  const other = <T extends { readonly entry: string }>(list: readonly T[]) =>
    list.filter(({ entry }) => entry !== id);
  return {
    ...facts,
    held: facts.held.filter(stays),
    heldByRuns: facts.heldByRuns.filter(stays),
    state: {
      ...state,
      contents: state.contents.map((content) => ({
        ...content,
        offers: other(content.offers),
        acceptances: other(content.acceptances),
      })),
      environments: state.environments.map((environment) => ({
        ...environment,
        deployments: other(environment.deployments),
      })),
      reviews: state.reviews.filter(({ signatures }) => other(signatures).length === signatures.length),
    },
    report: {
      ...report,
      windows: id === "watch" ? [] : report.windows,
      triggers: id === trigger.clause ? [] : [trigger],
    },
  };
}

describe("the ML Test Score", () => {
  it("gives what is on record its points, and nothing else", () => {
    expect(pointsOf(facts)).toEqual({
      "data.schema": 1,
      "data.useful": 0,
      "data.cost": 0,
      "data.permitted": 1,
      "data.privacy": 0.5,
      "data.new-feature": 0,
      "data.code": 1,
      "model.reviewed": 1,
      "model.offline-online": 0.5,
      "model.tuned": 0,
      "model.ageing": 1,
      "model.simple": 0,
      "model.slices": 1,
      "model.inclusion": 1,
      "infrastructure.reproducible": 0,
      "infrastructure.small-tests": 1,
      "infrastructure.whole": 0.5,
      "infrastructure.validated": 1,
      "infrastructure.debuggable": 0.5,
      "infrastructure.canary": 0.5,
      "infrastructure.roll-back": 0.5,
      "monitoring.dependencies": 1,
      "monitoring.inputs": 1,
      "monitoring.skew": 1,
      "monitoring.age": 1,
      "monitoring.numbers": 1,
      "monitoring.speed": 1,
      "monitoring.quality": 1,
    });
    const { score, sections } = mlTestScore(facts);
    expect(sections.map(({ points }) => points)).toEqual([3.5, 4.5, 4, 7]);
    expect(score).toBe(3.5);
  });

  const cited = linesOf(facts).flatMap(({ id, shown }: ScoreLine) =>
    shown.map((one) => [id, one.id, one.shows] as const),
  );
  it("rests every point on something", () => {
    for (const { points, shown } of linesOf(facts)) expect(points > 0).toBe(shown.length > 0);
    expect(cited.length).toBeGreaterThan(30);
  });

  it.each(cited)("%s loses when %s is gone: %s", (test, id) => {
    const offer = id === sha256("offer");
    const rest = pointsOf(without(id))[test]!;
    if (offer) expect(rest).toBe(pointsOf(facts)[test]);
    else expect(rest).toBeLessThan(pointsOf(facts)[test]!);
  });

  it.each(["not-run", "fail", "not-applicable"] as const)("takes %s for no pass", (outcome) => {
    const worse = (list: readonly HeldItems[]) => list.map((one) => ({ ...one, outcome }));
    const points = pointsOf({ ...facts, held: worse(facts.held), heldByRuns: worse(heldByRuns) });
    const rest = Object.keys(points).filter((id) => points[id]! > 0);
    expect(rest).toEqual([
      ...["model.reviewed", "model.ageing", "infrastructure.canary", "infrastructure.roll-back"],
      ...["monitoring.age", "monitoring.quality"],
    ]);
  });

  it("halves what only the builder ran, and what was not watched", () => {
    const alone = pointsOf({ ...facts, heldByRuns: [], services: new Set() });
    expect([alone["data.schema"], alone["model.slices"], alone["monitoring.dependencies"]]).toEqual([
      0.5, 0.5, 0.5,
    ]);
    const { report: _, ...unwatched } = facts;
    expect(mlTestScore(unwatched).sections.at(-1)?.points).toBe(3.5);
  });

  it("gives nothing for speed or quality that got worse, whatever was measured before", () => {
    const slow = { ...window(10), latency: [{ ...window(10).latency[0]!, verdict: "fail" as const }] };
    expect(
      pointsOf({ ...facts, report: { ...report, windows: [...report.windows, slow] } })["monitoring.speed"],
    ).toBe(0);
    const met = { ...facts, report: { ...report, triggers: [{ ...trigger, state: "met" as const }] } };
    expect(pointsOf(met)["monitoring.quality"]).toBe(0);
  });

  it("is zero where nothing is on record", () => {
    const empty: RelayState = { ...state, contents: [], environments: [], reviews: [] };
    const { report: _, ...rest } = facts;
    const lines = linesOf({ ...rest, held: [], heldByRuns: [], state: empty });
    expect(lines.filter(({ points }) => points > 0)).toEqual([]);
    for (const { why, wouldShow } of lines) expect([why, wouldShow]).not.toContain(undefined);
    expect(lines).toHaveLength(28);
  });
});
