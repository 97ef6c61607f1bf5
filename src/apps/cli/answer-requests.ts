import type { KeyObject } from "node:crypto";
import { basename, resolve } from "node:path";
import type { ColumnRequest, Duckdb } from "../../adapters/duckdb/index.ts";
import { readBytes } from "../../adapters/folder/index.ts";
import type { Contract, Table } from "../../contract/index.ts";
import {
  type Comparison,
  compareVersions,
  comparisonClause,
  type EvidenceItem,
  type EvidenceRun,
} from "../../evidence/index.ts";
import { BatonError, type Finding, sha256, shortDigest } from "../../kernel/index.ts";
import {
  contentIn,
  openRequests,
  type RelayState,
  requestFinding,
  stateOf,
  type VersionRequest,
  waiverOf,
} from "../../relay/index.ts";
import type { Desk } from "./desk.ts";
import { keepEvidence, readsNow } from "./evidence-store.ts";
import { featureRequests, readJointRows, withDuckdb } from "./hand-off-rows.ts";
import { thisHost } from "./host.ts";
import { openPredictor } from "./model.ts";
import type { Previous } from "./previous.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

/** How an acceptance answers the requests that are open. */
export interface RequestAnswer {
  /** Ids of the requests that the acceptance closes. */
  readonly closes: readonly string[];
  /** Champion against challenger, as it goes into evidence. */
  readonly items: readonly EvidenceItem[];
  readonly findings: readonly Finding[];
}

interface AnswerInput {
  readonly key: KeyObject;
  readonly previous: Previous;
  /** Rows of an open request: see {@link findFreshRows}. */
  readonly fresh?: FreshRows | undefined;
  /** Accepted whole: only that answers a request. */
  readonly whole: boolean;
}

/**
 * Compares the version that runs with the one to be accepted, on the joint set and on the rows of a request, where requests for the
 * version after another are open, and says which of them this acceptance closes.
 */
export async function answerRequests(
  session: Session,
  desk: Desk,
  input: AnswerInput,
): Promise<RequestAnswer> {
  const state = stateOf(desk.relay.history, session.now().toISOString());
  const open = openFor(desk, state);
  if (!input.whole || open.length === 0) return { closes: [], items: [], findings: [] };
  const items = input.previous.handoff ? await compared(session, desk, input) : [];
  return {
    closes: open.map(({ entry }) => entry),
    items,
    findings: [...closing(open), ...worseFindings(desk, items, { open, at: state.at })],
  };
}

/** Requests that this content may answer. */
function openFor({ handoff }: Desk, state: RelayState): VersionRequest[] {
  return openRequests(state).filter(({ contentDigest }) => contentDigest !== handoff.digest);
}

/** A file that an open request names by its digest. */
export interface FreshRows {
  readonly path: string;
  readonly name: string;
  readonly digest: string;
}

/** Only the bytes that a request names: whoever chooses other rows chooses the winner. @throws BatonError `usage` for others */
export async function findFreshRows(session: Session, desk: Desk, file: string): Promise<FreshRows> {
  const open = openFor(desk, stateOf(desk.relay.history, session.now().toISOString()));
  const path = resolve(session.cwd, file);
  const digest = sha256(await readBytes(path, { maxBytes: 4 * 1024 ** 3 }));
  if (open.some(({ said }) => said?.rows?.sha256 === digest)) return { path, name: basename(file), digest };
  const named = open.flatMap(({ said }) => (said?.rows ? [`requests/${said.rows.file}`] : []));
  throw new BatonError("usage", `${file} is not the file of an open request (${shortDigest(digest)}).`, {
    file,
    next:
      named.length > 0
        ? `Name ${named.join(" or ")} as it was signed.`
        : "Leave out --fresh: no request has rows.",
  });
}

async function compared(
  session: Session,
  { handoff }: Desk,
  { key, previous, fresh }: AnswerInput,
): Promise<EvidenceItem[]> {
  const { contract } = handoff;
  const champion = previous.handoff!;
  if (contract.run === undefined || champion.contract.run === undefined) return [];
  const startedAt = session.now().toISOString();
  const [ours, theirs] = [await openPredictor(handoff), await openPredictor(champion)];
  try {
    const all = await readsNow(handoff, previous.digest);
    const reads = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith("clause:")));
    const base = {
      contract,
      challenger: ours,
      champion: { version: champion.contract.model.version, predictor: theirs },
    };
    const joint = await withDuckdb((duckdb) => readJointRows(duckdb, handoff));
    const rows =
      fresh && (await withDuckdb((duckdb) => readFresh(duckdb, fresh.path, contract, champion.contract)));
    const comparisons: Comparison[] = [
      ...(joint ? [{ ...base, on: "joint" as const, rows: joint, reads }] : []),
      ...(rows && fresh
        ? [
            {
              ...base,
              on: "fresh" as const,
              rows,
              reads: { ...reads, [`data:requests/${fresh.name}`]: fresh.digest },
            },
          ]
        : []),
    ];
    const items: EvidenceItem[] = [];
    for (const comparison of comparisons) items.push(await compareVersions(comparison));
    const run: EvidenceRun = {
      kind: "test",
      tool: { name: "baton", version },
      model: contract.model.name,
      version: contract.model.version,
      host: thisHost(),
      startedAt,
      finishedAt: session.now().toISOString(),
      items,
    };
    if (items.length > 0) await keepEvidence(handoff, run, key);
    return items;
  } finally {
    await ours.close();
    await theirs.close();
  }
}

/** Features of both versions and the label, as far as the file has them. */
async function readFresh(
  duckdb: Duckdb,
  path: string,
  contract: Contract,
  champion: Contract,
): Promise<Table | undefined> {
  const there = new Set((await duckdb.schema(path)).map(({ name }) => name));
  const label = contract.data.label;
  if (label === undefined || !there.has(label)) return undefined;
  const requests = new Map<string, ColumnRequest>();
  for (const request of [...featureRequests(champion), ...featureRequests(contract)])
    if (there.has(request.column)) requests.set(request.name, request);
  requests.set(label, { column: label, name: label, type: "float64" });
  const batchRows = Math.max(1, await duckdb.rowCount(path));
  for await (const table of duckdb.readTables(path, { columns: [...requests.values()], batchRows }))
    return table;
  return undefined;
}

function closing(open: readonly VersionRequest[]): Finding[] {
  return open.map(({ entry, person, at, version: asked, said }) =>
    requestFinding("relay.closes-requests", {
      ...(said && { clause: said.clause }),
      message: `${person} asked for the version after ${asked} on ${at.slice(0, 10)} (${shortDigest(entry)}); this acceptance answers it.`,
    }),
  );
}

/** A certain loss on fresh rows blocks; the owner of the trigger that asked may waive it. */
function worseFindings(
  { handoff, relay }: Desk,
  items: readonly EvidenceItem[],
  { open, at }: { readonly open: readonly VersionRequest[]; readonly at: string },
): Finding[] {
  const content = contentIn(stateOf(relay.history, at), handoff.digest);
  const asked = open.flatMap(({ said }) => handoff.clauses.filter(({ id }) => id === said?.clause));
  const waiver = asked.map((clause) => waiverOf(clause, content)).find((one) => one !== undefined);
  return items
    .filter(({ clause, outcome }) => clause === comparisonClause.fresh && outcome === "fail")
    .flatMap(({ findings }) =>
      findings.map((finding) => ({
        ...finding,
        ...(asked[0] && { clause: asked[0].id }),
        ...(waiver && {
          severity: "warning" as const,
          message: `${finding.message} Waived by ${waiver.person} as ${waiver.role} until ${waiver.until.slice(0, 10)}: ${waiver.note ?? ""}`,
        }),
      })),
    );
}
