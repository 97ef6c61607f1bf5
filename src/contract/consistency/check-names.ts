import { clausesOf } from "../clauses.ts";
import type { Contract } from "../contract.ts";
import { nearest } from "../nearest.ts";
import { clausePaths } from "../written/clause-paths.ts";
import type { Note } from "./check-list.ts";

/** Checks that every name is there, and only once. */
export function checkNames(contract: Contract, note: Note): void {
  checkUnique(contract, note);
  checkReferences(contract, note);
  checkColumns(contract, note);
  checkKeepers(contract, note);
  checkOwners(contract, note);
}

function checkUnique(contract: Contract, note: Note): void {
  const lists: readonly [string, readonly string[]][] = [
    ["features", contract.features.map((feature) => feature.name)],
    ["outputs", contract.outputs.map((output) => output.name)],
    ...(["rules", "gates", "behaviours", "limitations", "errors", "retrain"] as const).map(
      (kind): [string, string[]] => [kind, (contract[kind] ?? []).map((item) => item.id)],
    ),
  ];
  for (const [kind, names] of lists) {
    const seen = new Set<string>();
    for (const [index, name] of names.entries()) {
      if (seen.has(name))
        note("contract.duplicate-id", `${kind}[${index}]`, {
          clause: `${kind}.${name}`,
          message: `\`${name}\` stands twice in ${kind}.`,
          received: name,
        });
      seen.add(name);
    }
  }
}

function checkReferences(contract: Contract, note: Note): void {
  const features = contract.features.map((feature) => feature.name);
  const mustExist = (path: string, name: string, clause?: string) => {
    if (!features.includes(name))
      note("contract.unknown-name", path, {
        ...(clause ? { clause } : {}),
        message: `\`${name}\` is not a feature.`,
        received: name,
        next: suggestion(name, features) ?? "Name one of the features.",
      });
  };
  for (const [index, name] of contract.slices.entries()) mustExist(`slices[${index}]`, name);
  for (const [index, gate] of contract.gates.entries())
    if (gate.by !== undefined) mustExist(`gates[${index}].by`, gate.by, `gates.${gate.id}`);
  for (const [index, behaviour] of contract.behaviours.entries())
    for (const name of Object.keys(behaviour.set))
      mustExist(`behaviours[${index}].set.${name}`, name, `behaviours.${behaviour.id}`);
}

function suggestion(name: string, names: readonly string[]): string | undefined {
  const [near] = nearest(name, names);
  return near === undefined ? undefined : `Did you mean \`${near}\`?`;
}

function checkColumns(contract: Contract, note: Note): void {
  const { label, key } = contract.data;
  for (const feature of contract.features) {
    const clause = `features.${feature.name}`;
    if (label !== undefined && (feature.name === label || feature.from === label))
      note("contract.label-is-feature", "data.label", {
        clause,
        message: `The label \`${label}\` is also the feature \`${feature.name}\`.`,
      });
    if (key !== undefined && (feature.name === key || feature.from === key))
      note("contract.key-is-feature", "data.key", {
        clause,
        message: `The key \`${key}\` is also the feature \`${feature.name}\`.`,
      });
  }
}

function checkKeepers(contract: Contract, note: Note): void {
  const ids = [...clausePaths(contract).keys()].filter((id) => !id.startsWith("limitations."));
  for (const [index, limitation] of contract.limitations.entries()) {
    const { keptBy, id } = limitation;
    if (keptBy === "stated" || ids.includes(keptBy)) continue;
    note("contract.kept-by-unknown", `limitations[${index}].kept-by`, {
      clause: `limitations.${id}`,
      message: `\`${keptBy}\`, which should keep \`${id}\`, is not a clause.`,
      received: keptBy,
      next:
        suggestion(keptBy, [...ids, "stated"]) ??
        "Name a clause (`baton clauses` lists them) or write `stated`.",
    });
  }
}

function checkOwners(contract: Contract, note: Note): void {
  const roles = Object.keys(contract.owners);
  const errors = (contract.errors ?? []).flatMap(({ id, owner }, index) =>
    owner === undefined ? [] : [{ id: `errors.${id}`, owner, path: `errors[${index}]` }],
  );
  for (const clause of [...clausesOf(contract), ...errors]) {
    // Builds and runs are asked for by the level.
    if (clause.owner === "builds" || clause.owner === "runs" || roles.includes(clause.owner)) continue;
    note("contract.unknown-name", `${clause.path}.owner`, {
      clause: clause.id,
      message: `\`${clause.id}\` is owned by \`${clause.owner}\`, which has no address in owners.`,
      received: clause.owner,
      next: suggestion(clause.owner, roles) ?? `Add ${clause.owner}: ADDRESS to owners.`,
    });
  }
}
