import { contractFindings } from "../../contract/index.ts";
import { checksFindings, evidenceFindings } from "../../evidence/index.ts";
import { inferenceFindings } from "../../inference/index.ts";
import type { FindingCatalogue } from "../../kernel/index.ts";
import { relayFindings } from "../../relay/index.ts";
import { sealFindings } from "../../seal/index.ts";
import { opsFindings, watchFindings } from "../../watch/index.ts";
import { ciFindings } from "./ci/ci-findings.ts";

/** The pages of all finding codes: what `baton explain` says and `docs/reference/findings.md` is made from. */
export const findingCatalogue: FindingCatalogue = {
  ...contractFindings,
  ...inferenceFindings,
  ...checksFindings,
  ...evidenceFindings,
  ...sealFindings,
  ...relayFindings,
  ...watchFindings,
  ...ciFindings,
  ...opsFindings,
};
