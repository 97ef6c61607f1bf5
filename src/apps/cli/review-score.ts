import { standingOf } from "../../evidence/index.ts";
import type { RelayState } from "../../relay/index.ts";
import { type MlTestScore, mlTestScore, type WatchReport } from "../../watch/index.ts";
import type { Desk } from "./desk.ts";
import { verdictInput } from "./evidence-store.ts";
import { paint, type Session } from "./session.ts";
import { textTable } from "./text-table.ts";

/** The ML Test Score of a hand-off, from its evidence, its relay, and what was observed where that is at hand. */
export async function scoreOf(
  session: Session,
  desk: Desk,
  { state, report }: { readonly state: RelayState; readonly report: WatchReport | undefined },
): Promise<MlTestScore> {
  const { handoff, people } = desk;
  const input = await verdictInput(session, handoff, people);
  return mlTestScore({
    contract: handoff.contract,
    clauses: handoff.clauses,
    contentDigest: handoff.digest,
    held: standingOf(input).held,
    heldByRuns: standingOf({ ...input, side: "runs" }).held,
    services: new Set(people.persons.filter(({ service }) => service).map(({ id }) => id)),
    state,
    ...(report && { report }),
  });
}

/** The score for a terminal: a line a test, with what it rests on or what would show it. */
export function scoreText(session: Session, { score, sections }: MlTestScore): string {
  const tables = sections.map(({ name, points, tests }) => {
    const rows = tests.map(({ id, points: own, why, shown, wouldShow }) => {
      const rests = shown.map(
        (one) => `${/^[0-9a-f]{64}$/.test(one.id) ? one.id.slice(0, 12) : one.id} ${one.shows}`,
      );
      const style = own === 1 ? "green" : own === 0 ? "dim" : "yellow";
      const more = wouldShow === undefined ? [] : [`→ ${wouldShow}`];
      return [id, paint(session, style, own.toFixed(1)), [why, ...rests, ...more].join("; ")];
    });
    return `\n${paint(session, "bold", name)}: ${points} of ${tests.length}\n${textTable(session, ["test", "points", ""], rows)}`;
  });
  return `ML Test Score: ${score}, the smallest of its sections (${sections.map(({ name, points }) => `${name} ${points}`).join(", ")})\n${tables.join("")}`;
}
