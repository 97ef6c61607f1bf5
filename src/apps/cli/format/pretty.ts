import { type Finding, type Severity, worstFirst } from "../../../kernel/index.ts";
import { paint, type Session } from "../session.ts";
import { oneLine } from "./visible.ts";

const marks: Record<Severity, { sign: string; style: "red" | "yellow" | "cyan" }> = {
  blocking: { sign: "✗", style: "red" },
  warning: { sign: "!", style: "yellow" },
  note: { sign: "·", style: "cyan" },
};

/** Findings for people: what, where, expected and received, and the next step. */
export function prettyFindings(session: Session, findings: readonly Finding[]): string {
  return worstFirst(findings)
    .map((finding) => prettyFinding(session, finding))
    .join("\n");
}

function prettyFinding(session: Session, found: Finding): string {
  const finding = onOneLine(found);
  const { sign, style } = marks[finding.severity];
  const place = placeOf(finding);
  const compared =
    finding.expected !== undefined || finding.received !== undefined ? `\n    ${comparison(finding)}` : "";
  return (
    `${paint(session, style, sign)} ${finding.message} ${paint(session, "dim", `[${finding.code}]`)}` +
    (place ? `\n    ${paint(session, "dim", place)}` : "") +
    compared +
    `\n    → ${finding.next}\n`
  );
}

/** What was expected and what came, as far as a finding says so. */
function comparison({ expected, received }: Finding): string {
  const parts = [
    expected === undefined ? [] : [`expected ${expected}`],
    received === undefined ? [] : [`got ${received}`],
  ];
  return parts.flat().join(", ");
}

function onOneLine(finding: Finding): Finding {
  return Object.fromEntries(
    Object.entries(finding).map(([key, value]) => [key, typeof value === "string" ? oneLine(value) : value]),
  ) as unknown as Finding;
}

/** `baton.yaml:12:3`, as editors and terminals link it; the path in the document where there is no file. */
export function placeOf(finding: Finding): string {
  if (!finding.file) return finding.path ?? "";
  const spot = finding.line ? `:${finding.line}${finding.column ? `:${finding.column}` : ""}` : "";
  return `${finding.file}${spot}${finding.path ? `  ${finding.path}` : ""}`;
}

/** `2 blocking, 1 warning`, or `nothing found`. */
export function countFindings(findings: readonly Finding[]): string {
  const counts = (["blocking", "warning", "note"] as const)
    .map((severity) => ({ severity, count: findings.filter((f) => f.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${severity !== "blocking" && count > 1 ? "s" : ""}`);
  return counts.length ? counts.join(", ") : "nothing found";
}
