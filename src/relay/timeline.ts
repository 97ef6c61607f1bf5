import { dayText, shortDigest } from "../kernel/index.ts";
import { disagreementsOf, standingIn } from "./forks.ts";
import type { History, HistoryEntry } from "./history.ts";
import { observedText } from "./observations/observations.ts";
import { reviewText } from "./reviews/review-text.ts";

/** One line of `baton log`. */
export interface TimelineRow {
  /** Id and file name of the entry. */
  readonly entry: string;
  readonly file: string;
  readonly sequence: number;
  readonly at: string;
  readonly action: string;
  readonly version: string;
  readonly contentDigest: string;
  readonly person: string;
  readonly role: string;
  /** What was decided, as one sentence. */
  readonly text: string;
  /** `void`: a resolution decided against it; `contested`: part of an open fork. */
  readonly standing: "counts" | "void" | "contested";
  /** Ids of the entries on which it stands: two where branches were joined. */
  readonly parents: readonly string[];
}

/** Everything that happened, oldest first. */
export function timelineOf(history: History): TimelineRow[] {
  const disagreements = disagreementsOf(history.entries);
  const byId = new Map(history.entries.map((entry) => [entry.id, entry]));
  return history.entries.map(({ id, name, entry }) => ({
    entry: id,
    file: name,
    sequence: entry.sequence,
    at: entry.at,
    action: entry.action,
    version: entry.version,
    contentDigest: entry.contentDigest,
    person: entry.person,
    role: entry.role,
    text: textOf(entry, byId),
    standing: standingIn(disagreements, id),
    parents: entry.parents,
  }));
}

function textOf(entry: HistoryEntry["entry"], byId: ReadonlyMap<string, HistoryEntry>): string {
  const who = `${entry.person} as ${entry.role}`;
  const note = entry.note === undefined ? "" : `: ${entry.note}`;
  const name = (id: string | undefined) => byId.get(id ?? "")?.name ?? shortDigest(id ?? "");
  switch (entry.action) {
    case "offer":
      return `${who} offers ${entry.version}${note}`;
    case "accept":
      return entry.role === "runs"
        ? `${who} accepts ${entry.version}${acknowledged(entry.acknowledged)}${closing(entry.closes, name)}${note}`
        : `${who} accepts ${(entry.acknowledged ?? []).join(", ")} of ${entry.version}${note}`;
    case "return":
      return `${who} returns ${entry.version}: ${(entry.reasons ?? []).map(reasonText).join("; ")}`;
    case "waive":
      return `${who} waives ${(entry.clauses ?? []).join(", ")} until ${entry.until?.slice(0, 10)}${note}`;
    case "deploy":
      return `${who} deploys ${entry.version} to ${entry.environment}${note}`;
    case "rollback":
      return `${who} rolls ${entry.environment} back to ${entry.version}${note}`;
    case "countersign":
      return `${who} countersigns ${name(entry.countersigns)}${note}`;
    case "recall":
      return `${who} recalls ${entry.version}${note}`;
    case "retire":
      return `${who} retires ${entry.version}${note}`;
    case "resolve": {
      const over = (entry.resolves?.over ?? []).map(name).join(", ");
      return `${who} lets ${name(entry.resolves?.stands)} stand over ${over}${note}`;
    }
    case "observe":
      return `${who} observes ${entry.version}${observed(entry.observed)}${note}`;
    case "review":
      return `${who} ${reviewText(entry)}${note}`;
    case "request":
      return `${who} asks for the version after ${entry.version}${requested(entry.request)}${note}`;
  }
}

function acknowledged(clauses: readonly string[] = []): string {
  return clauses.length > 0 ? `, acknowledging ${clauses.join(", ")}` : "";
}

function closing(closes: readonly string[] = [], name: (id: string) => string): string {
  return closes.length > 0 ? `, closing ${closes.map(name).join(", ")}` : "";
}

function requested(request: HistoryEntry["entry"]["request"]): string {
  if (!request) return "";
  const rows = request.rows ? `; ${request.rows.count} rows to learn from` : "";
  return ` (${request.clause}, window ${request.window.slice(0, 16).replace("T", " ")}${rows})`;
}

function observed(said: HistoryEntry["entry"]["observed"]): string {
  return said ? ` up to the window of ${dayText(said.newest)}: ${observedText(said)}` : "";
}

function reasonText({ clause, code, note }: { clause?: string; code: string; note: string }): string {
  return `${clause ? `${clause} ` : ""}${code} (${note})`;
}
