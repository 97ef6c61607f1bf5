import type { FindingKind, Severity } from "../kernel/index.ts";

/** A page of the contract's catalogue: these checks need the contract only, so they run on every side. */
export function page(
  severity: Severity,
  title: string,
  text: Pick<FindingKind, "what" | "why" | "mend">,
): FindingKind {
  return { severity, title, ...text, where: ["builder", "acceptor", "server"] };
}
