import type { Finding, FindingCatalogue, FindingKind, Severity } from "../../../kernel/index.ts";

const levels: Record<Severity, "error" | "warning" | "note"> = {
  blocking: "error",
  warning: "warning",
  note: "note",
};

/** A rule's page; codes of errors have none. */
function explained(page: FindingKind | undefined) {
  if (!page) return {};
  return {
    shortDescription: { text: page.title },
    fullDescription: { text: page.what },
    help: { text: page.mend },
  };
}

/** Findings as SARIF 2.1.0, for code-scanning pages. */
export function sarifDocument(
  findings: readonly Finding[],
  catalogue: FindingCatalogue,
  version: string,
): string {
  const codes = [...new Set(findings.map((finding) => finding.code))].sort();
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "baton",
            version,
            rules: codes.map((id) => ({ id, ...explained(catalogue[id]) })),
          },
        },
        results: findings.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: levels[finding.severity],
          message: { text: `${finding.message} ${finding.next}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: encodeURI(finding.file ?? "baton.yaml") },
                region: { startLine: finding.line ?? 1, startColumn: finding.column ?? 1 },
              },
            },
          ],
        })),
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
