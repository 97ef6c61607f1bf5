import {
  contentOf,
  idsOf,
  type Judged,
  notShown,
  type ScoreFacts,
  type ScoreTest,
  shownByEvidence,
} from "./score-facts.ts";

/** What the model is built, tested and brought into service with. */
export const infrastructureTests: readonly ScoreTest[] = [
  {
    id: "infrastructure.reproducible",
    title: "Training again gives the same model",
    wouldShow: "two trainings and their digests; lock and data digests are only its ingredients",
    judge: () => notShown("Baton does not train"),
  },
  {
    id: "infrastructure.small-tests",
    title: "The model answers small tests as it should",
    wouldShow: "behaviours in the contract, and their evidence, run by the acceptor too",
    judge: (facts) => shownByEvidence(facts, "behaviour", idsOf(facts, "behaviour")),
  },
  {
    id: "infrastructure.whole",
    title: "The pipeline is tested from raw columns to the answer; its training is not",
    wouldShow: "golden rows in all three layers, and parity evidence",
    most: 0.5,
    judge: threeLayers,
  },
  {
    id: "infrastructure.validated",
    title: "No model is served before its quality was shown",
    wouldShow: "evidence for every gate, run by the acceptor, and the acceptance that cites it",
    judge: validated,
  },
  {
    id: "infrastructure.debuggable",
    title: "One answer can be followed layer by layer",
    wouldShow: "golden rows in all three layers, and parity evidence",
    most: 0.5,
    judge: threeLayers,
  },
  {
    id: "infrastructure.canary",
    title: "A new model meets few callers before it meets all",
    wouldShow: "a deployment of the same content to another environment before the one where it runs",
    most: 0.5,
    judge: canary,
  },
  {
    id: "infrastructure.roll-back",
    title: "One can go back, and has done so",
    wouldShow: "a roll-back on record that another person countersigned",
    most: 0.5,
    judge: rollBack,
  },
];

/** A comparison with a version before is not-applicable to the first: Baton computes that, and nobody can set it. */
function validated(facts: ScoreFacts): Judged {
  const open = new Set(
    facts.held
      .filter(({ test, outcome }) => test === "gate" && outcome === "not-applicable")
      .map(({ clause }) => clause),
  );
  return shownByEvidence(
    facts,
    "gate",
    idsOf(facts, "gate").filter((id) => !open.has(id)),
  );
}

function threeLayers(facts: ScoreFacts): Judged {
  const layers = facts.contract.golden?.layers ?? [];
  if (layers.length < 3) return notShown("golden rows do not have all three layers");
  return shownByEvidence(facts, "parity", ["golden"]);
}

function canary(facts: ScoreFacts): Judged {
  const { environments } = facts.state;
  const own = environments
    .flatMap(({ deployments }) => deployments)
    .filter(({ contentDigest, kind }) => contentDigest === facts.contentDigest && kind === "deploy")
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const [first] = own;
  const later = own.find(({ environment }) => environment !== first?.environment);
  if (!contentOf(facts) || !first || !later)
    return notShown("this content went to one environment at once, or to none");
  return {
    points: 0.5,
    why: `it was in ${first.environment} before ${later.environment}; the share of traffic is not on record`,
    shown: [first, later].map(({ entry, environment, at }) => ({
      id: entry,
      shows: `deployed to ${environment} on ${at.slice(0, 10)}`,
    })),
  };
}

function rollBack({ state }: ScoreFacts): Judged {
  const due = new Set(state.countersignaturesDue.map(({ entry }) => entry));
  const done = state.environments
    .flatMap(({ deployments }) => deployments)
    .filter(({ kind, entry }) => kind === "rollback" && !due.has(entry));
  const last = done.reduce<(typeof done)[number] | undefined>(
    (a, b) => (a && a.at > b.at ? a : b),
    undefined,
  );
  if (!last) return notShown("no countersigned roll-back of this model is on record");
  return {
    points: 0.5,
    why: "done and countersigned; nothing does it by itself",
    shown: [{ id: last.entry, shows: `${last.environment} rolled back on ${last.at.slice(0, 10)}` }],
  };
}
