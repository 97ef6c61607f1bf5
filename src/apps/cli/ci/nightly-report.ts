import { BatonError, blocks, type Finding, worstFirst } from "../../../kernel/index.ts";
import { stateOf } from "../../../relay/index.ts";
import type { DriftAlarm, ErrorGroup, TriggerReport } from "../../../watch/index.ts";
import { atDesk, type DeskOptions } from "../desk.ts";
import { reviewStanding } from "../review-status.ts";
import { runWatch } from "../run-watch.ts";
import type { Session } from "../session.ts";
import type { WatchScope } from "../watch-options.ts";

/** What is watched at night. */
export interface NightlyRequest extends DeskOptions, WatchScope {
  readonly baton: string;
  readonly folders: readonly string[];
}

/** What a nightly watch found. */
export interface NightlyReport {
  /** What was asked for: the command that says the same on another machine. */
  readonly command: string;
  /** `flight-delay 1.1.0`. */
  readonly title: string;
  /** Nothing blocks, no alarm is open, no trigger is met, no review is overdue or contradicts itself, no action is overdue. */
  readonly well: boolean;
  /** The gate of the command: nothing blocks. */
  readonly passed: boolean;
  /** `193743 rows in 215 windows from 2013-06-01 to 2014-01-02`. */
  readonly seen: string;
  readonly alarms: readonly DriftAlarm[];
  readonly triggers: readonly TriggerReport[];
  readonly errors: readonly ErrorGroup[];
  readonly findings: readonly Finding[];
}

/** Watches what was observed, and looks for overdue reviews. What cannot be watched at all is a finding, so that it is told. */
export function nightlyReport(session: Session, request: NightlyRequest): Promise<NightlyReport> {
  return atDesk(session, request.baton, request, async ({ handoff, relay }) => {
    const { contract } = handoff;
    const atMs = request.at ?? session.now().getTime();
    const state = stateOf(relay.history, new Date(atMs).toISOString());
    const reviews = reviewStanding(relay.history, state, () => contract);
    const watch = await watched(session, request, { handoff, atMs });
    const { windows = [], alarms = [], triggers = [], errors = [] } = watch.report ?? {};
    const findings = worstFirst([...watch.findings, ...relay.history.findings, ...reviews.findings]);
    const open = alarms.filter((alarm) => alarm.open);
    const met = triggers.filter(({ state: at }) => at === "met");
    const rows = windows.reduce((sum, window) => sum + window.rows, 0);
    const passed = !blocks(findings);
    return {
      ...{ command: watchCommand(request), passed, findings },
      title: `${contract.model.name} ${contract.model.version}`,
      well: passed && open.length === 0 && met.length === 0 && reviews.findings.length === 0,
      seen:
        windows.length === 0
          ? "nothing was observed"
          : `${rows} rows in ${windows.length} windows from ${windows[0]!.start.slice(0, 10)} to ${windows.at(-1)!.end.slice(0, 10)}`,
      alarms: open,
      triggers: met,
      errors: errors.filter(({ severity }) => severity !== "note"),
    };
  });
}

/** Without `--state`, which says the same and lies on another machine. */
function watchCommand({ folders, baton, labels, at, since }: NightlyRequest): string {
  const day = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  const options = Object.entries({ baton, labels, at: day(at), since: day(since) });
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  return ["baton watch", ...folders, ...given].join(" ");
}

async function watched(
  session: Session,
  { folders, labels, since: sinceMs, state }: NightlyRequest,
  hand: Pick<Parameters<typeof runWatch>[1], "handoff" | "atMs">,
): Promise<{ report?: Awaited<ReturnType<typeof runWatch>>["report"]; findings: readonly Finding[] }> {
  try {
    return await runWatch(session, { ...hand, folders, labels, sinceMs, state });
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    const { code, message, next = "Run baton watch.", position } = thrown;
    return { findings: [{ code, severity: "blocking", message, next, ...position }] };
  }
}
