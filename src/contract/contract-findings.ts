import { findingMaker } from "../kernel/index.ts";
import { consistencyFindings } from "./consistency/consistency-findings.ts";
import { completenessFindings } from "./levels/completeness-findings.ts";
import { readingFindings } from "./written/reading-findings.ts";

/** Every finding of reading and checking a contract by itself. */
export const contractFindings = { ...readingFindings, ...consistencyFindings, ...completenessFindings };

/** Codes of {@link contractFindings}. */
export type ContractCode = keyof typeof contractFindings;

/** Makes a finding of this stage. */
export const contractFinding = findingMaker(contractFindings);
