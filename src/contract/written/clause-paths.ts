import type { Contract } from "../contract.ts";

/** Path of each clause by its id, in normal form: `features.wind_speed` stands at `features[4]`. */
export function clausePaths(contract: Contract): Map<string, string> {
  const paths = new Map<string, string>();
  const list = (kind: string, names: readonly string[]) => {
    for (const [index, name] of names.entries()) paths.set(`${kind}.${name}`, `${kind}[${index}]`);
  };
  list(
    "features",
    contract.features.map((feature) => feature.name),
  );
  list(
    "outputs",
    contract.outputs.map((output) => output.name),
  );
  list(
    "rules",
    contract.rules.map((rule) => rule.id),
  );
  list(
    "limitations",
    contract.limitations.map((limitation) => limitation.id),
  );
  list(
    "gates",
    contract.gates.map((gate) => gate.id),
  );
  list(
    "behaviours",
    contract.behaviours.map((behaviour) => behaviour.id),
  );
  list(
    "retrain",
    contract.retrain.map((trigger) => trigger.id),
  );
  for (const single of ["golden", "budget", "watch", "review"] as const)
    if (contract[single]) paths.set(single, single);
  return paths;
}
