import { digestOf } from "../kernel/index.ts";
import type { Clause, ClauseKind, Kept } from "./clause.ts";
import type { Budget, Contract, Feature, Limitation, Output, Role } from "./contract.ts";
import { clausePaths } from "./written/clause-paths.ts";

/** Keys that explain and do not promise: they change no digest. The text of a limitation is its promise, so it counts. */
const prose: ReadonlySet<string> = new Set(["owner", "text", "how", "why", "meaning", "steps", "undecided"]);

/**
 * Every promise of a contract, in the order of the contract: who owns it, how it is kept, its digest.
 * Owners that the contract does not name: `runs` for budget, watch, triggers and review, `builds` for the rest.
 */
export function clausesOf(contract: Contract): Clause[] {
  const paths = clausePaths(contract);
  const clause = (
    id: string,
    kind: ClauseKind,
    definition: object,
    rest: Pick<Clause, "kept" | "text">,
  ): Clause => ({
    id,
    kind,
    owner: (definition as Owned).owner ?? defaultOwners[kind],
    path: paths.get(id) ?? id,
    digest: digestOf(withoutProse(definition, kind)),
    ...rest,
  });
  const single = (id: "golden" | "budget" | "watch" | "review", kept: Kept, text: string): Clause[] => {
    const definition = contract[id];
    return definition ? [clause(id, id, definition, { kept: [kept], text })] : [];
  };
  const promises: Clause[] = [
    ...contract.features.map((f) =>
      clause(`features.${f.name}`, "feature", f, { kept: keptFeature(f, contract), text: featureText(f) }),
    ),
    ...contract.outputs.map((o) =>
      clause(`outputs.${o.name}`, "output", o, { kept: ["enforced"], text: outputText(o) }),
    ),
    ...contract.rules.map((r) =>
      clause(`rules.${r.id}`, "rule", r, {
        kept: ["enforced"],
        text: r.text ?? `${r.assert}, otherwise ${r.otherwise}`,
      }),
    ),
    ...contract.gates.map((g) =>
      clause(`gates.${g.id}`, "gate", g, {
        kept: ["tested"],
        text: g.by ? `${g.assert} by ${g.by}` : g.assert,
      }),
    ),
    ...contract.behaviours.map((b) =>
      clause(`behaviours.${b.id}`, "behaviour", b, {
        kept: ["tested"],
        text: b.text ?? `${b.expect} in ${b.share * 100} %`,
      }),
    ),
    ...single("golden", "tested", "golden rows are predicted as recorded"),
    ...single("budget", "tested", contract.budget ? budgetText(contract.budget) : ""),
    ...single(
      "watch",
      "watched",
      `${contract.watch?.falseAlarms} false alarms, windows of ${contract.watch?.window}${
        contract.watch?.strata === undefined ? "" : `, within ${contract.watch.strata}`
      }`,
    ),
    ...contract.retrain.map((t) =>
      clause(`retrain.${t.id}`, "trigger", t, { kept: ["watched"], text: `${t.when}, ${t.for} windows` }),
    ),
    ...single(
      "review",
      "watched",
      `first after ${contract.review?.first}, then every ${contract.review?.every}`,
    ),
  ];
  const limitations = contract.limitations.map((l) =>
    limitationClause(l, promises, (kept) =>
      clause(`limitations.${l.id}`, "limitation", l, { kept, text: l.text }),
    ),
  );
  return [...promises, ...limitations];
}

interface Owned {
  readonly owner?: Role;
}

const defaultOwners: Readonly<Record<ClauseKind, Role>> = {
  feature: "builds",
  output: "builds",
  rule: "builds",
  limitation: "builds",
  golden: "builds",
  gate: "builds",
  behaviour: "builds",
  budget: "runs",
  watch: "runs",
  trigger: "runs",
  review: "runs",
};

/** A definition without what only explains it, for digests and comparison. */
export function withoutProse(definition: object, kind?: ClauseKind): object {
  const counts = (key: string) => !prose.has(key) || (kind === "limitation" && key === "text");
  return Object.fromEntries(Object.entries(definition).filter(([key]) => counts(key)));
}

/** A limitation is kept as its clause is, or stated; a name that is no clause keeps nothing. */
function limitationClause(
  limitation: Limitation,
  promises: readonly Clause[],
  make: (kept: readonly Kept[]) => Clause,
): Clause {
  if (limitation.keptBy === "stated") return make(["stated"]);
  const keeper = promises.find((promise) => promise.id === limitation.keptBy);
  return { ...make(keeper?.kept ?? []), keptBy: limitation.keptBy };
}

function keptFeature(feature: Feature, contract: Contract): readonly Kept[] {
  const watched = contract.watch && (feature.expected || feature.values);
  return watched ? ["enforced", "watched"] : ["enforced"];
}

function featureText(feature: Feature): string {
  const shape = feature.shape.length > 0 ? ` [${feature.shape.join(", ")}]` : "";
  const parts = [
    `${feature.type}${shape}${feature.unit && feature.unit !== "1" ? ` in ${feature.unit}` : ""}`,
  ];
  if (feature.range) parts.push(`${boundsText(feature.range)} or rejected`);
  if (feature.expected) parts.push(`expected ${boundsText(feature.expected)}`);
  if (feature.values)
    parts.push(
      `${feature.values.length} categories, others ${feature.unknown === "warn" ? "warned" : "rejected"}`,
    );
  parts.push(feature.missing === "allowed" ? "may be missing" : "never missing");
  return parts.join("; ");
}

function outputText(output: Output): string {
  const parts = [output.type + (output.shape.length > 0 ? ` [${output.shape.join(", ")}]` : "")];
  if (output.range) parts.push(`${boundsText(output.range)} or withheld`);
  if (output.threshold !== undefined) parts.push(`decision at ${output.threshold}`);
  return parts.join("; ");
}

/** Bounds as people read them: `0 to 45`, `at least 0`, `at most 45`. */
export function boundsText([low, high]: readonly [number | null, number | null]): string {
  if (low === null) return high === null ? "anything" : `at most ${high}`;
  return high === null ? `at least ${low}` : `${low} to ${high}`;
}

function budgetText(budget: Budget): string {
  const bounds = Object.entries(budget.latencyMs).map(([p, ms]) => `${p} ≤ ${ms} ms`);
  if (budget.rate !== undefined) bounds.push(`${budget.rate}/s`);
  return `${bounds.join(", ")} on ${budget.cpus} cpu, ${budget.memoryMiB} MiB`;
}
