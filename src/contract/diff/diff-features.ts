import { digestOf } from "../../kernel/index.ts";
import { boundsText } from "../clauses.ts";
import type { Feature, Output, Range, Rule } from "../contract.ts";
import { type ChangeKind, type NoteChange, same } from "./contract-change.ts";

/** Pairs two lists by name: removed, added, kept. */
export function pair<T>(before: readonly T[], after: readonly T[], nameOf: (item: T) => string) {
  const old = new Map(before.map((item) => [nameOf(item), item]));
  const now = new Map(after.map((item) => [nameOf(item), item]));
  return {
    removed: before.filter((item) => !now.has(nameOf(item))),
    added: after.filter((item) => !old.has(nameOf(item))),
    kept: before.flatMap((item) => {
      const other = now.get(nameOf(item));
      return other === undefined ? [] : [[item, other] as const];
    }),
  };
}

/** Changes of the inputs, by what callers feel: what was sent yesterday must be taken today. */
export function diffFeatures(before: readonly Feature[], after: readonly Feature[], note: NoteChange): void {
  const { removed, added, kept } = pair(before, after, (feature) => feature.name);
  for (const feature of removed) {
    const heir = added.find((candidate) => likeness(candidate) === likeness(feature));
    note(
      `features.${feature.name}`,
      "",
      "breaking",
      [feature.type, undefined],
      heir
        ? `The input ${feature.name} is now called ${heir.name}: callers that send the old name are rejected.`
        : `The input ${feature.name} is gone: callers that send it are rejected.`,
    );
  }
  for (const feature of added) {
    const isOptional = feature.missing === "allowed";
    note(
      `features.${feature.name}`,
      "",
      isOptional ? "acceptance" : "breaking",
      [undefined, feature.type],
      isOptional
        ? `The input ${feature.name} is new and may be missing.`
        : `The input ${feature.name} is new and must be sent.`,
    );
  }
  for (const [old, now] of kept) diffFeature(old, now, note);
  if (
    removed.length === 0 &&
    added.length === 0 &&
    !same(
      before.map((f) => f.name),
      after.map((f) => f.name),
    )
  )
    note("features", "", "editorial", [undefined, undefined], "The features stand in another order.");
}

function likeness(
  item: {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
  } & Partial<Feature>,
): string {
  const { type, shape, unit, range, values } = item;
  return digestOf({ type, shape, unit: unit ?? null, range: range ?? null, values: values ?? null });
}

function diffFeature(old: Feature, now: Feature, note: NoteChange): void {
  const clause = `features.${now.name}`;
  const change = (key: keyof Feature, kind: ChangeKind, message: string) =>
    note(clause, key, kind, [old[key], now[key]], message);
  if (old.type !== now.type) change("type", "breaking", `${now.name} was ${old.type} and is ${now.type}.`);
  if (!same(old.shape, now.shape)) change("shape", "breaking", `${now.name} has another shape.`);
  diffUnit(old, now, clause, note);
  if (!same(old.range, now.range)) {
    const narrower = !contains(now.range, old.range);
    change(
      "range",
      narrower ? "breaking" : "acceptance",
      `${now.name} allowed ${rangeText(old.range)} and allows ${rangeText(now.range)}${narrower ? ": values that were served are rejected" : ""}.`,
    );
  }
  if (!same(old.expected, now.expected))
    change(
      "expected",
      "acceptance",
      `${now.name} expected ${rangeText(old.expected)} and expects ${rangeText(now.expected)}.`,
    );
  diffValues(old, now, change);
  if (old.missing !== now.missing)
    change(
      "missing",
      now.missing === "reject" ? "breaking" : "acceptance",
      now.missing === "reject" ? `${now.name} may no longer be missing.` : `${now.name} may now be missing.`,
    );
  for (const key of ["missingAs", "sensitive", "from", "transform", "available"] as const)
    if (!same(old[key], now[key])) change(key, "acceptance", `\`${key}\` of ${now.name} changed.`);
  for (const key of ["how", "why", "owner"] as const)
    if (!same(old[key], now[key])) change(key, "editorial", `\`${key}\` of ${now.name} changed.`);
  if (!same(old.undecided, now.undecided))
    note(
      clause,
      "undecided",
      "editorial",
      [undefined, undefined],
      `What ${now.name} leaves undecided changed.`,
    );
}

function diffUnit(
  old: { unit?: string; name: string },
  now: { unit?: string; name: string },
  clause: string,
  note: NoteChange,
): void {
  if (old.unit === now.unit) return;
  const kind = old.unit !== undefined && now.unit !== undefined ? "breaking" : "acceptance";
  note(
    clause,
    "unit",
    kind,
    [old.unit, now.unit],
    `The unit of ${now.name} was ${old.unit ?? "not said"} and is ${now.unit ?? "not said"}.`,
  );
}

function diffValues(
  old: Feature,
  now: Feature,
  change: (key: keyof Feature, kind: ChangeKind, message: string) => void,
): void {
  const strict = now.values !== undefined && now.unknown === "reject";
  const lost = (old.values ?? []).filter((value) => now.values && !now.values.includes(value));
  const gained = (now.values ?? []).filter((value) => old.values && !old.values.includes(value));
  if (old.values === undefined && now.values !== undefined)
    change("values", strict ? "breaking" : "acceptance", `${now.name} now has a list of categories.`);
  else if (old.values !== undefined && now.values === undefined)
    change("values", "acceptance", `${now.name} no longer has a list of categories.`);
  else if (lost.length > 0 || gained.length > 0)
    change(
      "values",
      strict && lost.length > 0 ? "breaking" : "acceptance",
      `${now.name} ${[lost.length > 0 ? `lost ${few(lost)}` : "", gained.length > 0 ? `gained ${few(gained)}` : ""].filter(Boolean).join(" and ")}.`,
    );
  else if (!same(old.values, now.values))
    change("values", "editorial", `The categories of ${now.name} stand in another order.`);
  if (old.unknown !== now.unknown) {
    // Without a list there is nothing unknown, before and after.
    const felt = old.values !== undefined && now.values !== undefined;
    const kind = !felt ? "editorial" : now.unknown === "reject" ? "breaking" : "acceptance";
    change(
      "unknown",
      kind,
      `Unknown categories of ${now.name} are now ${now.unknown === "reject" ? "rejected" : "served with a warning"}.`,
    );
  }
}

function few(values: readonly string[]): string {
  const shown = values.slice(0, 5).join(", ");
  return values.length > 5 ? `${shown} and ${values.length - 5} more` : shown;
}

function rangeText(range: Range | undefined): string {
  return range ? boundsText(range) : "anything";
}

/** True when every value inside `inner` is inside `outer`; no range is everything. */
function contains(outer: Range | undefined, inner: Range | undefined): boolean {
  const [low, high] = outer ?? [null, null];
  const [least, most] = inner ?? [null, null];
  return (
    (low === null || (least !== null && least >= low)) && (high === null || (most !== null && most <= high))
  );
}

/**
 * Changes of the outputs: callers must understand today's answer with yesterday's code, so a wider answer breaks them.
 * Another threshold changes decisions and no interface: it needs its owner's acceptance (docs/reference/versions.md).
 */
export function diffOutputs(before: readonly Output[], after: readonly Output[], note: NoteChange): void {
  const { removed, added, kept } = pair(before, after, (output) => output.name);
  for (const output of removed) {
    const heir = added.find((candidate) => likeness(candidate) === likeness(output));
    note(
      `outputs.${output.name}`,
      "",
      "breaking",
      [output.type, undefined],
      heir ? `The output ${output.name} is now called ${heir.name}.` : `The output ${output.name} is gone.`,
    );
  }
  for (const output of added)
    note(
      `outputs.${output.name}`,
      "",
      "acceptance",
      [undefined, output.type],
      `The output ${output.name} is new.`,
    );
  for (const [old, now] of kept) diffOutput(old, now, note);
  const [first] = before;
  const moved = first && after[0] && after[0].name !== first.name && after.some((o) => o.name === first.name);
  if (moved)
    note(
      "outputs",
      "",
      "breaking",
      [first.name, after[0]?.name],
      "Another output is the first, which decides.",
    );
  else if (
    removed.length === 0 &&
    added.length === 0 &&
    !same(
      before.map((o) => o.name),
      after.map((o) => o.name),
    )
  )
    note("outputs", "", "editorial", [undefined, undefined], "The outputs stand in another order.");
}

function diffOutput(old: Output, now: Output, note: NoteChange): void {
  const clause = `outputs.${now.name}`;
  const change = (key: keyof Output, kind: ChangeKind, message: string) =>
    note(clause, key, kind, [old[key], now[key]], message);
  if (old.type !== now.type) change("type", "breaking", `${now.name} was ${old.type} and is ${now.type}.`);
  if (!same(old.shape, now.shape)) change("shape", "breaking", `${now.name} has another shape.`);
  diffUnit(old, now, clause, note);
  if (!same(old.range, now.range)) {
    const wider = !contains(old.range, now.range);
    change(
      "range",
      wider ? "breaking" : "acceptance",
      `${now.name} was ${rangeText(old.range)} and is ${rangeText(now.range)}${wider ? ": callers may get what they never saw" : ""}.`,
    );
  }
  if (old.threshold !== now.threshold)
    change(
      "threshold",
      now.threshold === undefined ? "breaking" : "acceptance",
      now.threshold === undefined
        ? `${now.name} no longer decides.`
        : `${now.name} decides at ${now.threshold} instead of ${old.threshold ?? "not at all"}.`,
    );
  for (const key of ["tensor", "column"] as const)
    if (old[key] !== now[key]) change(key, "acceptance", `${now.name} is read from another \`${key}\`.`);
  for (const key of ["meaning", "owner"] as const)
    if (old[key] !== now[key]) change(key, "editorial", `\`${key}\` of ${now.name} changed.`);
}

/** Changes of rules: a new or changed rule that rejects may turn callers away. */
export function diffRules(before: readonly Rule[], after: readonly Rule[], note: NoteChange): void {
  const { removed, added, kept } = pair(before, after, (rule) => rule.id);
  const weight = (rule: Rule): ChangeKind => (rule.otherwise === "reject" ? "breaking" : "acceptance");
  for (const rule of removed)
    note(`rules.${rule.id}`, "", "acceptance", [rule.assert, undefined], `The rule ${rule.id} is gone.`);
  for (const rule of added)
    note(
      `rules.${rule.id}`,
      "",
      rule.otherwise === "warn" && rule.whenMissing === "reject" ? "breaking" : weight(rule),
      [undefined, rule.assert],
      `The rule ${rule.id} is new and ${rule.otherwise === "reject" ? "rejects" : "warns"}.`,
    );
  for (const [old, now] of kept) {
    const change = (key: keyof Rule, kind: ChangeKind, message: string) =>
      note(`rules.${now.id}`, key, kind, [old[key], now[key]], message);
    if (old.assert !== now.assert)
      change("assert", weight(now), `The rule ${now.id} asserts something else.`);
    if (old.otherwise !== now.otherwise)
      change("otherwise", weight(now), `The rule ${now.id} now ${now.otherwise}s.`);
    if (old.whenMissing !== now.whenMissing)
      change(
        "whenMissing",
        now.whenMissing === "reject" ? "breaking" : "acceptance",
        `Where a value is missing, the rule ${now.id} now says ${now.whenMissing}.`,
      );
    for (const key of ["text", "owner"] as const)
      if (old[key] !== now[key]) change(key, "editorial", `\`${key}\` of the rule ${now.id} changed.`);
  }
}
