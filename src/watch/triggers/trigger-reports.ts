import { type Contract, compileExpression, triggerScope } from "../../contract/index.ts";
import { parseDuration } from "../../kernel/index.ts";
import type { ErrorGroup } from "../classes/error-group.ts";
import type { WindowReport } from "../report/window-report.ts";
import { judgeTrigger, type TriggerFacts, type TriggerGround } from "./judge-trigger.ts";
import type { TriggerReport } from "./trigger-report.ts";
import { type FeedKnowledge, windowQuality } from "./window-quality.ts";
import { type WindowQuality, windowValues } from "./window-values.ts";

/** What triggers are evaluated on. */
export interface TriggerInput {
  readonly contract: Contract;
  readonly windowMs: number;
  /** Windows that are not over by then are not looked at; in milliseconds since 1970. */
  readonly atMs: number;
  readonly seen: {
    readonly windows: readonly WindowReport[];
    readonly errors?: readonly ErrorGroup[];
  };
  /** What an instant knew, where it is not what the report knows. */
  readonly knownBy?: {
    /** Labels of the window that starts then. */
    labels(start: number, atMs: number): number;
    feed(atMs: number): Pick<FeedKnowledge, "errors">;
  };
}

/** Every trigger of the contract over the windows of a report. One whose condition cannot be compiled is left out: `baton check` says why. */
export function triggerReports(input: TriggerInput): TriggerReport[] {
  const { contract } = input;
  if (contract.retrain.length === 0) return [];
  const scope = triggerScope(contract);
  const compiled = contract.retrain.flatMap((trigger) => {
    const condition = compileExpression(trigger.when, scope);
    return condition.ok ? [{ trigger, condition }] : [];
  });
  const asksQuality = compiled.some(({ condition }) => condition.names.includes("quality.ok"));
  const ground = groundOf(input, asksQuality);
  return compiled.map(({ trigger, condition }) => ({
    id: trigger.id,
    clause: `retrain.${trigger.id}`,
    owner: trigger.owner ?? "runs",
    when: trigger.when,
    for: trigger.for,
    cooldown: trigger.cooldown,
    ...judgeTrigger(trigger, condition, ground),
  }));
}

/** What the feed was like costs a look at everything before: only where a condition names it. */
const unasked: WindowQuality = { ok: "unknown", why: "" };

function groundOf(
  { contract, windowMs, atMs, seen, knownBy }: TriggerInput,
  asksQuality: boolean,
): TriggerGround {
  const expectedInvalid = contract.serving?.traffic?.invalid ?? 0;
  const facts = (window: WindowReport): TriggerFacts => {
    const start = Date.parse(window.start);
    const qualityBy = (at: number) => {
      const { errors } = knownBy?.feed(at) ?? seen;
      return windowQuality(window.start, { errors, expectedInvalid });
    };
    return {
      start,
      values: windowValues(window, asksQuality ? qualityBy(start + windowMs) : unasked),
      qualityBy,
      mature: window.performance?.mature ?? false,
      labelledBy: (at) => knownBy?.labels(start, at) ?? window.performance?.labelled ?? 0,
    };
  };
  return {
    windows: seen.windows.filter(({ end }) => Date.parse(end) <= atMs).map(facts),
    windowMs,
    delayMs: parseDuration(contract.labels?.arriveAfter ?? "0ms"),
  };
}
