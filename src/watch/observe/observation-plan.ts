import type { Contract, ElementType } from "../../contract/index.ts";
import { parseDuration } from "../../kernel/index.ts";
import type { Cells, Profile } from "../../profile/index.ts";
import { latencyEdges } from "./latency.ts";

/** A column of the log of predictions. */
export interface LogColumn {
  readonly name: string;
  readonly type: ElementType;
}

/** Which full rows are kept. */
export interface RowPolicy {
  /** Of all rows, in (0, 1]. */
  readonly share: number;
  /** Scalar features that are not sensitive. */
  readonly features: readonly LogColumn[];
}

/** What is counted and logged of a model, derived from its contract and sealed profile. */
export interface ObservationPlan {
  readonly model: string;
  readonly version: string;
  /** Content digest of the hand-off. */
  readonly digest: string;
  readonly windowMs: number;
  /** Where event time comes from; arrival time where absent. */
  readonly time?: { readonly name: string; readonly isFeature: boolean; readonly sensitive: boolean };
  /** Field that names a row; absent where there is none, or where it is a sensitive feature. */
  readonly key?: string;
  /** False where a row's id may be a sensitive value. */
  readonly keepIds: boolean;
  readonly features: Cells;
  readonly outputs: Cells;
  /** Soft bounds, in the precision of the feature's type. */
  readonly expected: readonly { readonly name: string; readonly low: number; readonly high: number }[];
  /** Upper ends of the latency cells, in milliseconds; the last cell is open. */
  readonly latencyEdges: readonly number[];
  /** Scalar outputs. */
  readonly answers: readonly LogColumn[];
  readonly decides: boolean;
  /** Ids of all clauses that can reject a row. */
  readonly clauses: readonly string[];
  /** Features by which predictions are sliced; never sensitive ones. */
  readonly slices: readonly string[];
  /** Absent where no full rows are kept. */
  readonly sample?: RowPolicy;
}

/** Length of a window where the contract names none. */
const usualWindow = "1d";

/** Length of the contract's windows in milliseconds. */
export function windowLength({ watch }: Contract): number {
  return parseDuration(watch?.window ?? usualWindow);
}

/** What to observe of a model whose profile is sealed. */
export function observationPlan(contract: Contract, profile: Profile, digest: string): ObservationPlan {
  const sensitive = new Set(contract.features.filter((one) => one.sensitive).map(({ name }) => name));
  const { watch } = contract;
  const key = contract.labels?.key ?? contract.data.key;
  const keyIsSensitive = key !== undefined && sensitive.has(key);
  const scalar = new Map(
    contract.features.filter(({ shape }) => shape.length === 0).map((feature) => [feature.name, feature]),
  );
  return {
    model: contract.model.name,
    version: contract.model.version,
    digest,
    windowMs: windowLength(contract),
    ...(watch?.time !== undefined && {
      time: { name: watch.time, isFeature: scalar.has(watch.time), sensitive: sensitive.has(watch.time) },
    }),
    ...(key !== undefined && !keyIsSensitive && { key }),
    keepIds: !keyIsSensitive,
    features: profile.features.cells,
    outputs: profile.outputs?.cells ?? { columns: [] },
    expected: [...scalar.values()].flatMap(({ name, type, expected }) => {
      if (!expected || type === "string" || type === "boolean") return [];
      const round = type === "float32" ? Math.fround : (bound: number) => bound;
      const [low, high] = expected;
      return [{ name, low: round(low ?? -Infinity), high: round(high ?? Infinity) }];
    }),
    latencyEdges: latencyEdges(Object.values(contract.budget?.latencyMs ?? {})),
    answers: contract.outputs
      .filter(({ shape }) => shape.length === 0)
      .map(({ name, type }) => ({ name, type })),
    decides: contract.outputs[0]?.threshold !== undefined,
    clauses: rejectingClauses(contract),
    slices: contract.slices.filter((name) => scalar.has(name) && !sensitive.has(name)),
    ...(watch &&
      watch.keepRows > 0 && {
        sample: {
          share: watch.keepRows,
          features: [...scalar.values()]
            .filter((feature) => !feature.sensitive)
            .map(({ name, type }) => ({ name, type })),
        },
      }),
  };
}

function rejectingClauses({ features, outputs, rules }: Contract): string[] {
  return [
    "features",
    ...features.map(({ name }) => `features.${name}`),
    ...rules.map(({ id }) => `rules.${id}`),
    "outputs",
    ...outputs.map(({ name }) => `outputs.${name}`),
  ];
}
