import type { Clause, Contract } from "../contract/index.ts";
import type { Finding } from "../kernel/index.ts";
import { ownerText } from "./clause-standing.ts";
import { dayMs, instantOf } from "./instant.ts";
import { unknownClauses } from "./may-accept.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type Signing, type SignOff, signOff, viewOf } from "./signing.ts";
import { longestWaiverDays } from "./turns.ts";

/** What a waiver is judged on. */
export interface WaiveInput extends Signing {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  /** Ids of the clauses to waive. */
  readonly waived: readonly string[];
  /** RFC 3339. */
  readonly until: string;
  /** The reason in words. */
  readonly note: string;
}

/** May these clauses be waived? By the role that owns each, with a reason, for 90 days at most. */
export function mayWaive(input: WaiveInput): SignOff {
  const role = input.role ?? ownerOfAll(input);
  const view = viewOf(role === undefined ? input : { ...input, role }, "waive");
  const findings: Finding[] = [...unknownClauses(input.waived, input.clauses)];
  if (input.waived.length === 0)
    findings.push(signOffFinding("relay.unknown-clause", { message: "A waiver names at least one clause." }));
  if (input.note.trim() === "")
    findings.push(signOffFinding("relay.reason-missing", { message: "A waiver needs a reason in words." }));
  return signOff(view, [...findings, ...untilFindings(input), ...ownerFindings(input, view.signer?.role)]);
}

/** Where all clauses have one owner, that is the role to sign in. */
function ownerOfAll({ clauses, waived }: WaiveInput): string | undefined {
  const owners = new Set(clauses.filter(({ id }) => waived.includes(id)).map(({ owner }) => owner));
  return owners.size === 1 ? [...owners][0] : undefined;
}

function ownerFindings({ clauses, waived, contract }: WaiveInput, role: string | undefined): Finding[] {
  if (role === undefined) return [];
  return clauses
    .filter(({ id, owner }) => waived.includes(id) && owner !== role)
    .map(({ id, owner }) =>
      signOffFinding("relay.not-clause-owner", {
        clause: id,
        message: `${id} belongs to ${ownerText(owner, contract)}, not to ${role}.`,
      }),
    );
}

function untilFindings({ until, at }: WaiveInput): Finding[] {
  const end = instantOf(until);
  const now = Date.parse(at);
  if (end !== undefined && end > now && end - now <= longestWaiverDays * dayMs) return [];
  return [
    signOffFinding("relay.waiver-too-long", {
      expected: `within ${longestWaiverDays} days`,
      received: until.slice(0, 40),
      message: `A waiver until ${until.slice(0, 40)} ${end !== undefined && end <= now ? "is over already" : `is not an instant within ${longestWaiverDays} days`}.`,
    }),
  ];
}
