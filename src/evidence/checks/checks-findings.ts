import { findingMaker } from "../../kernel/index.ts";
import { dataFindings } from "./findings/data-findings.ts";
import { goldenFindings } from "./findings/golden-findings.ts";
import { lockFindings } from "./findings/lock-findings.ts";
import { modelFindings } from "./findings/model-findings.ts";
import { proseFindings } from "./findings/prose-findings.ts";

/** The page of every code that `baton check` can give beside those of the contract and the people file. */
export const checksFindings = {
  ...modelFindings,
  ...dataFindings,
  ...goldenFindings,
  ...lockFindings,
  ...proseFindings,
};

/** Any of these codes. */
export type CheckCode = keyof typeof checksFindings;

/** Makes a finding of one of these codes. */
export const finding = findingMaker(checksFindings);
