import type { Clause, Contract } from "../../contract/index.ts";
import { dayText, type Finding } from "../../kernel/index.ts";
import type { ObservedOutcome } from "../../relay/index.ts";
import type { WatchReport } from "../report/watch-report.ts";
import type { WindowReport } from "../report/window-report.ts";

/** How a clause stands after a watch. `insufficient`: too little to tell, which is never a pass. */
export interface WatchedVerdict {
  readonly clause: string;
  readonly outcome: ObservedOutcome;
  /** Absent for a pass. */
  readonly why?: string;
}

/** What of a watch can be signed: how each watched clause stands, as of the newest window that is over. */
export interface WatchRecord {
  /** Starts of the first and of the newest window that was over and had rows. */
  readonly from: string;
  readonly newest: string;
  readonly windows: number;
  /** In the order of the contract. */
  readonly verdicts: readonly WatchedVerdict[];
}

/** What a record is made from. */
export interface RecordInput {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  readonly report: WatchReport;
  /** Of the files, the labels and the report. */
  readonly findings: readonly Finding[];
  /** The instant as of which it was judged, in milliseconds since 1970. */
  readonly atMs: number;
}

/**
 * How the clauses stand that a watch looks at. A window that is not over shows what fails in it and passes nothing: its rows are
 * still coming. Undefined where no window with rows is over.
 */
export function watchRecord({
  contract,
  clauses,
  report,
  findings,
  atMs,
}: RecordInput): WatchRecord | undefined {
  const seen = report.windows.filter(({ rows }) => rows > 0);
  const newest = seen.findLast(({ end }) => Date.parse(end) <= atMs);
  if (!newest) return undefined;
  const look: Look = {
    ...{ contract, report, newest },
    current: seen.filter(({ start }) => start >= newest.start),
  };
  const whole = !findings.some(({ code }) => torn.has(code));
  const verdicts = clauses.flatMap((clause) => {
    const said = clause.keptBy === undefined ? judges[clause.kind]?.(clause, look) : undefined;
    if (!said) return [];
    const verdict = whole || said.outcome !== "pass" ? said : notRun("files could not be read");
    return [{ clause: clause.id, ...verdict }];
  });
  return { from: seen[0]!.start, newest: newest.start, windows: seen.length, verdicts };
}

/** Findings that rows are missing whose number nobody knows: what was not read may be what fails. */
const torn: ReadonlySet<string> = new Set(["watch.file-unreadable", "watch.conflicting-files"]);

type Said = Pick<WatchedVerdict, "outcome" | "why">;

interface Look {
  readonly contract: Contract;
  readonly report: WatchReport;
  /** The newest window that is over. */
  readonly newest: WindowReport;
  /** It, and what came after it. */
  readonly current: readonly WindowReport[];
}

type Judge = (clause: Clause, look: Look) => Said | undefined;

/** `review` is no watch's to judge: the relay knows it. */
const judges: Readonly<Partial<Record<Clause["kind"], Judge>>> = {
  feature: (clause, look) => (clause.kept.includes("watched") ? columnSaid(clause.id, look) : undefined),
  watch: (_, look) => driftSaid(look),
  trigger: triggerSaid,
  budget: (_, look) => latencySaid(look),
};

const pass: Said = { outcome: "pass" };
const fail = (why: string): Said => ({ outcome: "fail", why });
const insufficient = (why: string): Said => ({ outcome: "insufficient", why });
const notRun = (why: string): Said => ({ outcome: "not-run", why });

const uncalibrated = notRun("the profile holds no thresholds, so that drift is not judged");

function columnSaid(id: string, { report, newest, current }: Look): Said {
  const error = (report.errors ?? []).find(
    ({ severity, clause, last }) => severity === "blocking" && clause === id && last > newest.start,
  );
  // Messages may name values of rows, and what is signed is there for good.
  if (error) return fail(`${error.class}, ${error.rows} rows since ${dayText(error.first)}`);
  if (!report.alarms) return uncalibrated;
  const alarm = report.alarms.find(
    ({ open, columns }) => open && columns.some(({ clause }) => clause === id),
  );
  if (alarm) return fail(`an alarm of drift names it, open since ${dayText(alarm.begins)}`);
  const verdicts = current.map((window) => columnVerdict(window, id));
  if (verdicts.includes("drift")) return fail(`it drifts in the window of ${dayText(newest.start)} or after`);
  const verdict = columnVerdict(newest, id);
  if (verdict === undefined) return notRun("it is not among the columns whose drift is judged");
  return verdict === "pass" ? pass : insufficient(`too few rows in the window of ${dayText(newest.start)}`);
}

function columnVerdict({ columns, drift }: WindowReport, id: string) {
  return drift?.columns[columns.findIndex(({ clause }) => clause === id)]?.verdict;
}

/** The drift policy as a whole: it passes where every column was judged and nothing is open. */
function driftSaid({ report, newest }: Look): Said {
  if (!report.alarms) return uncalibrated;
  const open = report.alarms.find((alarm) => alarm.open);
  if (open) {
    const names = open.columns.slice(0, 3).map(({ clause }) => clause);
    return fail(`an alarm is open since ${dayText(open.begins)}: ${names.join(", ")}`);
  }
  const judged = newest.drift?.columns ?? [];
  if (judged.length === 0) return notRun(`nothing was judged in the window of ${dayText(newest.start)}`);
  if (judged.some(({ verdict }) => verdict === "drift"))
    return fail(`a column drifts in the window of ${dayText(newest.start)}`);
  const few = judged.filter(({ verdict }) => verdict === "insufficient").length;
  if (few === 0) return pass;
  return insufficient(`too few rows for ${few} of ${judged.length} columns in ${dayText(newest.start)}`);
}

/** A trigger passes while its condition is evaluated and does not ask for the next version. */
function triggerSaid({ id }: Clause, { report }: Look): Said {
  const trigger = report.triggers?.find(({ clause }) => clause === id);
  if (!trigger) return notRun("its condition cannot be evaluated");
  const { state, standing, when, windows } = trigger;
  if (standing) return fail(`it fired with the window of ${dayText(standing.window)} and stands: ${when}`);
  if (state === "met") return fail(`it is met and held back: ${when}`);
  const last = windows.at(-1);
  if (!last) return insufficient("no window that it looks at has matured with labels");
  const names = last.unknown.length > 0 ? `: no value for ${last.unknown.join(", ")}` : "";
  return state === "unknown" || last.holds === "unknown" ? insufficient(`it cannot be told${names}`) : pass;
}

/** The budget where it is used: exact counts of calls, as against the bench on one machine. */
function latencySaid({ contract, newest, current }: Look): Said | undefined {
  if (!contract.budget) return undefined;
  const over = current.flatMap(({ latency }) => latency.filter(({ verdict }) => verdict === "fail"));
  const [worst] = over;
  if (worst)
    return fail(
      `${worst.percentile} is over ${worst.boundMs} ms: ${worst.within} of ${worst.calls} calls kept it`,
    );
  if (newest.latency.length === 0) return notRun("no call was timed");
  const few = newest.latency.find(({ verdict }) => verdict === "insufficient");
  return few ? insufficient(`${few.calls} calls are too few for ${few.percentile}`) : pass;
}
