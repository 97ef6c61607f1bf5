import { type Contract, clausesOf } from "../../contract/index.ts";
import { blocks, type Place, sha256, worstFirst } from "../../kernel/index.ts";
import type { EvidenceItem } from "../evidence.ts";
import { currentReads, whatChanged } from "../statements/reads.ts";
import { parseBatonLock } from "./baton-lock.ts";
import type { Check, CheckFacts, CheckInput, CheckReport, NotRun } from "./check.ts";
import { contractCheck } from "./contract-check.ts";
import { jointDataCheck, trainingDataCheck } from "./data-checks.ts";
import { digestsCheck } from "./digests-check.ts";
import { gatherFacts } from "./gather-facts.ts";
import { goldenCheck } from "./golden-check.ts";
import { jointAgainstTrainingCheck, leakageCheck } from "./joint-checks.ts";
import { lockCheck } from "./lock-check.ts";
import { modelContractCheck } from "./model-contract-check.ts";
import { modelFileCheck } from "./model-file-check.ts";
import { oneForEachCause } from "./one-cause.ts";
import { peopleCheck } from "./people-check.ts";
import { profileCheck } from "./profile-check.ts";
import { ownersCheck, proseCheck, storyCheck } from "./prose-checks.ts";

/** Every check, in the order in which a person would look. */
export const allChecks: readonly Check[] = [
  contractCheck,
  ownersCheck,
  proseCheck,
  modelFileCheck,
  modelContractCheck,
  trainingDataCheck,
  jointDataCheck,
  jointAgainstTrainingCheck,
  leakageCheck,
  goldenCheck,
  lockCheck,
  digestsCheck,
  profileCheck,
  storyCheck,
  peopleCheck,
];

/** Runs every check that can run at a place; the others are not-run, with the builder's evidence where it still holds. */
export async function runChecks(input: CheckInput, place: Place): Promise<CheckReport> {
  const { contract } = input;
  if (!contract) return unreadable(input);
  const facts = await gatherFacts({ ...input, contract, ...standing(input, contract) }, place);
  const items: EvidenceItem[] = [];
  const absent: NotRun[] = [];
  for (const check of allChecks) {
    const reason = whyNot(check, facts, place);
    if (reason === undefined) items.push(judged(check, facts));
    else if (reason.outcome === "not-applicable") items.push(unjudged(check, facts, reason));
    else {
      items.push(unjudged(check, facts, reason));
      absent.push({ check: check.name, reason: reason.why, ...builderWord(check, facts) });
    }
  }
  const findings = oneForEachCause(items.flatMap((item) => item.findings));
  return { findings: worstFirst(findings), notRun: absent, items };
}

/** Without a contract only its own findings can be told; everything else is not-run. */
function unreadable(input: CheckInput): CheckReport {
  const why = "The contract cannot be used.";
  const [contract, ...others] = allChecks;
  return {
    findings: worstFirst(input.parseFindings),
    notRun: others.map((check) => ({ check: check.name, reason: why })),
    items: [
      {
        clause: "",
        test: contract!.name,
        outcome: "fail",
        message: why,
        reads: {},
        findings: input.parseFindings,
      },
    ],
  };
}

/** Digests as they are now; for training data that is not here, as `baton.lock` records it. */
function standing(input: CheckInput, contract: Contract): Pick<CheckFacts, "clauses" | "current"> {
  const clauses = clausesOf(contract);
  const files: Record<string, string> = {};
  const { training } = contract.data;
  const read = input.batonLock === undefined ? undefined : parseBatonLock(input.batonLock);
  const recorded = read && "lock" in read ? read.lock.training : undefined;
  if (training !== undefined && recorded?.path === training) files[training] = recorded.sha256;
  for (const [path, text] of input.story) files[path] = sha256(text);
  for (const [path, facts] of input.files) files[path] = facts.sha256;
  return { clauses, current: currentReads({ contract, clauses, files }) };
}

interface Reason {
  readonly outcome: "not-run" | "not-applicable";
  readonly why: string;
}

function whyNot(check: Check, facts: CheckFacts, place: Place): Reason | undefined {
  const none = check.notApplicable?.(facts);
  if (none !== undefined) return { outcome: "not-applicable", why: none };
  const blind = check.notPossible?.(facts);
  if (blind !== undefined) return { outcome: "not-run", why: blind };
  if (check.where.includes(place)) return undefined;
  return { outcome: "not-run", why: notHere(check, place) };
}

function notHere(check: Check, place: Place): string {
  if (place === "server")
    return `The server does not look into data: this runs at ${check.where.join(" and ")}.`;
  return "The training data is not in the baton: this runs at the builder's.";
}

function judged(check: Check, facts: CheckFacts): EvidenceItem {
  const findings = check.run(facts);
  const count = findings.length;
  return {
    clause: "",
    test: check.name,
    outcome: blocks(findings) ? "fail" : "pass",
    message: count === 0 ? `${check.title}.` : `${check.title}: ${count} finding${count === 1 ? "" : "s"}.`,
    reads: check.reads(facts),
    findings,
  };
}

function unjudged(check: Check, facts: CheckFacts, reason: Reason): EvidenceItem {
  return {
    clause: "",
    test: check.name,
    outcome: reason.outcome,
    reason: reason.why,
    message: `${check.title}: ${reason.outcome}.`,
    reads: check.reads(facts),
    findings: [],
  };
}

/** What the builder's newest signed evidence says, of that which read what is here. */
function builderWord(check: Check, facts: CheckFacts): Pick<NotRun, "evidence"> {
  const [evidence] = (facts.builderItems ?? [])
    .filter(({ item }) => item.test === check.name && whatChanged(item.reads, facts.current).length === 0)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  return evidence ? { evidence } : {};
}
