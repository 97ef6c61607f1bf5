import { type Contract, elementsPerRow, type Feature } from "../contract/index.ts";
import type { ProfileColumn } from "./profile-source.ts";

/** What of a contract is profiled. */
export interface ProfileColumns {
  readonly features: readonly ProfileColumn[];
  /** The truth column of the training data. */
  readonly label?: ProfileColumn;
  readonly outputs: readonly ProfileColumn[];
  /** Features that are not one value a row. */
  readonly leftOut: readonly string[];
}

/**
 * Columns for `profileTable`: features stand in the training data under their own names. A sensitive string without
 * listed values gets no cell of its own, so that no one's value is written into the profile. A cell of an output starts
 * at its threshold, so that counters say how often the decision was "yes".
 */
export function profileColumns(contract: Contract): ProfileColumns {
  const scalar = contract.features.filter(({ shape }) => elementsPerRow(shape) === 1);
  const label = labelColumn(contract);
  return {
    features: scalar.map(featureColumn),
    ...(label && { label }),
    outputs: contract.outputs
      .filter(({ shape }) => elementsPerRow(shape) === 1)
      .map(({ name, type, threshold }) => ({
        name,
        column: name,
        type,
        ...(threshold !== undefined && { cuts: [threshold] }),
      })),
    leftOut: contract.features.filter((feature) => !scalar.includes(feature)).map(({ name }) => name),
  };
}

function featureColumn({ name, type, values, sensitive }: Feature): ProfileColumn {
  const listed = values ?? (sensitive && type === "string" ? [] : undefined);
  return { name, column: name, type, ...(listed && { values: listed }) };
}

function labelColumn({ data, model }: Contract): ProfileColumn | undefined {
  if (data.label === undefined) return undefined;
  const type = ({ "binary-classification": "boolean", regression: "float64", other: "string" } as const)[
    model.task
  ];
  return { name: data.label, column: data.label, type };
}
