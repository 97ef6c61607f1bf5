import type { Clause, Contract } from "../../contract/index.ts";
import type { Finding } from "../../kernel/index.ts";
import { cellCount, type Profile } from "../../profile/index.ts";
import type { TimelineRow } from "../../relay/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import { watchedColumns } from "../report/column-report.ts";
import type { WatchReport } from "../report/watch-report.ts";
import { withGaps } from "../report/window-gaps.ts";
import { windowMix } from "../strata/window-strata.ts";
import type { MergedObservations } from "../windows/merge-observations.ts";
import { columnData } from "./column-data.ts";
import { type ColumnSummary, columnSummaries } from "./column-summaries.ts";
import type { PageData } from "./page-data.ts";
import { latencyData, performanceData } from "./performance-data.ts";
import { slotsOf } from "./slots.ts";
import { strataData } from "./strata-data.ts";
import { type TimeLane, timeLanes } from "./time-line.ts";
import { type ToDo, toDo } from "./to-do.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** A report laid out for reading: what it says, in which order, and the numbers behind every chart. */
export interface WatchPage {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  /** Who answers for what: role → contact. */
  readonly owners: Contract["owners"];
  /** The instant at which it was asked what has matured, as ISO 8601. */
  readonly at: string;
  readonly verdict: Verdict;
  readonly todo: readonly ToDo[];
  /** Worst first, in the order of `data.columns`. */
  readonly columns: readonly ColumnSummary[];
  readonly ownerOf: (clause: string) => string;
  readonly lanes: readonly TimeLane[];
  readonly report: WatchReport;
  readonly data: PageData;
}

/** What a page is made from. */
export interface PageInput {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  readonly profile: Profile;
  readonly plan: ObservationPlan;
  readonly merged: MergedObservations;
  readonly report: WatchReport;
  /** Of the files, the labels and the report. */
  readonly findings: readonly Finding[];
  readonly atMs: number;
  /** The signed history, where there is one. */
  readonly relay?: readonly TimelineRow[];
}

/** Cell counts that a page carries at most; where there are more, neighbouring windows share one set. */
const mostCounts = 200_000;

/** Lays a report out. */
export function watchPage(input: PageInput): WatchPage {
  const { contract, clauses, plan, report, findings } = input;
  const owners = new Map(clauses.map(({ id, owner }) => [id, owner]));
  const ownerOf = (clause: string) => owners.get(clause) ?? "";
  const columns = columnSummaries(report);
  return {
    model: plan.model,
    version: plan.version,
    digest: plan.digest,
    owners: contract.owners,
    at: new Date(input.atMs).toISOString(),
    verdict: verdictOf(report, findings, plan.windowMs),
    todo: toDo(findings, { contract, clauses }),
    columns,
    ownerOf,
    lanes: timeLanes(report, input.relay),
    report,
    data: pageData(input, columns, ownerOf),
  };
}

function pageData(
  { contract, profile, plan, merged, report: { windows, alarms } }: PageInput,
  columns: readonly ColumnSummary[],
  ownerOf: (clause: string) => string,
): PageData {
  const watched = watchedColumns(contract, profile);
  const byStart = new Map(withGaps(merged.windows, plan).map((window) => [window.start, window]));
  const sensitive = new Set(
    contract.features.filter((one) => one.sensitive).map(({ name }) => `features.${name}`),
  );
  const cells = watched.reduce((sum, column) => sum + cellCount(column.cells), 0);
  const grouped = Math.max(1, Math.ceil((cells * windows.length) / mostCounts));
  const start = windows.map((window) => Date.parse(window.start));
  // A report may begin later than what was observed.
  const counted = start.map((ms) => byStart.get(ms)!);
  const performance = performanceData(windows);
  const { strata } = profile.thresholds ?? {};
  const within = strataData(start, profile);
  const mixes = strata && counted.map(windowMix(strata, profile));
  return {
    format_version: 1,
    windowMs: plan.windowMs,
    windows: {
      start,
      rows: windows.map(({ rows }) => rows),
      answered: windows.map(({ answered }) => answered),
    },
    slots: slotsOf(start, plan.windowMs),
    grouped,
    ...(within && { strata: within }),
    columns: columns.map((summary) =>
      columnData(summary, {
        watched: watched[summary.column]!,
        windows,
        counted,
        grouped,
        owner: ownerOf(summary.clause),
        sensitive: sensitive.has(summary.clause),
        judged: alarms !== undefined,
        mixes,
      }),
    ),
    ...(performance && { performance }),
    latency: latencyData(windows),
  };
}
