import type { Clause, Contract } from "../../contract/index.ts";
import type { Verdict } from "../../evidence/index.ts";
import { digestOf, sha256 } from "../../kernel/index.ts";
import {
  contentIn,
  openRequests,
  type RelayState,
  type ReviewAction,
  type ReviewDue,
  type TimelineRow,
  type Waiver,
} from "../../relay/index.ts";
import type { WatchReport } from "../report/watch-report.ts";
import { type LimitationMet, limitationsMet } from "./limitations-met.ts";
import type { MlTestScore } from "./score/ml-test-score.ts";
import { longestList, type WatchedFacts, watchedFacts } from "./watched-facts.ts";

/** Everything that a review is collected from. */
export interface ReviewSources {
  readonly contract: Contract;
  readonly contentDigest: string;
  readonly state: RelayState;
  readonly timeline: readonly TimelineRow[];
  readonly clauses: readonly {
    readonly clause: Clause;
    readonly verdict: Verdict;
    readonly waiver?: Waiver;
  }[];
  readonly due?: ReviewDue;
  /** Absent where no folder was named: what was not looked at is said to be so. */
  readonly report?: WatchReport;
  readonly score: MlTestScore;
  /** RFC 3339. */
  readonly at: string;
}

/** What both roles look at and sign: the same sources give the same bytes. */
export interface ReviewMaterial {
  readonly format_version: 1;
  readonly kind: "review";
  readonly model: string;
  readonly version: string;
  readonly content: string;
  readonly collected: string;
  /** Of the last complete review, else the first deployment; absent where it never ran. */
  readonly since?: string;
  readonly due?: { readonly by: string; readonly why: string };
  readonly environments: readonly { readonly name: string; readonly since: string }[];
  readonly last?: {
    readonly file: string;
    readonly decisions: readonly {
      readonly role: string;
      readonly person: string;
      readonly decision: string;
      readonly view: string;
    }[];
  };
  readonly actions: readonly (Pick<ReviewAction, "id" | "what" | "owner" | "due"> & {
    readonly overdue: boolean;
  })[];
  readonly verdicts: Readonly<Record<string, number>>;
  /** Clauses that do not stand at pass or not-applicable. */
  readonly unkept: readonly {
    readonly clause: string;
    readonly owner: string;
    readonly outcome: string;
    readonly why: string;
  }[];
  /** For the next version, that none has answered. */
  readonly requests: readonly { readonly at: string; readonly by: string; readonly why: string }[];
  readonly waivers: readonly {
    readonly clause: string;
    readonly until: string;
    readonly person: string;
    readonly note: string;
  }[];
  readonly limitations: readonly LimitationMet[];
  readonly events: readonly { readonly at: string; readonly action: string; readonly text: string }[];
  /** Absent: nothing that was observed was looked at. */
  readonly watched?: WatchedFacts;
  readonly score: MlTestScore;
}

/** Brings together what happened since the last review, or since the deployment. */
export function reviewMaterial(sources: ReviewSources): ReviewMaterial {
  const { contract, contentDigest, state, timeline, at, due, report } = sources;
  const running = state.environments.filter(({ current }) => current?.contentDigest === contentDigest);
  const last = state.reviews.findLast(
    (review) => review.contentDigest === contentDigest && review.completed !== undefined,
  );
  const deployed = timeline.find((row) => row.action === "deploy" && row.contentDigest === contentDigest);
  const since = last?.collected ?? deployed?.at;
  const counting = timeline.filter(({ standing }) => standing !== "void");
  const watched = report && watchedFacts(report, { contract, contentDigest, events: counting });
  return {
    format_version: 1,
    kind: "review",
    model: contract.model.name,
    version: contract.model.version,
    content: contentDigest,
    collected: at,
    ...(since !== undefined && { since }),
    ...(due && { due: { by: due.due, why: due.why } }),
    environments: running.map(({ environment, current }) => ({ name: environment, since: current!.at })),
    ...(last && {
      last: {
        file: last.file,
        decisions: last.signatures.map(({ role, person, decision, note = "" }) => ({
          ...{ role, person, decision, view: note },
        })),
      },
    }),
    actions: state.actions
      .filter(({ done }) => !done)
      .map(({ id, what, owner, due: day }) => ({
        id,
        what,
        owner,
        due: day,
        overdue: day < at.slice(0, 10),
      })),
    ...clausesOf(sources, watched !== undefined),
    requests: openRequests(state).map(({ at: when, person, version, said, note }) => ({
      ...{ at: when, by: person },
      why: `after ${version}: ${[said && `${said.clause}, ${said.reason}`, note].filter(Boolean).join("; ")}`,
    })),
    limitations: limitationsMet(contract, watched && report),
    events: counting
      .filter((event) => since === undefined || event.at > since)
      .slice(-longestList)
      .map(({ at: when, action, text }) => ({ at: when, action, text })),
    ...(watched && { watched }),
    score: sources.score,
  };
}

/** Clauses that only a monitor keeps are told by what was observed, where that was looked at. */
function clausesOf({ clauses, state, contentDigest }: ReviewSources, isWatched: boolean) {
  const standings = clauses.map(({ clause, verdict: { outcome }, waiver }) => {
    if (waiver && outcome !== "pass") return "waived";
    const told = clause.kind !== "review" && clause.kept.every((way) => way === "watched");
    return isWatched && told && outcome === "not-run" ? "watched" : outcome;
  });
  const counts = new Map<string, number>();
  for (const standing of standings) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const kept: readonly string[] = ["pass", "not-applicable", "watched"];
  return {
    verdicts: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    unkept: clauses.flatMap(({ clause, verdict }, index) =>
      kept.includes(standings[index]!)
        ? []
        : [{ clause: clause.id, owner: clause.owner, outcome: standings[index]!, why: verdict.why }],
    ),
    waivers: (contentIn(state, contentDigest)?.waivers ?? []).map(({ clause, until, person, note = "" }) => ({
      ...{ clause, until, person, note },
    })),
  };
}

/** What is written beside each other: the material with the digest of its readable page, and the digest that is signed. */
export interface SealedMaterial {
  readonly json: string;
  readonly digest: string;
}

/** Binds the page to the material. */
export function sealMaterial(material: ReviewMaterial, markdown: string): SealedMaterial {
  const bound = { ...material, page: sha256(asLines(markdown)) };
  const digest = digestOf(bound);
  return { json: `${JSON.stringify({ ...bound, digest }, null, 2)}\n`, digest };
}

/** Line ends as git may have changed them count as one. */
export function asLines(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
