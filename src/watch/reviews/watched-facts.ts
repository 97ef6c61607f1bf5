import type { Contract } from "../../contract/index.ts";
import type { Severity } from "../../kernel/index.ts";
import type { TimelineRow } from "../../relay/index.ts";
import type { SliceReport } from "../report/slice-report.ts";
import type { WatchReport } from "../report/watch-report.ts";
import type { WindowReport } from "../report/window-report.ts";

/** The longest list of one kind in a review's material; the newest are kept, and how many were left out is said. */
export const longestList = 400;

/** What a review says of what was observed: no rows, no samples, nothing of a person. */
export interface WatchedFacts {
  readonly from: string;
  readonly to: string;
  readonly rows: number;
  readonly answered: number;
  readonly windows: number;
  /** Rows that got no answer, by clause and code, most first. */
  readonly rejected: readonly { readonly by: string; readonly rows: number }[];
  readonly latency: readonly {
    readonly percentile: string;
    readonly boundMs: number;
    readonly kept: number;
    readonly broken: number;
    readonly insufficient: number;
  }[];
  /** Windows with labels, oldest first. */
  readonly performance: readonly {
    readonly window: string;
    readonly answered: number;
    readonly labelled: number;
    /** Absent while labels may still come: unknown, never good. */
    readonly metrics?: Readonly<Record<string, number>>;
  }[];
  /** Whether drift was judged at all. */
  readonly judged: boolean;
  readonly alarms: readonly {
    readonly begins: string;
    readonly until: string;
    readonly open: boolean;
    readonly cause: string;
    readonly clauses: readonly string[];
    /** What people signed since it began. */
    readonly became: readonly string[];
  }[];
  /** Parts of the labelled rows that are worse than the rest, or have become worse, beyond chance; none of a sensitive feature. */
  readonly slices: readonly {
    readonly slice: string;
    readonly rows: number;
    readonly metric: string;
    readonly inside: number;
    readonly outside: number;
    readonly change?: { readonly from: string; readonly before: number; readonly now: number };
  }[];
  readonly errors: readonly {
    readonly fingerprint: string;
    readonly class: string;
    readonly clause: string;
    readonly owner: string;
    readonly severity: Severity;
    readonly rows: number;
    readonly last: string;
    readonly message: string;
    readonly action: string;
  }[];
  readonly triggers: readonly {
    readonly clause: string;
    readonly when: string;
    readonly state: string;
    readonly fired: readonly string[];
    readonly heldBack: number;
  }[];
  readonly findings: readonly {
    readonly code: string;
    readonly severity: Severity;
    readonly message: string;
  }[];
  /** How many of each list were left out. */
  readonly leftOut: Readonly<Record<string, number>>;
}

interface WatchedContext {
  readonly contract: Contract;
  readonly contentDigest: string;
  readonly events: readonly TimelineRow[];
}

/** What a report comes down to for a review; `events` are the relay's, for what became of an alarm. */
export function watchedFacts(
  report: WatchReport,
  { contract, contentDigest, events }: WatchedContext,
): WatchedFacts | undefined {
  const { windows, alarms, errors = [], triggers = [], slices = [], findings } = report;
  const [first, last] = [windows[0], windows.at(-1)];
  if (!first || !last) return undefined;
  const lists = {
    performance: performanceOf(windows),
    alarms: (alarms ?? []).map(({ begins, until, open, cause, columns }) => ({
      ...{ begins, until, open, cause },
      clauses: columns.map(({ clause }) => clause),
      became: becameOf(
        begins,
        events.filter((event) => isAnswer(event, contentDigest)),
      ),
    })),
    slices: slicesOf(slices, contract),
    errors: errors.map((group) => ({
      ...{ fingerprint: group.fingerprint, class: group.class, clause: group.clause, owner: group.owner },
      ...{ severity: group.severity, rows: group.rows, last: group.last },
      ...{ message: group.message, action: group.action },
    })),
    findings: findings.map(({ code, severity, message }) => ({ code, severity, message })),
  };
  const leftOut = Object.entries(lists).flatMap(([name, list]) =>
    list.length > longestList ? [[name, list.length - longestList] as const] : [],
  );
  return {
    from: first.start,
    to: last.end,
    rows: sum(windows, ({ rows }) => rows),
    answered: sum(windows, ({ answered }) => answered),
    windows: windows.length,
    rejected: rejectedOf(windows),
    latency: latencyOf(windows),
    performance: lists.performance.slice(-longestList),
    judged: alarms !== undefined,
    alarms: lists.alarms.slice(-longestList),
    slices: lists.slices.slice(0, longestList),
    errors: lists.errors.slice(-longestList),
    triggers: triggers.map(({ clause, when, state, firings }) => ({
      ...{ clause, when, state },
      fired: firings.filter(({ heldBack }) => heldBack === undefined).map(({ at }) => at),
      heldBack: firings.filter(({ heldBack }) => heldBack !== undefined).length,
    })),
    findings: lists.findings.slice(0, longestList),
    leftOut: Object.fromEntries(leftOut),
  };
}

/** Something that people did about what runs, or another version in its place. */
function isAnswer({ action, standing, contentDigest }: TimelineRow, own: string): boolean {
  if (standing !== "counts") return false;
  if (action === "offer" || action === "deploy") return contentDigest !== own;
  return ["request", "rollback", "recall", "review"].includes(action);
}

function becameOf(begins: string, answers: readonly TimelineRow[]): string[] {
  return answers
    .filter(({ at }) => at >= begins)
    .slice(0, 5)
    .map(({ at, action, version, person }) => `${at.slice(0, 10)} ${action} of ${version} by ${person}`);
}

function slicesOf(slices: readonly SliceReport[], contract: Contract): WatchedFacts["slices"] {
  const hidden = new Set(
    contract.features.filter(({ sensitive }) => sensitive).map(({ name }) => `features.${name}`),
  );
  return slices
    .filter(({ significant, change }) => significant || change?.significant)
    .filter(({ clauses }) => !clauses.some((clause) => hidden.has(clause)))
    .map(({ slice, rows, metric, inside, outside, change }) => ({
      ...{ slice, rows, metric, inside, outside },
      ...(change?.significant && { change: { from: change.from, before: change.before, now: change.now } }),
    }));
}

function performanceOf(windows: readonly WindowReport[]): WatchedFacts["performance"] {
  return windows.flatMap(({ start, performance }) => {
    if (!performance) return [];
    const { answered, labelled, mature, metrics } = performance;
    return [{ window: start, answered, labelled, ...(mature && metrics && { metrics }) }];
  });
}

function rejectedOf(windows: readonly WindowReport[]): WatchedFacts["rejected"] {
  const sums = new Map<string, number>();
  for (const { rejected } of windows)
    for (const [by, rows] of Object.entries(rejected)) sums.set(by, (sums.get(by) ?? 0) + rows);
  return [...sums]
    .map(([by, rows]) => ({ by, rows }))
    .sort((a, b) => b.rows - a.rows || (a.by < b.by ? -1 : 1));
}

function latencyOf(windows: readonly WindowReport[]): WatchedFacts["latency"] {
  const reports = windows.flatMap(({ latency }) => latency);
  const names = [...new Set(reports.map(({ percentile }) => percentile))];
  return names.map((percentile) => {
    const own = reports.filter((report) => report.percentile === percentile);
    const count = (verdict: string) => own.filter((report) => report.verdict === verdict).length;
    return {
      ...{ percentile, boundMs: own[0]!.boundMs },
      ...{ kept: count("pass"), broken: count("fail"), insufficient: count("insufficient") },
    };
  });
}

function sum(windows: readonly WindowReport[], of: (window: WindowReport) => number): number {
  return windows.reduce((total, window) => total + of(window), 0);
}
