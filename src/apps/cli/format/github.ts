import { type Finding, type Severity, worstFirst } from "../../../kernel/index.ts";

const commands: Record<Severity, string> = { blocking: "error", warning: "warning", note: "notice" };

/** Findings as GitHub workflow annotations, worst first, since only ten are shown a step. */
export function githubAnnotations(findings: readonly Finding[]): string {
  return worstFirst(findings)
    .map((finding) => {
      const properties = [
        `file=${property(finding.file ?? "baton.yaml")}`,
        ...(finding.line ? [`line=${finding.line}`] : []),
        ...(finding.column ? [`col=${finding.column}`] : []),
        `title=${property(finding.code)}`,
      ].join(",");
      return `::${commands[finding.severity]} ${properties}::${data(`${finding.message} ${finding.next}`)}\n`;
    })
    .join("");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
