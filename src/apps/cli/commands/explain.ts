import type { Command } from "commander";
import { nearest } from "../../../contract/index.ts";
import { BatonError, type FindingKind } from "../../../kernel/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { paint, type Session } from "../session.ts";

/** `baton explain [CODE]`: the page of a finding code, or the list of all. */
export function addExplain(program: Command, cli: Cli): void {
  declare(program, "explain [code]", "what a finding code means, why it matters, how to mend it").action(
    (code: string | undefined, options: CommonOptions) =>
      perform(cli, "explain", options, async (session) => {
        if (code === undefined) return listing(cli);
        const page = cli.catalogue[code];
        if (!page) throw unknownCode(code, Object.keys(cli.catalogue));
        return { passed: true, text: pageText(session, code, page), data: { code, ...page } };
      }),
  );
}

function listing({ catalogue }: Cli) {
  const codes = Object.keys(catalogue).sort();
  const width = Math.max(...codes.map((code) => code.length));
  const text = codes.map((code) => `${code.padEnd(width)}  ${catalogue[code]?.title}\n`).join("");
  return { passed: true, text, data: { codes } };
}

function pageText(
  session: Session,
  code: string,
  { title, what, why, mend, severity, where }: FindingKind,
): string {
  const part = (head: string, body: string) => `${paint(session, "bold", head)}\n  ${body}\n`;
  return [
    `${paint(session, "bold", code)} — ${title} (${severity}; runs at: ${where.join(", ")})\n`,
    part("What", what),
    part("Why", why),
    part("How to mend it", mend),
  ].join("\n");
}

function unknownCode(code: string, known: readonly string[]): BatonError {
  const near = nearest(code, known, 3);
  return new BatonError("not-found", `There is no finding code "${code}".`, {
    next: near.length ? `Did you mean ${near.join(", ")}?` : "baton explain lists them all.",
  });
}
