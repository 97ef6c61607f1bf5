import { parseDuration } from "../../../kernel/index.ts";
import {
  citedWindows,
  contentOf,
  type Judged,
  matureWindows,
  notShown,
  qualityTriggers,
  type ScoreFacts,
  type ScoreTest,
  shownByEvidence,
} from "./score-facts.ts";

/** Development of the model. */
export const modelTests: readonly ScoreTest[] = [
  {
    id: "model.reviewed",
    title: "What makes the model is reviewed and has versions",
    wouldShow: "an offer, and an acceptance by another person with the role runs",
    judge: reviewed,
  },
  {
    id: "model.offline-online",
    title: "Offline numbers tell what happens online",
    wouldShow: "gate evidence and mature windows with the same metric (baton review DIR --labels FILE)",
    most: 0.5,
    judge: offlineAndOnline,
  },
  {
    id: "model.tuned",
    title: "Hyperparameters were searched for",
    wouldShow: "a record of the search; Baton does not train and records none",
    judge: () => notShown("Baton does not see the training"),
  },
  {
    id: "model.ageing",
    title: "What ageing costs is known",
    wouldShow:
      "mature windows over at least review.every, and a trigger on mature performance that is evaluated",
    judge: ageing,
  },
  {
    id: "model.simple",
    title: "Nothing simpler does as well",
    wouldShow: "a gate against a simpler model; gates compare with the version before only",
    judge: () => notShown("Baton compares with the version before, not with a simpler model"),
  },
  {
    id: "model.slices",
    title: "It is good enough where it matters, not only on average",
    wouldShow: "a gate with `by`, and its evidence, run by the acceptor too",
    judge: (facts) =>
      shownByEvidence(
        facts,
        "gate",
        facts.contract.gates.filter(({ by }) => by !== undefined).map(({ id }) => `gates.${id}`),
      ),
  },
  {
    id: "model.inclusion",
    title: "It was looked at for groups of people that it may treat worse",
    wouldShow: "a gate `by` a feature that is sensitive, and its evidence",
    judge(facts) {
      const sensitive = new Set(
        facts.contract.features.filter((feature) => feature.sensitive).map(({ name }) => name),
      );
      const gates = facts.contract.gates.filter(({ by }) => by !== undefined && sensitive.has(by));
      if (gates.length === 0) return notShown("no gate looks at a sensitive feature");
      return shownByEvidence(
        facts,
        "gate",
        gates.map(({ id }) => `gates.${id}`),
      );
    },
  },
];

function reviewed(facts: ScoreFacts): Judged {
  const content = contentOf(facts);
  const acceptance = content?.acceptances.find(({ role }) => role === "runs");
  if (!content || !acceptance) return notShown("this content is not accepted");
  const entries = [...content.offers.slice(-1), acceptance];
  return {
    points: content.selfAccepted ? 0.5 : 1,
    why: content.selfAccepted ? "one person offered and accepted it" : "two people signed this content",
    shown: entries.map(({ entry, person, role }) => ({ id: entry, shows: `signed by ${person} as ${role}` })),
  };
}

function offlineAndOnline(facts: ScoreFacts): Judged {
  const windows = matureWindows(facts);
  if (windows.length === 0) return notShown("no mature window with labels is at hand");
  const online = new Set(windows.flatMap(({ performance }) => Object.keys(performance?.metrics ?? {})));
  const gate = facts.held.find(
    ({ test, outcome, items }) =>
      test === "gate" &&
      outcome === "pass" &&
      items.some(({ measured }) => Object.keys(measured ?? {}).some((name) => online.has(name))),
  );
  if (!gate) return notShown("no gate evidence that holds has a metric of the mature windows");
  return {
    points: 0.5,
    why: "both stand in this review, for people to compare; how they go together over versions is not computed",
    shown: [
      { id: gate.evidence.id, shows: `gate of ${gate.clause}, by ${gate.evidence.by}` },
      ...citedWindows(windows, "the same metrics on mature labels"),
    ],
  };
}

function ageing(facts: ScoreFacts): Judged {
  const every = facts.contract.review?.every;
  const windows = matureWindows(facts);
  if (every === undefined || windows.length < 2) return notShown("too few mature windows are at hand");
  const span = Date.parse(windows.at(-1)!.end) - Date.parse(windows[0]!.start);
  if (span < parseDuration(every)) return notShown(`mature windows span less than ${every}`);
  const triggers = qualityTriggers(facts).filter(({ when }) => when.includes("mature."));
  return {
    points: triggers.length > 0 ? 1 : 0.5,
    why: triggers.length > 0 ? "measured, and a trigger looks at it in every window" : "measured",
    shown: [
      ...citedWindows(windows, "quality by age"),
      ...triggers.map(({ clause, state }) => ({ id: clause, shows: `evaluated: ${state}` })),
    ],
  };
}
