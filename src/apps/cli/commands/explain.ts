import type { Command } from "commander";
import { nearest } from "../../../contract/index.ts";
import { BatonError, type FindingKind } from "../../../kernel/index.ts";
import { type ErrorClass, errorClasses } from "../../../watch/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { paint, type Session } from "../session.ts";

/** `baton explain [CODE]`: the page of a finding code or a class of errors, or the list of all. */
export function addExplain(program: Command, cli: Cli): void {
  declare(
    program,
    "explain [code]",
    "what a finding code or an error class means, why it matters, how to mend it",
  ).action((code: string | undefined, options: CommonOptions) =>
    perform(cli, "explain", options, async (session) => {
      if (code === undefined) return listing(cli);
      if (Object.hasOwn(classes, code)) return classPage(session, code, classes[code]!);
      const page = cli.catalogue[code];
      if (!page) throw unknownCode(code, [...Object.keys(cli.catalogue), ...Object.keys(classes)]);
      return { passed: true, text: pageText(session, code, page), data: { code, ...page } };
    }),
  );
}

function listing({ catalogue }: Cli) {
  const codes = Object.keys(catalogue).sort();
  const width = Math.max(...codes.map((code) => code.length));
  const line = (code: string, title: string | undefined) => `${code.padEnd(width)}  ${title}\n`;
  const found = codes.map((code) => line(code, catalogue[code]?.title)).join("");
  const classed = Object.entries(classes).map(([name, { title }]) => line(name, title));
  return {
    passed: true,
    text: `${found}\nClasses of errors that baton watch tells:\n${classed.join("")}`,
    data: { codes, classes: Object.keys(classes) },
  };
}

const classes: Readonly<Record<string, ErrorClass>> = errorClasses;

function classPage(session: Session, name: string, page: ErrorClass) {
  const { title, what, owner, severity, action } = page;
  const part = (head: string, body: string) => `${paint(session, "bold", head)}\n  ${body}\n`;
  const acts = owner === "clause" ? "whoever owns the clause" : owner;
  const text = [
    `${paint(session, "bold", name)} — ${title} (error class; ${severity})\n`,
    part("What", what),
    part("Who acts", acts),
    part("What to do", action),
  ].join("\n");
  return { passed: true, text, data: { class: name, ...page } };
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
