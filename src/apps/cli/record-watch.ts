import type { KeyObject } from "node:crypto";
import { basename, dirname, resolve } from "node:path";
import { openFolder } from "../../adapters/folder/index.ts";
import { digestOf, type Finding, shortDigest } from "../../kernel/index.ts";
import {
  mayObserve,
  newestObservation,
  type Observation,
  type ObservedSaid,
  observedText,
  observedWords,
  prepareEntry,
  recordEveryMs,
  stateOf,
} from "../../relay/index.ts";
import { type WatchRecord, watchFinding, watchRecord } from "../../watch/index.ts";
import type { Desk } from "./desk.ts";
import { signingOf } from "./relay-step.ts";
import type { WatchRun } from "./run-watch.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

/** What is recorded, and by which key. */
export interface RecordStep {
  readonly desk: Desk;
  readonly run: WatchRun;
  readonly key: KeyObject;
  readonly labels?: string | undefined;
}

/** What came of it. */
export interface Recorded {
  readonly line: string;
  readonly findings: readonly Finding[];
  /** Id of the entry that was written now. */
  readonly entry?: string;
}

/** Most characters that all reasons have together: an entry holds 256 KiB. */
const roomForReasons = 60_000;

/** Signs how each watched clause stands; once, as long as there is nothing new to say. */
export async function recordWatch(session: Session, step: RecordStep): Promise<Recorded> {
  const { desk, run, key, labels } = step;
  const { atMs } = run.input;
  const { handoff, people, relay } = desk;
  const { contract, clauses, digest } = handoff;
  const signOff = mayObserve(signingOf(session, desk, key));
  if (!signOff.allowed || !signOff.signer)
    return { line: "Nothing was recorded.\n", findings: signOff.findings };
  const record = watchRecord({ contract, clauses, report: run.report, findings: run.findings, atMs });
  if (!record || record.verdicts.length === 0) return nothingToRecord(record);
  const observed: ObservedSaid = {
    ...record,
    verdicts: shortened(record),
    counters: digestOf(run.merged.windows.filter(({ start }) => start < atMs)),
    ...(labels !== undefined && { labels: await fileDigest(resolve(session.cwd, labels)) }),
    baton: version,
  };
  const before = newestObservation(stateOf(relay.history, session.now().toISOString()), digest);
  if (before && canWait(before, observed, run.plan.windowMs))
    return {
      line: `Nothing new to record: ${before.person} recorded the same on ${before.at.slice(0, 10)} (${shortDigest(before.entry)}).\n`,
      findings: signOff.findings,
    };
  const { model } = contract;
  const entry = prepareEntry({
    history: relay.history,
    people,
    privateKey: key,
    at: session.now().toISOString(),
    draft: {
      ...{ model: model.name, version: model.version, contentDigest: digest },
      ...{ action: "observe", role: signOff.signer.role, observed },
    },
  });
  await relay.append(entry);
  const { person, role } = signOff.signer;
  return {
    entry: entry.id,
    findings: signOff.findings,
    line: `${person} (${role}) recorded the watch of ${model.name} ${model.version} (${shortDigest(digest)}): ${observedText(observed)}\n  relay/${entry.file.name}\n`,
  };
}

function nothingToRecord(record: WatchRecord | undefined): Recorded {
  const message = record
    ? "The contract has no clause that a watch looks at."
    : "No window with rows is over yet, so that there is nothing to sign.";
  return {
    line: "Nothing was recorded.\n",
    findings: [watchFinding("watch.nothing-to-record", { clause: "watch", message })],
  };
}

function shortened({ verdicts }: WatchRecord): ObservedSaid["verdicts"] {
  const longest = Math.min(300, Math.floor(roomForReasons / verdicts.length));
  return verdicts.map(({ why, ...verdict }) => ({
    ...verdict,
    ...(why !== undefined && { why: observedWords(why, longest) }),
  }));
}

/** The same outcomes, and the one before is not old enough yet to need a successor. */
function canWait({ said }: Observation, now: ObservedSaid, windowMs: number): boolean {
  const outcomes = ({ verdicts }: ObservedSaid) =>
    JSON.stringify(verdicts.map(({ clause, outcome }) => [clause, outcome]));
  if (outcomes(said) !== outcomes(now)) return false;
  return Date.parse(now.newest) - Date.parse(said.newest) < recordEveryMs(windowMs);
}

async function fileDigest(path: string): Promise<string> {
  return (await (await openFolder(dirname(path))).digestFile(basename(path))).sha256;
}
