import { type Finding, worstFirst } from "../../kernel/index.ts";
import type { Contract } from "../contract.ts";
import type { PositionOf } from "../written/positions.ts";
import { checkExpressions } from "./check-expressions.ts";
import { checkFeatures } from "./check-features.ts";
import { gather } from "./check-list.ts";
import { checkNames } from "./check-names.ts";
import { checkTerms } from "./check-terms.ts";

/** What contradicts itself in a contract: names, bounds, types, expressions, durations. Independent of its level. */
export function consistency(contract: Contract, positionOf: PositionOf): Finding[] {
  return worstFirst(
    gather(positionOf, (note) => {
      checkNames(contract, note);
      checkFeatures(contract, note);
      checkExpressions(contract, note);
      checkTerms(contract, note);
    }),
  );
}
