import { underContractRules } from "./contract-rules.ts";
import type { ErrorGroup } from "./error-group.ts";
import { errorGroups } from "./error-groups.ts";
import { type ClassifyInput, type Facts, factsOf } from "./facts.ts";
import { brokenFeeds } from "./rules/broken-feeds.ts";
import { driftingColumns } from "./rules/drifting-columns.ts";
import { failedCalls } from "./rules/failed-calls.ts";
import { labelFaults } from "./rules/label-faults.ts";
import { poorAnswers } from "./rules/poor-answers.ts";
import { rejections } from "./rules/rejections.ts";
import { shiftedAnswers } from "./rules/shifted-answers.ts";
import { settle } from "./settle.ts";
import type { Suspicion } from "./suspicion.ts";

/** Each looks for one kind of fault, and knows nothing of the others. */
const rules: readonly ((facts: Facts) => Suspicion[])[] = [
  brokenFeeds,
  rejections,
  labelFaults,
  failedCalls,
  shiftedAnswers,
  poorAnswers,
  driftingColumns,
];

/** What went wrong, each fault once, by the taxonomy in `error-classes.ts`. */
export function classify(input: ClassifyInput): ErrorGroup[] {
  const facts = factsOf(input);
  const suspicions = rules.flatMap((rule) => rule(facts));
  const settled = settle(suspicions, {
    contract: input.contract,
    rowsOf: (window) => input.counts[window]!.rows,
  });
  return underContractRules(errorGroups(facts, settled), input.contract);
}
