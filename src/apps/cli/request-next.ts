import type { KeyObject } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { oneAtATime } from "../../adapters/folder/index.ts";
import { BatonError, type Finding, shortDigest } from "../../kernel/index.ts";
import {
  mayRequest,
  openRequests,
  prepareEntry,
  type RequestSaid,
  stateOf,
  type VersionRequest,
} from "../../relay/index.ts";
import { type Firing, type RequestNotice, type TriggerReport, watchFinding } from "../../watch/index.ts";
import { deliver, type Told } from "./deliveries.ts";
import type { Desk } from "./desk.ts";
import { withDuckdb } from "./hand-off-rows.ts";
import { type Alerting, alertings, type OpsFile } from "./ops-file.ts";
import { signingOf } from "./relay-step.ts";
import { openRelay, type RelayStore } from "./relay-store.ts";
import { writeRequestRows } from "./request-rows.ts";
import type { WatchRun } from "./run-watch.ts";
import type { Session } from "./session.ts";
import { labelColumns } from "./watch-labels.ts";

/** What asks for the next version, and with what. */
export interface RequestStep {
  readonly desk: Desk;
  readonly run: WatchRun;
  readonly key: KeyObject;
  readonly labels?: string | undefined;
  readonly relay?: string | undefined;
  /** Who is told; nobody where absent. */
  readonly ops?: OpsFile | undefined;
}

/** What came of it. */
export interface Requested {
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
  /** Ids of entries that were written now. */
  readonly signed: readonly string[];
  readonly told: readonly (Told & { readonly request: string })[];
}

/**
 * Signs a request for every trigger that stands, and tells those whom the environment names. The same firing is signed once, and
 * nobody hears of it twice: what was interrupted goes on where it stopped, and of two that run at once on one relay the second
 * waits and finds what the first has done.
 */
export async function requestNext(session: Session, step: RequestStep): Promise<Requested> {
  const alerts = step.ops ? alertings(session, step.ops) : [];
  const stands = (step.run.report.triggers ?? []).some(({ standing }) => standing);
  if (!stands && alerts.length === 0) return asking(session, step, alerts);
  const { folder } = step.desk.relay;
  return oneAtATime(join(dirname(folder), `.${basename(folder)}.lock`), async () => {
    const relay = await reopened(session, step);
    return asking(session, { ...step, desk: { ...step.desk, relay } }, alerts);
  });
}

async function asking(session: Session, step: RequestStep, alerts: readonly Alerting[]): Promise<Requested> {
  const { desk, run } = step;
  const lines: string[] = [];
  const findings: Finding[] = [];
  const signed: string[] = [];
  let relay = desk.relay;
  for (const trigger of run.report.triggers ?? []) {
    if (!trigger.standing || wasAsked(session, desk, relay, trigger, trigger.standing)) continue;
    const asked = await askOnce(session, { ...step, desk: { ...desk, relay } }, trigger, trigger.standing);
    lines.push(...asked.lines);
    findings.push(...asked.findings);
    if (asked.entry === undefined) continue;
    signed.push(asked.entry);
    relay = await reopened(session, step);
  }
  const telling = await tellAll(session, { ...step, desk: { ...desk, relay } }, alerts);
  if (signed.length === 0 && telling.told.length === 0 && findings.length === 0)
    lines.push("Nothing to ask for: no trigger stands that was not asked about.\n");
  return {
    lines: [...lines, ...telling.lines],
    findings: [...findings, ...telling.findings],
    signed,
    told: telling.told,
  };
}

function reopened(session: Session, { desk, relay }: RequestStep): Promise<RelayStore> {
  const model = desk.handoff.contract.model.name;
  return openRelay(session, desk.handoff, { people: desk.people, model, ...(relay && { relay }) });
}

/** The same firing was signed before, whether or not a version has answered it since. */
function wasAsked(
  session: Session,
  { handoff }: Desk,
  { history }: RelayStore,
  { clause }: TriggerReport,
  { window }: Firing,
): boolean {
  const { requests } = stateOf(history, session.now().toISOString());
  return requests.some(
    ({ contentDigest, said }) =>
      contentDigest === handoff.digest && said?.clause === clause && said.window === window,
  );
}

interface Asked {
  readonly entry?: string;
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

async function askOnce(
  session: Session,
  step: RequestStep,
  trigger: TriggerReport,
  firing: Firing,
): Promise<Asked> {
  const { desk, key } = step;
  const { handoff, people, relay } = desk;
  const { clause } = trigger;
  const signOff = mayRequest({ ...signingOf(session, desk, key), clause });
  const open = signOff.findings.some(({ code }) => code === "relay.already-requested");
  if (!signOff.allowed || !signOff.signer || open) return { lines: [], findings: signOff.findings };
  const rows = await rowsFor(session, step, trigger, firing);
  const last = trigger.windows.find(({ start }) => start === firing.window);
  const said: RequestSaid = {
    clause,
    window: firing.window,
    reason: firing.reason,
    values: Object.entries(last?.values ?? {}).map(([name, value]) => ({ name, value })),
    ...(rows && { rows }),
  };
  const { model } = handoff.contract;
  const entry = prepareEntry({
    history: relay.history,
    people,
    privateKey: key,
    at: session.now().toISOString(),
    draft: {
      ...{ model: model.name, version: model.version, contentDigest: handoff.digest },
      ...{ action: "request", role: signOff.signer.role, request: said },
    },
  });
  await relay.append(entry);
  const { person, role } = signOff.signer;
  return {
    entry: entry.id,
    lines: [
      `${person} (${role}) asked for the version after ${model.name} ${model.version} (${shortDigest(handoff.digest)}): ${clause}\n  relay/${entry.file.name}${rows ? `, requests/${rows.file} (${rows.count} rows to learn from)` : ""}\n`,
    ],
    findings: rows
      ? signOff.findings
      : [
          ...signOff.findings,
          watchFinding("watch.request-without-rows", {
            clause,
            message: "None of the sampled rows in the windows that fired has a label.",
          }),
        ],
  };
}

const requestsFolder = ({ folder }: RelayStore) => join(dirname(folder), "requests");

async function rowsFor(
  session: Session,
  { desk, run, labels }: RequestStep,
  { id, for: span }: TriggerReport,
  { window }: Firing,
): Promise<RequestSaid["rows"]> {
  const { contract, digest } = desk.handoff;
  if (labels === undefined || !contract.labels || contract.data.label === undefined) return undefined;
  const path = resolve(session.cwd, labels);
  const moment = window.replace(/[-:]|\.000/g, "").toLowerCase();
  const file = `${id}-${moment}-${shortDigest(digest)}.parquet`;
  const { key } = contract.labels;
  const { label } = contract.data;
  return withDuckdb(async (duckdb) => {
    const columns = await labelColumns(duckdb, path, { label, names: [key, "id"] });
    const source = {
      contract,
      plan: run.plan,
      rowFiles: run.rowFiles,
      labels: { path, ...columns },
      windows: windowsOf(window, span, run.plan.windowMs),
    };
    const written = await writeRequestRows(duckdb, source, join(requestsFolder(desk.relay), file));
    return written && { file, ...written };
  });
}

/** The last k windows up to one, by their starts. */
function windowsOf(window: string, span: string, windowMs: number): Set<number> {
  const of = Number(span.split(" of ")[1] ?? 1);
  return new Set(Array.from({ length: of }, (_, at) => Date.parse(window) - at * windowMs));
}

async function tellAll(session: Session, { desk, ops }: RequestStep, alerts: readonly Alerting[]) {
  const { handoff, relay } = desk;
  const lines: string[] = [];
  const findings: Finding[] = [];
  const told: (Told & { readonly request: string })[] = [];
  if (alerts.length === 0 || !ops?.ops) return { lines, findings, told };
  const { requests } = stateOf(relay.history, session.now().toISOString());
  for (const request of openRequests({ requests })) {
    if (request.contentDigest !== handoff.digest || !request.said) continue;
    const notice = noticeOf(request, request.said, { handoff, relay, ops: ops.ops });
    const done = await deliver(notice, { alerts, folder: requestsFolder(relay), now: session.now });
    findings.push(...done.findings);
    for (const { name, outcome } of done.told) {
      told.push({ name, outcome, request: request.entry });
      if (outcome !== "failed")
        lines.push(
          `  ${outcome === "told" ? "told" : "told before"}: ${name}, of ${shortDigest(request.entry)}\n`,
        );
    }
  }
  return { lines, findings, told };
}

function noticeOf(
  { entry, at, contentDigest, version }: VersionRequest,
  said: RequestSaid,
  { handoff, relay, ops }: Pick<Desk, "handoff" | "relay"> & { readonly ops: NonNullable<OpsFile["ops"]> },
): RequestNotice {
  const name = relay.history.entries.find(({ id }) => id === entry)?.name;
  const file = relay.entries.find((one) => one.name === name);
  if (!file) throw new BatonError("relay-broken", `The entry ${shortDigest(entry)} is not in the folder.`);
  return {
    id: entry,
    model: handoff.contract.model.name,
    ...{ version, contentDigest, at, said },
    environment: ops.environment,
    ...(ops["on-call"] !== undefined && { onCall: ops["on-call"] }),
    entry: JSON.parse(Buffer.from(file.bytes).toString("utf8")),
  };
}
