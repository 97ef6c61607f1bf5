import { dataTests } from "./data-tests.ts";
import { infrastructureTests } from "./infrastructure-tests.ts";
import { modelTests } from "./model-tests.ts";
import { monitoringTests } from "./monitoring-tests.ts";
import type { Judged, ScoreFacts, ScoreTest } from "./score-facts.ts";

/** One test with its points and what they rest on. */
export interface ScoreLine extends Judged {
  readonly id: string;
  readonly title: string;
  /** The most that Baton can give for it. */
  readonly most: 0.5 | 1;
  /** What would give the rest; absent where there is no more to give. */
  readonly wouldShow?: string;
}

/** Seven tests. */
export interface ScoreSection {
  readonly name: string;
  readonly points: number;
  readonly tests: readonly ScoreLine[];
}

/** The score, and its four sections. */
export interface MlTestScore {
  /** The smallest of the sections: a chain is as strong as its weakest link. */
  readonly score: number;
  readonly sections: readonly ScoreSection[];
}

const sections: readonly { readonly name: string; readonly tests: readonly ScoreTest[] }[] = [
  { name: "features and data", tests: dataTests },
  { name: "model", tests: modelTests },
  { name: "infrastructure", tests: infrastructureTests },
  { name: "monitoring", tests: monitoringTests },
];

/**
 * The ML Test Score (Breck, Cai, Nielsen, Salib and Sculley 2017, "The ML Test Score: A Rubric for ML Production Readiness
 * and Technical Debt Reduction", IEEE Big Data), computed from what is on record only: what is not recorded gives no point.
 * Which record stands for which test is our reading of it (docs/operations/reviews.md).
 */
export function mlTestScore(facts: ScoreFacts): MlTestScore {
  const judged = sections.map(({ name, tests }): ScoreSection => {
    const lines = tests.map(({ id, title, wouldShow, most = 1 as const, judge }): ScoreLine => {
      const judged = judge(facts);
      const points = most === 0.5 && judged.points === 1 ? most : judged.points;
      return { id, title, ...judged, points, most, ...(points < most && { wouldShow }) };
    });
    return { name, points: lines.reduce((sum, { points }) => sum + points, 0), tests: lines };
  });
  return { score: Math.min(...judged.map(({ points }) => points)), sections: judged };
}
