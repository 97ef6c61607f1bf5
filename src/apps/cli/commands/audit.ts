import type { Command } from "commander";
import { readEvidence } from "../../../evidence/index.ts";
import { BatonError, shortDigest } from "../../../kernel/index.ts";
import { type Audit, type AuditApproval, type AuditEvidence, auditAt } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { type DeskOptions, withDeskOptions } from "../desk.ts";
import { readEvidenceFiles } from "../evidence-store.ts";
import { type RelayView, viewRelay } from "../relay-view.ts";
import type { CommandResult } from "../result.ts";
import { paint, type Session } from "../session.ts";
import { textTable } from "../text-table.ts";
import { shorten } from "./clauses.ts";

interface AuditOptions extends CommonOptions, DeskOptions {
  readonly at?: string;
}

/** `baton audit [TARGET] --at DATE`: who approved what on which evidence. */
export function addAudit(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(program, "audit [target]", "who approved what on which evidence, with waivers and not-run"),
  )
    .option("--at <date>", "as of this day or instant (default: now)")
    .action((target: string | undefined, options: AuditOptions) =>
      perform(cli, "audit", options, (session) =>
        viewRelay(session, target, options, (view) =>
          audit(session, view, dateOf(options.at, session.now())),
        ),
      ),
    );
}

function dateOf(text: string | undefined, now: Date): string {
  if (text === undefined) return now.toISOString();
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text);
  if (Number.isNaN(date.getTime()))
    throw new BatonError("usage", `"${text}" is not a date.`, {
      next: "Write it as 2026-12-31 or 2026-12-31T12:00:00Z.",
    });
  return date.toISOString();
}

async function audit(
  session: Session,
  { history, people, handoff }: RelayView,
  date: string,
): Promise<CommandResult> {
  const files = handoff ? await readEvidenceFiles(handoff) : [];
  const evidence = files.flatMap(({ bytes }): AuditEvidence[] => {
    const reading = readEvidence(bytes, people, session.now().toISOString());
    if (!reading.ok || reading.vouching.kind === "refused") return [];
    const by = reading.vouching.kind === "signed" ? reading.vouching.by : "nobody";
    return [{ id: reading.id, at: reading.run.finishedAt, by, items: reading.run.items }];
  });
  const found = auditAt({
    history,
    evidence,
    date,
    clauses: handoff?.clauses ?? [],
  });
  return { passed: true, text: auditText(session, found), findings: history.findings, data: { ...found } };
}

function auditText(session: Session, { model, date, approvals, environments }: Audit): string {
  const running = environments.map(
    ({ environment, current }) =>
      `${environment}: ${current ? `${current.version} (${shortDigest(current.contentDigest)})` : "—"}`,
  );
  return [
    `${model ?? "no model"} as of ${date}\n`,
    running.length ? `running: ${running.join(", ")}\n` : "running: nothing\n",
    ...approvals.map((approval) => `\n${approvalText(session, approval)}`),
  ].join("");
}

function approvalText(session: Session, approval: AuditApproval): string {
  const {
    action,
    version,
    contentDigest,
    person,
    role,
    at,
    environment,
    cited,
    absent,
    clauses,
    note,
    decision,
  } = approval;
  const head = `${paint(session, "bold", action)}${decision ? ` ${decision}` : ""} ${version} (${shortDigest(contentDigest)})${environment ? ` to ${environment}` : ""} — ${person} as ${role}, ${at}${note ? `: ${note}` : ""}\n`;
  const on = cited.length
    ? `  on ${cited.length} pieces of evidence${absent.length ? `, ${absent.length} of them not at hand here` : ""}\n`
    : "";
  const counts = new Map<string, number>();
  for (const { standing } of clauses) counts.set(standing, (counts.get(standing) ?? 0) + 1);
  const summary = clauses.length
    ? `  ${[...counts].map(([standing, count]) => `${count} ${standing}`).join(", ")}\n`
    : "";
  const notable = clauses.filter(({ standing }) => standing !== "pass" && standing !== "not-applicable");
  const rows = notable.map(({ clause, standing, why }) => [`  ${standing}`, clause, shorten(why, 100)]);
  return `${head}${on}${summary}${rows.length ? textTable(session, ["", "", ""], rows) : ""}`;
}
