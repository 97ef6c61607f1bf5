import type { FindingCatalogue } from "../kernel/index.ts";
import { historyFindings } from "./history-findings.ts";
import { observationFindings } from "./observations/observation-findings.ts";
import { peopleFindings } from "./people-findings.ts";
import { requestFindings } from "./requests/request-findings.ts";
import { reviewFindings } from "./reviews/review-findings.ts";
import { signOffFindings } from "./sign-off-findings.ts";

/** Every finding of people, histories and sign-off, by code. */
export const relayFindings: FindingCatalogue = {
  ...peopleFindings,
  ...historyFindings,
  ...signOffFindings,
  ...reviewFindings,
  ...requestFindings,
  ...observationFindings,
};
