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

/** Characters outside of XML 1.0, section 2.2, and line ends: a name is one line. */
const notXml = /[^\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function xml(text: string): string {
  const entities: Record<string, string> = { "<": "&lt;", ">": "&gt;", "&": "&amp;", '"': "&quot;" };
  return text.replaceAll(notXml, " ").replaceAll(/[<>&"]/g, (character) => entities[character] ?? "");
}
