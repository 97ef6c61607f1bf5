import type { CompiledExpression, RetrainTrigger } from "../../contract/index.ts";
import { parseDuration } from "../../kernel/index.ts";
import type { Firing, TriggerReport, TriggerWindow } from "./trigger-report.ts";
import type { NamedValue, WindowQuality } from "./window-values.ts";

/** One window as a trigger sees it. */
export interface TriggerFacts {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly values: Readonly<Record<string, NamedValue>>;
  /** What an instant knew of its feed. */
  readonly qualityBy: (atMs: number) => WindowQuality;
  /** Its label delay has passed. */
  readonly mature: boolean;
  /** Labels of the window that were there at an instant. */
  readonly labelledBy: (atMs: number) => number;
}

/** What a trigger is judged on. */
export interface TriggerGround {
  /** Windows that are over, oldest first. */
  readonly windows: readonly TriggerFacts[];
  readonly windowMs: number;
  /** `labels.arrive-after`. */
  readonly delayMs: number;
}

/** Once met, a trigger is left when fewer than this part of the windows that it needs hold. */
const leavingPart = 0.7;

/**
 * Plays a trigger over windows, oldest first, looking at nothing that was not known then. It is met when its condition holds in m
 * of the last k windows by the calendar; a window that is missing or unknown does not count as met. Met, and nothing
 * holding it back, it fires once, and not again before it was left: when fewer than 0.7·m of the k could hold, unknown
 * ones counted as if they did.
 */
export function judgeTrigger(
  trigger: RetrainTrigger,
  condition: CompiledExpression,
  ground: TriggerGround,
): Pick<TriggerReport, "state" | "standing" | "windows" | "firings"> {
  const rule = ruleOf(trigger, condition);
  const seen = ground.windows.filter(({ mature }) => mature || !rule.waitsForLabels);
  const steps = seen.map((facts): Step => ({ facts, holds: condition.decide(facts.values) }));
  const firings: Firing[] = [];
  let standing: Firing | undefined;
  let [lastFired, lastHeld] = [Number.NEGATIVE_INFINITY, undefined as Firing["heldBack"]];
  steps.forEach((_, at) => {
    const span = spanAt(steps, at, rule, ground);
    if (standing && span.possible < rule.leaveBelow) standing = undefined;
    if (standing || span.holding.length < rule.needed) {
      lastHeld = undefined;
      return;
    }
    const firing = fireOrHold(span, { rule, ground, lastFired });
    if (!firing.heldBack) {
      standing = firing;
      lastFired = span.endMs;
      firings.push(firing);
    } else if (firing.heldBack !== lastHeld) firings.push(firing);
    lastHeld = firing.heldBack;
  });
  return {
    state: stateOf(steps.length === 0 ? undefined : spanAt(steps, steps.length - 1, rule, ground), rule),
    ...(standing && { standing }),
    windows: steps.map((step) => windowOf(step, condition.names)),
    firings,
  };
}

interface Rule {
  readonly needed: number;
  readonly of: number;
  readonly leaveBelow: number;
  readonly cooldownMs: number;
  readonly minLabels: number;
  readonly names: readonly string[];
  /** The condition names `mature.`: only windows whose labels have matured are looked at. */
  readonly waitsForLabels: boolean;
}

function ruleOf(trigger: RetrainTrigger, { names }: CompiledExpression): Rule {
  const [needed = 1, of = 1] = trigger.for.split(" of ").map(Number);
  return {
    needed,
    of,
    leaveBelow: Math.max(1, Math.floor(leavingPart * needed)),
    cooldownMs: parseDuration(trigger.cooldown),
    minLabels: trigger.minLabels,
    names,
    waitsForLabels: names.some((name) => name.startsWith("mature.")),
  };
}

interface Step {
  readonly facts: TriggerFacts;
  readonly holds: boolean | "unknown";
}

/** The last k windows by the calendar, up to one of them. */
interface Span {
  readonly endMs: number;
  readonly seenMs: number;
  readonly newest: Step;
  readonly steps: readonly Step[];
  readonly holding: readonly Step[];
  /** Windows that hold, or of which it cannot be told: unknown, or not there. */
  readonly possible: number;
}

function spanAt(
  steps: readonly Step[],
  at: number,
  { of, waitsForLabels }: Rule,
  { windowMs, delayMs }: TriggerGround,
): Span {
  const newest = steps[at]!;
  const endMs = newest.facts.start + windowMs;
  const inside = steps
    .slice(Math.max(0, at + 1 - of), at + 1)
    .filter(({ facts }) => facts.start > newest.facts.start - of * windowMs);
  return {
    endMs,
    seenMs: endMs + (waitsForLabels ? delayMs : 0),
    newest,
    steps: inside,
    holding: inside.filter(({ holds }) => holds === true),
    possible: of - inside.filter(({ holds }) => holds === false).length,
  };
}

function fireOrHold(
  span: Span,
  {
    rule,
    ground,
    lastFired,
  }: { readonly rule: Rule; readonly ground: TriggerGround; readonly lastFired: number },
): Firing {
  const moment = {
    at: new Date(span.endMs).toISOString(),
    window: new Date(span.newest.facts.start).toISOString(),
    seen: new Date(span.seenMs).toISOString(),
  };
  const held = (heldBack: NonNullable<Firing["heldBack"]>, reason: string) => ({
    ...moment,
    heldBack,
    reason,
  });
  const broken = brokenFeed(span, ground);
  if (broken)
    return held(
      "quality",
      `Data quality first: in the window from ${day(broken.facts)} ${broken.quality.why}.`,
    );
  if (span.endMs < lastFired + rule.cooldownMs)
    return held(
      "cooldown",
      `It fired at ${new Date(lastFired).toISOString()}, and its cooldown has not passed.`,
    );
  const labelled = span.steps.reduce((sum, { facts }) => sum + facts.labelledBy(span.seenMs), 0);
  if (labelled < rule.minLabels)
    return held("labels", `${labelled} labelled rows in its windows; ${rule.minLabels} are the minimum.`);
  return { ...moment, reason: firedText(span, rule) };
}

/** The first window on which the request would rest, or the newest by then, whose feed was broken or cannot be told. */
function brokenFeed({ holding, seenMs }: Span, { windows, windowMs }: TriggerGround) {
  const newest = windows.findLast(({ start }) => start + windowMs <= seenMs);
  return [...holding.map(({ facts }) => facts), ...(newest ? [newest] : [])]
    .map((facts) => ({ facts, quality: facts.qualityBy(seenMs) }))
    .find(({ quality }) => quality.ok !== true);
}

function firedText({ holding, newest }: Span, { of, names }: Rule): string {
  const values = names.map((name) => `${name} ${shown(newest.facts.values[name])}`);
  return `It holds in ${holding.length} of the last ${of} windows (${holding.map(({ facts }) => day(facts)).join(", ")}); in the newest ${values.join(", ")}.`;
}

function shown(value: NamedValue | undefined): string {
  if (value === undefined) return "unknown";
  return typeof value === "boolean" ? String(value) : String(Number(value.toPrecision(4)));
}

function day({ start }: TriggerFacts): string {
  return new Date(start).toISOString().replace("T00:00:00.000Z", "");
}

function windowOf({ facts, holds }: Step, names: readonly string[]): TriggerWindow {
  const known = names.filter((name) => facts.values[name] !== undefined);
  return {
    start: new Date(facts.start).toISOString(),
    holds,
    unknown: names.filter((name) => facts.values[name] === undefined),
    values: Object.fromEntries(known.map((name) => [name, facts.values[name]!])),
  };
}

function stateOf(span: Span | undefined, { needed }: Rule): TriggerReport["state"] {
  if (!span) return "unknown";
  if (span.holding.length >= needed) return "met";
  const unknown = span.steps.some(({ holds }) => holds === "unknown");
  if (unknown && span.possible >= needed) return "unknown";
  return span.holding.length > 0 ? "building" : "quiet";
}
