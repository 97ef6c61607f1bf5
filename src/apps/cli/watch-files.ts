import { resolve } from "node:path";
import { writeFileAtomic } from "../../adapters/folder/index.ts";
import { pageAssets, reportDocument } from "../../adapters/html-report/index.ts";
import { watchMetrics } from "../../adapters/prometheus/index.ts";
import { blocks } from "../../kernel/index.ts";
import { stateOf, timelineOf } from "../../relay/index.ts";
import { type WatchPage, watchPage } from "../../watch/index.ts";
import { watchMarkdown } from "./format/watch-markdown.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { findPeople } from "./people-file.ts";
import { openRelay } from "./relay-store.ts";
import type { WatchRun } from "./run-watch.ts";
import type { Session } from "./session.ts";
import { agedText, recordStanding } from "./watched-standing.ts";

/** Where a report is written to beside stdout; `-` is stdout itself. */
export interface WatchFiles {
  readonly html?: string;
  readonly markdown?: string;
  readonly prometheus?: string;
}

/** What is written about. */
export interface WatchOutcome {
  readonly handoff: ReadyHandoff;
  readonly run: WatchRun;
  readonly atMs: number;
}

/** Writes the wanted files, each whole or not at all. Gives what is to stand on stdout in place of the tables. */
export async function writeWatchFiles(
  session: Session,
  { html, markdown, prometheus }: WatchFiles,
  outcome: WatchOutcome,
): Promise<string | undefined> {
  let shown: string | undefined;
  const write = async (target: string, text: string) => {
    if (target === "-") shown = (shown ?? "") + text;
    else await writeFileAtomic(resolve(session.cwd, target), Buffer.from(text));
  };
  if (prometheus !== undefined) await write(prometheus, await metricsOf(outcome));
  if (html === undefined && markdown === undefined) return shown;
  const page = await pageOf(session, outcome);
  if (markdown !== undefined) await write(markdown, watchMarkdown(page));
  if (html !== undefined) await write(html, reportDocument(page, await pageAssets()));
  return shown;
}

function metricsOf({ handoff, run: { plan, report, findings }, atMs }: WatchOutcome): Promise<string> {
  return watchMetrics({
    model: plan.model,
    version: plan.version,
    digest: handoff.digest,
    report,
    findings,
    passed: !blocks(findings),
    atMs,
  });
}

/** With the signed history on its time line, where there is one. */
async function pageOf(session: Session, { handoff, run, atMs }: WatchOutcome): Promise<WatchPage> {
  const { contract, clauses, home } = handoff;
  const { people } = await findPeople(session, undefined, home);
  const { history } = await openRelay(session, handoff, { people, model: contract.model.name });
  const record = recordStanding(stateOf(history, session.now().toISOString()), handoff);
  const relay = timelineOf(history).map((row) =>
    record && row.entry === record.observation.entry
      ? { ...row, text: `${row.text}; the newest record: ${agedText(record)}` }
      : row,
  );
  return watchPage({ ...run, contract, clauses, atMs, relay });
}
