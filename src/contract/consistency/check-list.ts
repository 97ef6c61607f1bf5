import type { Finding } from "../../kernel/index.ts";
import { type ContractCode, contractFinding } from "../contract-findings.ts";
import type { PositionOf } from "../written/positions.ts";

/** What a check says about one place of the contract. */
interface Remark {
  readonly message: string;
  readonly clause?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly next?: string;
  readonly severity?: Finding["severity"];
}

/** Notes one finding at a path of the normal form. */
export type Note = (code: ContractCode, path: string, remark: Remark) => void;

/** Runs checks and gathers what they note, with positions. */
export function gather(positionOf: PositionOf, check: (note: Note) => void): Finding[] {
  const findings: Finding[] = [];
  check((code, path, remark) =>
    findings.push(contractFinding(code, { ...remark, path, ...positionOf(path) })),
  );
  return findings;
}
