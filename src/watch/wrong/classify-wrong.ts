import type { Contract } from "../../contract/index.ts";
import { digestOf } from "../../kernel/index.ts";
import { underContractRules } from "../classes/contract-rules.ts";
import { errorClasses, rankOf } from "../classes/error-classes.ts";
import { type ErrorGroup, taxonomyOf } from "../classes/error-group.ts";
import type { WindowReport } from "../report/window-report.ts";
import type { WrongClass, WrongReport, WrongUntold } from "../report/wrong-report.ts";
import { firstByHash } from "./first-by-hash.ts";
import { type OwnReason, type WrongReason, wrongReasons } from "./wrong-reasons.ts";
import {
  addTallies,
  noneWrong,
  type WrongPredictions,
  type WrongSample,
  type WrongTally,
} from "./wrong-window.ts";

/** What wrong predictions are classified from. */
export interface WrongInput {
  readonly contract: Pick<Contract, "model" | "outputs" | "errors">;
  /** Windows that are reported. */
  readonly windows: readonly Span[];
  /** Groups of errors, causes first. */
  readonly errors: readonly ErrorGroup[];
  /** Absent where nothing was counted. */
  readonly counted: WrongPredictions | undefined;
}

type Span = Pick<WindowReport, "start" | "end">;

/** The report, and groups that it has beside those of the input: the contract's `errors` may make them block. */
export interface WrongClassified {
  readonly report: WrongReport | WrongUntold;
  readonly groups: readonly ErrorGroup[];
}

/** What was found of a reason. */
interface Found {
  tally: WrongTally;
  readonly windows: Span[];
  readonly groups: Set<ErrorGroup>;
  samples: readonly (WrongSample & { readonly window: string })[];
}

/** Samples of a class. */
const mostSamples = 3;

/** Gives every wrong prediction one class: that of the first reason that holds. */
export function classifyWrong(input: WrongInput): WrongClassified {
  const { counted, contract } = input;
  if (!counted) return { report: { untold: untoldOf(contract) }, groups: [] };
  const found = [...foundReasons(input, counted)].map(([reason, one]) => {
    if (typeof reason === "object") return { ...one, group: reason, isOwn: false };
    return { ...one, group: ownGroup(reason, one, contract), isOwn: true };
  });
  found.sort((a, b) => placeIn(a.group) - placeIn(b.group));
  const all = found.reduce((sum, { tally }) => addTallies(sum, tally), noneWrong);
  const alike = new Map<string, (typeof found)[number][]>();
  for (const one of found) {
    const { class: name, owner, severity, action, rule } = one.group;
    const key = JSON.stringify([name, owner, severity, action, rule]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  return {
    report: {
      ...figures(all, counted),
      classes: [...alike.values()].map((some) => wrongClass(some, counted)),
    },
    groups: found.filter(({ isOwn }) => isOwn).map(({ group }) => group),
  };
}

function foundReasons(
  { windows, errors }: WrongInput,
  counted: WrongPredictions,
): ReadonlyMap<WrongReason, Found> {
  const split = wrongReasons(errors, counted.layout);
  const found = new Map<WrongReason, Found>();
  for (const window of windows) {
    const seen = counted.windows.get(Date.parse(window.start));
    for (const { reason, groups, tally, samples } of seen ? split(window.start, seen) : []) {
      if (tally.rows === 0) continue;
      const one = found.get(reason) ?? { tally: noneWrong, windows: [], groups: new Set(), samples: [] };
      found.set(reason, one);
      one.tally = addTallies(one.tally, tally);
      one.windows.push(window);
      for (const group of groups) one.groups.add(group);
      const here = samples.map((sample) => ({ ...sample, window: window.start }));
      one.samples = firstByHash([...one.samples, ...here], mostSamples);
    }
  }
  return found;
}

/** A group for what no rule of the classes has found, so that the contract's `errors` can speak of it. */
function ownGroup(name: OwnReason, { tally, windows }: Found, contract: WrongInput["contract"]): ErrorGroup {
  const { owner, severity, action, what } = errorClasses[name];
  const clause = name === "label.conflict" ? "labels" : `outputs.${contract.outputs[0]!.name}`;
  const group: ErrorGroup = {
    fingerprint: digestOf([name, clause, ""]).slice(0, 16),
    ...{ class: name, clause, owner, severity, action },
    ...spanOf(windows),
    starts: windows.map(({ start }) => start),
    rows: tally.wrong,
    rate: tally.wrong / tally.rows,
    message: what,
    samples: [],
  };
  return underContractRules([group], contract)[0]!;
}

/** Labels first, then as in the taxonomy. */
function placeIn(group: ErrorGroup): number {
  const name = taxonomyOf(group);
  return name === "label.conflict" ? -1 : rankOf(name);
}

function wrongClass(
  some: readonly (Found & { readonly group: ErrorGroup })[],
  counted: WrongPredictions,
): WrongClass {
  const [{ group }] = some as [(typeof some)[number]];
  const { class: name, owner, severity, action, rule } = group;
  const groups = new Set(some.flatMap((one) => [...one.groups]));
  const windows = [...new Set(some.flatMap((one) => one.windows))];
  windows.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  return {
    ...{ class: name, owner, severity, action },
    ...(rule !== undefined && { rule }),
    reason: reasonText(group),
    clauses: [...new Set((groups.size > 0 ? [...groups] : [group]).map(({ clause }) => clause))],
    groups: [...groups].map(({ fingerprint }) => fingerprint),
    ...spanOf(windows),
    ...figures(
      some.reduce((sum, { tally }) => addTallies(sum, tally), noneWrong),
      counted,
    ),
    samples: firstByHash(
      some.flatMap(({ samples }) => samples),
      mostSamples,
    ).map(({ name, window, score, decision, label }) => ({
      ...{ name, window, score },
      ...{ decision: decision === 1, label: label === 1 },
    })),
  };
}

function spanOf(windows: readonly Span[]) {
  return { first: windows[0]!.start, last: windows.at(-1)!.end, windows: windows.length };
}

function figures({ rows, wrong, expected }: WrongTally, { expects }: WrongPredictions) {
  return { rows, wrong, ...(expects && { expected }) };
}

function reasonText(group: ErrorGroup): string {
  const name = taxonomyOf(group);
  if (name === "label.conflict") return "A later row of the labels contradicts an earlier one.";
  if (name === "limitation.expected") return "No fault and no drift is known in their windows.";
  if (group.slice !== undefined)
    return `They lie where ${group.slice}, in windows in which that became worse.`;
  return "Their windows are those of these errors; as many as expected would be wrong without them.";
}

function untoldOf({ model, outputs: [output] }: WrongInput["contract"]): string {
  if (model.task === "regression")
    return "No prediction is called wrong: the contract does not say how large an error may be.";
  if (model.task !== "binary-classification" || output?.threshold === undefined)
    return "No prediction is called wrong: the first output has no threshold, so that nothing is decided.";
  return "No window with labels has matured.";
}
