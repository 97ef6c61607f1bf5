import { hash } from "node:crypto";
import type { LogColumn, ObservationPlan, RowPolicy } from "./observation-plan.ts";
import { answerColumns, type LogValue, nameColumns } from "./prediction-log.ts";

/** Columns of the sampled full rows of a plan, in their order; none where no rows are kept. */
export function sampleColumns(plan: ObservationPlan): LogColumn[] {
  if (!plan.sample) return [];
  const features = plan.sample.features.map(({ name, type }) => ({ name: `feature.${name}`, type }));
  return [...nameColumns, ...answerColumns(plan), ...features];
}

/** Says whether a row is in the sample, by the name that callers know it by: an id, else a key, else null. */
export type RowSampler = (name: LogValue) => boolean;

/**
 * A row is in the sample where the first 32 bits of the SHA-256 of its name are below `share`·2³²: every replica chooses
 * the same rows, and a smaller sample is part of a larger one. Rows without a name go by their number in this `life`
 * of the process.
 */
export function rowSampler(policy: RowPolicy | undefined, life: string): RowSampler {
  if (!policy) return () => false;
  const below = policy.share * 2 ** 32;
  let nameless = 0;
  return (name) => placeOf(name === null ? `${life}.${nameless++}` : String(name)) < below;
}

function placeOf(name: string): number {
  return hash("sha256", name, "buffer").readUInt32BE(0);
}
