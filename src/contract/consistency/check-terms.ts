import semver from "semver";
import { parseDuration } from "../../kernel/index.ts";
import { boundsText } from "../clauses.ts";
import type { Contract } from "../contract.ts";
import { calendarCycles, isCalendarCycle } from "../strata.ts";
import { elementsPerRow } from "../table.ts";
import { showValue } from "../written/show-value.ts";
import type { Note } from "./check-list.ts";

/** Checks versions, durations, budgets, windows, addresses, and the answer on failure. */
export function checkTerms(contract: Contract, note: Note): void {
  if (semver.valid(contract.model.version) !== contract.model.version)
    note("contract.version", "model.version", {
      message: `The version ${showValue(contract.model.version)} is not MAJOR.MINOR.PATCH.`,
      received: contract.model.version,
    });
  checkDurations(contract, note);
  checkBudget(contract, note);
  checkWatch(contract, note);
  checkAddresses(contract, note);
  checkAnswer(contract, note);
  if (contract.golden && !contract.golden.layers.includes("prediction"))
    note("contract.golden-layers", "golden.layers", {
      clause: "golden",
      message: "The golden rows have no layer `prediction`.",
    });
}

const longest = parseDuration("3660d");

function checkDurations(contract: Contract, note: Note): void {
  const { data, labels, watch, review } = contract;
  const durations: (readonly [path: string, text: string | undefined])[] = [
    ["data.retention", data.retention],
    ["labels.arrive-after", labels?.arriveAfter],
    ["watch.window", watch?.window],
    ["watch.keep.scores", watch?.keepScores],
    ["review.first", review?.first],
    ["review.every", review?.every],
    ...contract.retrain.map((trigger, index) => [`retrain[${index}].cooldown`, trigger.cooldown] as const),
    ...contract.features.map((feature, index) => {
      const known = feature.available === "request" ? undefined : feature.available;
      return [`features[${index}].available`, known] as const;
    }),
  ];
  for (const [path, text] of durations) {
    if (text === undefined) continue;
    const ms = millisecondsOf(text);
    if (ms !== undefined && ms > 0 && ms <= longest) continue;
    note("contract.duration", path, {
      message: `\`${path}\` is ${showValue(text)}.`,
      received: text,
      ...(path.endsWith("available")
        ? { next: "Write `request`, or a duration after the event such as 2h." }
        : {}),
    });
  }
  if (review && isLonger(review.first, review.every))
    note("contract.review-order", "review.first", {
      clause: "review",
      message: `The first review after ${review.first} comes later than every ${review.every}.`,
    });
  if (watch?.keepScores && labels && isLonger(labels.arriveAfter, watch.keepScores))
    note("contract.scores-too-short", "watch.keep.scores", {
      clause: "watch",
      message: `Scores are kept for ${watch.keepScores}, and labels take ${labels.arriveAfter}.`,
    });
}

function millisecondsOf(text: string): number | undefined {
  try {
    return parseDuration(text);
  } catch {
    return undefined;
  }
}

function isLonger(a: string, b: string): boolean {
  return (millisecondsOf(a) ?? 0) > (millisecondsOf(b) ?? Number.POSITIVE_INFINITY);
}

function checkBudget({ budget }: Contract, note: Note): void {
  if (!budget) return;
  const clause = "budget";
  const bounds = Object.entries(budget.latencyMs);
  if (bounds.length === 0 && !budget.rate)
    note("contract.budget-empty", "budget", {
      clause,
      message: "The budget bounds neither latency nor rate.",
    });
  for (const [percentile, ms] of bounds)
    if (ms <= 0)
      note("contract.budget-empty", `budget.${percentile}`, {
        clause,
        message: `\`${percentile}\` is zero.`,
      });
  const order = ["p50", "p95", "p99"].flatMap((p) => budget.latencyMs[p] ?? []);
  if (order.some((ms, index) => index > 0 && ms < (order[index - 1] as number)))
    note("contract.budget-order", "budget", {
      clause,
      message: `The latency bounds fall: ${bounds.map(([p, ms]) => `${p} ${ms} ms`).join(", ")}.`,
    });
  if (!(budget.cpus > 0) || !(budget.memoryMiB > 0))
    note("contract.budget-hardware", "budget.hardware", {
      clause,
      message: `The budget names ${budget.cpus} CPUs and ${budget.memoryMiB} MiB.`,
    });
}

function checkWatch(contract: Contract, note: Note): void {
  if (
    contract.watch?.falseAlarms.startsWith("0 ") ||
    /per 0+(\.0+)?\w/.test(contract.watch?.falseAlarms ?? "")
  )
    note("contract.false-alarms", "watch.false-alarms", {
      clause: "watch",
      message: `\`false-alarms\` is ${showValue(contract.watch?.falseAlarms)}.`,
    });
  checkStrata(contract, note);
  for (const [index, trigger] of contract.retrain.entries()) {
    const [needed = 0, of = 0] = trigger.for.split(" of ").map(Number);
    if (needed >= 1 && needed <= of && of <= 100) continue;
    note("contract.windows", `retrain[${index}].for`, {
      clause: `retrain.${trigger.id}`,
      message: `\`${trigger.for}\` windows cannot be counted.`,
      received: trigger.for,
    });
  }
}

function checkStrata({ watch, features }: Contract, note: Note): void {
  if (watch?.strata === undefined) return;
  const received = watch.strata;
  const wrong = (message: string, next?: string) =>
    note("contract.strata", "watch.strata", { clause: "watch", message, received, ...(next && { next }) });
  if (isCalendarCycle(received)) {
    const stays = calendarCycles[received];
    const windowMs = millisecondsOf(watch.window) ?? 0;
    if (windowMs > 0 && parseDuration(stays) % windowMs !== 0)
      wrong(
        `A window of ${watch.window} lies in more than one stratum of ${received}.`,
        `Make watch.window a part of ${stays}, or leave strata out.`,
      );
    return;
  }
  const feature = features.find(({ name }) => name === received);
  if (!feature)
    wrong(`\`watch.strata\` is ${showValue(received)}, which is no feature and no cycle of the calendar.`);
  else if (!hasCategories(feature)) wrong(`\`${received}\` has no categories to compare windows within.`);
  else if (feature.sensitive)
    wrong(
      `\`${received}\` is sensitive, and a profile by it would say how its groups differ.`,
      "Name another feature, or leave strata out.",
    );
}

function hasCategories({ type, values, shape }: Contract["features"][number]): boolean {
  return elementsPerRow(shape) === 1 && (values !== undefined || type === "string" || type === "boolean");
}

function checkAddresses(contract: Contract, note: Note): void {
  if (contract.run?.kind === "oip") checkUrl(contract.run.url, "run.oip", note);
  for (const [index, reference] of contract.data.references.entries())
    if (/^https?:/i.test(reference.uri)) checkUrl(reference.uri, `data.references[${index}].uri`, note);
}

function checkUrl(text: string, path: string, note: Note): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const problem =
    url === undefined || !/^https?:$/.test(url.protocol)
      ? "is not an http(s) URL"
      : url.username || url.password
        ? "holds a user name or password"
        : undefined;
  if (problem) note("contract.address", path, { message: `The address in \`${path}\` ${problem}.` });
}

function checkAnswer({ onFailure, outputs }: Contract, note: Note): void {
  const answer = onFailure?.answer;
  const output = outputs[0];
  if (answer === undefined || answer === "none" || !output) return;
  const isNumber = output.type !== "string" && output.type !== "boolean";
  const [low, high] = output.range ?? [null, null];
  const outside =
    typeof answer === "number" && ((low !== null && answer < low) || (high !== null && answer > high));
  if (isNumber === (typeof answer === "number") && !outside) return;
  const expected = `${output.type}${output.range ? `, ${boundsText(output.range)}` : ""}`;
  note("contract.answer-type", "on-failure.answer", {
    message: `The answer ${showValue(answer)} is nothing that \`${output.name}\` may be (${expected}).`,
    expected,
    received: showValue(answer),
  });
}
