import { behaviourItems } from "./behaviour-items.ts";
import { enforcementItems } from "./enforcement/enforcement-items.ts";
import type { EvidenceRun } from "./evidence.ts";
import { gateItems } from "./gates/gate-items.ts";
import { parityItems } from "./parity/parity-items.ts";
import { jointRowsOf } from "./rows/ask-joint-rows.ts";
import type { TestInput } from "./test-input.ts";

/** Runs everything that the contract declares, and says for each clause what came out and what was read. */
export async function runTests(input: TestInput): Promise<EvidenceRun> {
  const startedAt = input.now();
  const wanted = (clause: string) => !input.only || input.only.has(clause);
  const joint = jointRowsOf(input);
  const items = [
    ...(wanted("golden") ? await parityItems(input) : []),
    ...(await gateItems(input, joint, wanted)),
    ...(await behaviourItems(input, joint, wanted)),
    ...(await enforcementItems(input, joint, wanted)),
  ];
  return {
    kind: "test",
    tool: input.tool,
    model: input.contract.model.name,
    version: input.contract.model.version,
    host: input.host,
    startedAt,
    finishedAt: input.now(),
    items,
  };
}
