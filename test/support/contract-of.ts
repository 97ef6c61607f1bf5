import type { Contract, ElementType, Feature, Output, Rule } from "../../src/contract/index.ts";

/** A scalar feature that may be missing, unless said otherwise. */
export function featureOf(name: string, type: ElementType, rest: Partial<Feature> = {}): Feature {
  return { name, type, shape: [], unknown: "reject", missing: "allowed", sensitive: false, ...rest };
}

/** A scalar float32 output, unless said otherwise. */
export function outputOf(name: string, rest: Partial<Output> = {}): Output {
  return { name, type: "float32", shape: [], tensor: name, ...rest };
}

/** A rule that rejects, and skips rows with missing values, unless said otherwise. */
export function ruleOf(id: string, assert: string, rest: Partial<Rule> = {}): Rule {
  return { id, assert, otherwise: "reject", whenMissing: "skip", ...rest };
}

/** A contract at `sketch` with nothing in it but what is given. */
export function contractOf(parts: Partial<Contract>): Contract {
  return {
    level: "sketch",
    model: { name: "tiny", version: "1.0.0", task: "other" },
    owners: { builds: "makers@example.org", runs: "runners@example.org" },
    use: "Tests.",
    features: [],
    outputs: [],
    data: { references: [] },
    rules: [],
    limitations: [],
    gates: [],
    behaviours: [],
    slices: [],
    retrain: [],
    ...parts,
  };
}
