import type { Command } from "commander";
import type { Clause } from "../../../contract/index.ts";
import { type Verdict, verdictsOf, type WatchedStanding } from "../../../evidence/index.ts";
import { contentIn, stateOf, type Waiver, waiverOf } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { verdictInput } from "../evidence-store.ts";
import type { CommandResult } from "../result.ts";
import { reviewVerdict } from "../review-status.ts";
import { paint, type Session } from "../session.ts";
import { textTable } from "../text-table.ts";
import { recordData, recordStanding, recordText, watchedStandings } from "../watched-standing.ts";

/** `baton clauses [FOLDER|FILE]`: every promise, its owner, how it is kept, the newest evidence and the verdict. */
export function addClauses(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "clauses [target]",
      "every promise: owner, how it is kept, newest evidence, verdict",
      "A verdict comes from evidence that still holds; what is stale, foreign or unsigned does not count, and why is said.\n" +
        "Clauses that are watched stand as the newest record of a watch says (baton watch … --record), for three windows.\n" +
        "A waived clause is shown as waived, never as pass.",
    ),
  ).action((target: string | undefined, options: CommonOptions & DeskOptions) =>
    perform(cli, "clauses", options, (session) =>
      atDesk(session, target, options, (desk) => clauses(session, desk)),
    ),
  );
}

/** A clause with its verdict, the waiver that is in force, and what was last recorded of it in operation. */
export interface ClauseRow {
  readonly clause: Clause;
  readonly verdict: Verdict;
  readonly waiver?: Waiver;
  readonly watched?: WatchedStanding;
}

/** Every clause with where it stands now; `operation: false` leaves out what happened to it in operation. */
export async function clauseRows(
  session: Session,
  { handoff, people, relay }: Desk,
  { operation = true } = {},
): Promise<ClauseRow[]> {
  const state = stateOf(relay.history, session.now().toISOString());
  const content = contentIn(state, handoff.digest);
  const deployed = state.environments.some(({ current }) => current?.contentDigest === handoff.digest);
  const record = operation ? recordStanding(state, handoff) : undefined;
  const watched = record ? watchedStandings(record) : new Map<string, WatchedStanding>();
  const reviewed = deployed ? reviewVerdict(relay.history, state, handoff) : undefined;
  if (reviewed) watched.set("review", reviewed);
  const verdicts = verdictsOf(await verdictInput(session, handoff, people, { deployed, watched }));
  return handoff.clauses.map((clause, index) => {
    const waiver = waiverOf(clause, content);
    const seen = watched.get(clause.id);
    return { clause, verdict: verdicts[index]!, ...(waiver && { waiver }), ...(seen && { watched: seen }) };
  });
}

async function clauses(session: Session, desk: Desk): Promise<CommandResult> {
  const rows = await clauseRows(session, desk);
  const state = stateOf(desk.relay.history, session.now().toISOString());
  const record = recordStanding(state, desk.handoff);
  const table = textTable(
    session,
    ["clause", "owner", "kept", "verdict", "newest evidence", "why"],
    rows.map((row) => [
      row.clause.id,
      row.clause.owner,
      row.clause.kept.join("+") || "nothing",
      verdictText(session, row),
      evidenceText(row.verdict),
      shorten(
        row.waiver ? `waived until ${row.waiver.until.slice(0, 10)}: ${row.waiver.note}` : row.verdict.why,
        90,
      ),
    ]),
  );
  return {
    passed: true,
    text: `${table}${record ? `\n${recordText(record)}\n` : ""}`,
    data: {
      digest: desk.handoff.digest,
      clauses: rows.map(({ clause, verdict, waiver, watched }) => ({ ...clause, verdict, waiver, watched })),
      ...(record && { record: recordData(record) }),
    },
    hint: summaryOf(rows),
  };
}

/** The word for where a clause stands, coloured. */
export function verdictText(session: Session, { verdict, waiver }: ClauseRow): string {
  if (waiver && verdict.outcome !== "pass") return paint(session, "yellow", "waived");
  const styles = { pass: "green", fail: "red", "not-run": "yellow", "not-applicable": "dim" } as const;
  return paint(session, styles[verdict.outcome], verdict.outcome);
}

function evidenceText({ evidence }: Verdict): string {
  return evidence ? `${evidence.at.slice(0, 16).replace("T", " ")} ${evidence.by}` : "—";
}

function summaryOf(rows: readonly ClauseRow[]): string {
  const count = (test: (row: ClauseRow) => boolean) => rows.filter(test).length;
  const waived = count(({ waiver, verdict }) => waiver !== undefined && verdict.outcome !== "pass");
  const parts = (["pass", "fail", "not-run", "not-applicable"] as const)
    .map(
      (outcome) =>
        `${count(({ verdict, waiver }) => verdict.outcome === outcome && (outcome === "pass" || !waiver))} ${outcome}`,
    )
    .concat(waived ? [`${waived} waived`] : []);
  return `${rows.length} clauses: ${parts.join(", ")}.`;
}

/** The beginning of a long sentence. */
export function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
