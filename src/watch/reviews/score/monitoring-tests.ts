import {
  citedWindows,
  idsOf,
  type Judged,
  matureWindows,
  notShown,
  qualityTriggers,
  type ScoreFacts,
  type ScoreTest,
  seenWindows,
  shownByEvidence,
} from "./score-facts.ts";

const watched = "and a watch over what was observed (baton review DIR)";

/** What is looked at after deployment. */
export const monitoringTests: readonly ScoreTest[] = [
  {
    id: "monitoring.dependencies",
    title: "A change in what it depends on is told",
    wouldShow: "evidence of the checks lock.pinned and digests.current, signed by a service at every change",
    judge(facts) {
      const runs = ["lock.pinned", "digests.current"].map((test) => shownByEvidence(facts, test, [""]));
      const worst = runs.reduce((a, b) => (b.points < a.points ? b : a));
      return worst.points === 0 ? worst : { ...worst, shown: runs.flatMap(({ shown }) => shown) };
    },
  },
  {
    id: "monitoring.inputs",
    title: "Inputs keep to what was agreed, in service as in training",
    wouldShow: `enforcement evidence for every feature, ${watched}`,
    judge: (facts) =>
      withWindows(
        facts,
        shownByEvidence(facts, "enforcement", idsOf(facts, "feature")),
        "rejections counted by clause",
      ),
  },
  {
    id: "monitoring.skew",
    title: "Features are in service what they were in training",
    wouldShow: "parity evidence, and windows in which drift was judged against calibrated thresholds",
    judge(facts) {
      const judged = seenWindows(facts).filter(({ drift }) => drift !== undefined);
      return withThese(
        shownByEvidence(facts, "parity", ["golden"]),
        judged.length > 0,
        citedWindows(judged, "drift judged"),
      );
    },
  },
  {
    id: "monitoring.age",
    title: "The model is not too old",
    wouldShow: "a complete review of this content, and a trigger that is evaluated in every window",
    judge: age,
  },
  {
    id: "monitoring.numbers",
    title: "Numbers stay sound",
    wouldShow: `enforcement evidence for every output, ${watched}`,
    judge: (facts) =>
      withWindows(
        facts,
        shownByEvidence(facts, "enforcement", idsOf(facts, "output")),
        "answers withheld counted by clause",
      ),
  },
  {
    id: "monitoring.speed",
    title: "It is as fast as it was",
    wouldShow: "budget evidence, and windows in which latency was judged",
    judge: speed,
  },
  {
    id: "monitoring.quality",
    title: "Its answers are as good as they were",
    wouldShow: "mature windows with labels, and a trigger on performance that is evaluated and not met",
    judge: quality,
  },
];

function withWindows(facts: ScoreFacts, judged: Judged, shows: string): Judged {
  const windows = seenWindows(facts);
  return withThese(judged, windows.length > 0, citedWindows(windows, shows));
}

/** Half for the evidence, whole where it is also watched. */
function withThese(judged: Judged, isWatched: boolean, shown: Judged["shown"]): Judged {
  if (judged.points === 0) return judged;
  return {
    points: isWatched ? 1 : 0.5,
    why: isWatched ? "shown by evidence, and watched" : "shown by evidence, not watched",
    shown: [...judged.shown, ...shown],
  };
}

function age(facts: ScoreFacts): Judged {
  const review = facts.state.reviews.findLast(
    ({ contentDigest, completed }) => contentDigest === facts.contentDigest && completed !== undefined,
  );
  const triggers = (facts.report?.triggers ?? []).filter(({ windows }) =>
    windows.some(({ holds }) => holds !== "unknown"),
  );
  if (!review && triggers.length === 0)
    return notShown("no complete review of this content, and no trigger that was evaluated");
  return {
    points: review && triggers.length > 0 ? 1 : 0.5,
    why: [review ? "both roles looked" : [], triggers.length > 0 ? "a trigger looks in every window" : []]
      .flat()
      .join(", "),
    shown: [
      ...(review?.signatures ?? []).map(({ entry, person, role }) => ({
        id: entry,
        shows: `review signed by ${person} as ${role}`,
      })),
      ...triggers.map(({ clause, state }) => ({ id: clause, shows: `evaluated: ${state}` })),
    ],
  };
}

function speed(facts: ScoreFacts): Judged {
  const bench = shownByEvidence(facts, "budget", ["budget"]);
  const windows = seenWindows(facts);
  const slow = windows.filter(({ latency }) => latency.some(({ verdict }) => verdict === "fail"));
  if (slow.length > 0) return notShown(`${slow.length} windows were over the budget`);
  if (bench.points === 0) return bench;
  const judged = windows.filter(({ latency }) => latency.some(({ verdict }) => verdict === "pass"));
  return withThese(bench, judged.length > 0, citedWindows(judged, "latency within the budget"));
}

function quality(facts: ScoreFacts): Judged {
  const windows = matureWindows(facts);
  if (windows.length === 0) return notShown("no mature window with labels is at hand");
  const triggers = qualityTriggers(facts);
  const met = triggers.find(({ state }) => state === "met");
  if (met) return notShown(`${met.clause} is met: it got worse`);
  return {
    points: triggers.length > 0 ? 1 : 0.5,
    why:
      triggers.length > 0
        ? "measured, and a trigger looks in every window"
        : "measured; no trigger on it was evaluated",
    shown: [
      ...citedWindows(windows, "quality on mature labels"),
      ...triggers.map(({ clause, state }) => ({ id: clause, shows: `evaluated: ${state}` })),
    ],
  };
}
