import type { Finding } from "../../../kernel/index.ts";

/** Findings as JUnit XML: one failing case each, or one passing case where there is none. */
export function junitDocument(command: string, findings: readonly Finding[]): string {
  const failures = findings.filter((finding) => finding.severity === "blocking");
  const cases = findings.length
    ? findings.map(testCase)
    : [`    <testcase classname="baton" name="${xml(command)}"/>`];
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites>`,
    `  <testsuite name="baton ${xml(command)}" tests="${cases.length}" failures="${failures.length}">`,
    ...cases,
    `  </testsuite>`,
    `</testsuites>`,
    ``,
  ].join("\n");
}

function testCase(finding: Finding): string {
  const name = xml([finding.code, finding.clause ?? finding.path].filter(Boolean).join(" "));
  const text = xml(`${finding.message} ${finding.next}`);
  const body =
    finding.severity === "blocking"
      ? `<failure type="${xml(finding.code)}" message="${xml(finding.message)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
  return `    <testcase classname="baton" name="${name}" file="${xml(finding.file ?? "baton.yaml")}">${body}</testcase>`;
}

function xml(text: string): string {
  const entities: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };
  return [...text]
    .map((character) => ((character.codePointAt(0) ?? 0) < 32 ? " " : (entities[character] ?? character)))
    .join("");
}
