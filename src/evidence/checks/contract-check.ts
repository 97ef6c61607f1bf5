import { completeness, consistency } from "../../contract/index.ts";
import type { Check } from "./check.ts";
import { everywhere } from "./findings/places.ts";
import { readsOf } from "./reading.ts";

/** What the contract's own stage says of it: complete for its level, and without contradiction. */
export const contractCheck: Check = {
  name: "contract.sound",
  title: "The contract is complete for its level and consistent",
  codes: [],
  where: everywhere,
  reads: (facts) => readsOf(facts, ["contract"]),
  run: (facts) => [
    ...facts.parseFindings,
    ...completeness(facts.contract, facts.positionOf),
    ...consistency(facts.contract, facts.positionOf),
  ],
};
