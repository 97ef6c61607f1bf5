import type { Clause, Contract } from "../../contract/index.ts";
import { type Finding, type Severity, worstFirst } from "../../kernel/index.ts";

/** One thing to do: a finding, whose it is, and where to read more. */
export interface ToDo {
  readonly severity: Severity;
  readonly message: string;
  readonly next: string;
  readonly clause?: string;
  readonly owner?: string;
  /** How the owner is reached, as the contract says. */
  readonly contact?: string;
  readonly code: string;
  /** What to type to read the page of the finding. */
  readonly command: string;
}

/** Findings as a list of things to do, worst first. */
export function toDo(
  findings: readonly Finding[],
  { contract, clauses }: { readonly contract: Contract; readonly clauses: readonly Clause[] },
): ToDo[] {
  const owners = new Map(clauses.map(({ id, owner }) => [id, owner]));
  return worstFirst(findings).map(({ severity, message, next, clause, code }) => {
    const owner = clause === undefined ? undefined : owners.get(clause);
    const contact = owner === undefined ? undefined : contract.owners[owner];
    return {
      severity,
      message,
      next,
      code,
      command: `baton explain ${code}`,
      ...(clause !== undefined && { clause }),
      ...(owner !== undefined && { owner }),
      ...(contact !== undefined && { contact }),
    };
  });
}
