import { type Contract, compileExpression, triggerScope } from "../../contract/index.ts";
import { parseDuration } from "../../kernel/index.ts";
import type { ErrorGroup } from "../classes/error-group.ts";
import type { DriftAlarm } from "../drift/drift-alarm.ts";
import type { WindowReport } from "../report/window-report.ts";
import { judgeTrigger, type TriggerFacts, type TriggerGround } from "./judge-trigger.ts";
import type { TriggerReport } from "./trigger-report.ts";
import { windowQuality } from "./window-quality.ts";
import { windowValues } from "./window-values.ts";

/** What triggers are evaluated on. */
export interface TriggerInput {
  readonly contract: Contract;
  readonly windowMs: number;
  /** Windows that are not over by then are not looked at; in milliseconds since 1970. */
  readonly atMs: number;
  readonly seen: {
    readonly windows: readonly WindowReport[];
    readonly errors?: readonly ErrorGroup[];
    readonly alarms?: readonly DriftAlarm[];
  };
  /** Labels of a window (by its start) that were there at an instant; all that the report knows where absent. */
  readonly labelledBy?: (start: number, atMs: number) => number;
}

/** Every trigger of the contract over the windows of a report. One whose condition cannot be compiled is left out: `baton check` says why. */
export function triggerReports(input: TriggerInput): TriggerReport[] {
  const { contract } = input;
  if (contract.retrain.length === 0) return [];
  const ground = groundOf(input);
  return contract.retrain.flatMap((trigger) => {
    const condition = compileExpression(trigger.when, triggerScope(contract));
    if (!condition.ok) return [];
    return [
      {
        id: trigger.id,
        clause: `retrain.${trigger.id}`,
        owner: trigger.owner ?? "runs",
        when: trigger.when,
        for: trigger.for,
        cooldown: trigger.cooldown,
        ...judgeTrigger(trigger, condition, ground),
      },
    ];
  });
}

function groundOf({ contract, windowMs, atMs, seen, labelledBy }: TriggerInput): TriggerGround {
  const feed = {
    errors: seen.errors,
    alarms: seen.alarms,
    expectedInvalid: contract.serving?.traffic?.invalid ?? 0,
  };
  const facts = (window: WindowReport): TriggerFacts => {
    const quality = windowQuality(window.start, feed);
    const start = Date.parse(window.start);
    return {
      start,
      values: windowValues(window, quality),
      quality,
      mature: window.performance?.mature ?? false,
      labelledBy: (at) => labelledBy?.(start, at) ?? window.performance?.labelled ?? 0,
    };
  };
  return {
    windows: seen.windows.filter(({ end }) => Date.parse(end) <= atMs).map(facts),
    windowMs,
    delayMs: parseDuration(contract.labels?.arriveAfter ?? "0ms"),
  };
}
