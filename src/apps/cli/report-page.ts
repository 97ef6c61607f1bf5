import { resolve } from "node:path";
import { writeFileAtomic } from "../../adapters/folder/index.ts";
import { pageAssets, reportDocument } from "../../adapters/html-report/index.ts";
import { timelineOf } from "../../relay/index.ts";
import { watchPage } from "../../watch/index.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { findPeople } from "./people-file.ts";
import { openRelay } from "./relay-store.ts";
import type { WatchRun } from "./run-watch.ts";
import type { Session } from "./session.ts";

/** Writes the report as one HTML file, with the signed history on its time line where there is one. */
export async function writeReportPage(
  session: Session,
  file: string,
  { handoff, run, atMs }: { readonly handoff: ReadyHandoff; readonly run: WatchRun; readonly atMs: number },
): Promise<void> {
  const { people } = await findPeople(session, undefined, handoff.home);
  const { history } = await openRelay(session, handoff, { people, model: handoff.contract.model.name });
  const page = watchPage({
    ...run,
    contract: handoff.contract,
    clauses: handoff.clauses,
    atMs,
    relay: timelineOf(history),
  });
  const html = reportDocument(page, await pageAssets());
  await writeFileAtomic(resolve(session.cwd, file), Buffer.from(html));
}
