import type { KeyObject } from "node:crypto";
import { resolve } from "node:path";
import { openDuckdb } from "../../adapters/duckdb/index.ts";
import {
  type EvidenceFile,
  type EvidenceRun,
  requiredTest,
  runTests,
  staleItems,
  type TestInput,
  type VerdictInput,
} from "../../evidence/index.ts";
import type { Predictor } from "../../inference/index.ts";
import { BatonError, messageOf } from "../../kernel/index.ts";
import type { Desk } from "./desk.ts";
import { keepEvidence, readsNow, verdictInput } from "./evidence-store.ts";
import { readGoldenRows, readJointRows } from "./hand-off-rows.ts";
import { thisHost } from "./host.ts";
import { openPredictor } from "./model.ts";
import type { Previous } from "./previous.ts";
import { startProgress } from "./progress.ts";
import { loadReimplementation } from "./reimplementation.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

/** What a test run is asked. */
export interface TestRequest {
  readonly key: KeyObject | undefined;
  readonly previous: Previous;
  /** Run again what still holds. */
  readonly all: boolean;
  /** File of an engineer's preprocessing. */
  readonly transform?: string;
  /** Only evidence of this side counts as holding. */
  readonly side?: string;
}

/** A test run that was kept, or nothing to do. */
export interface TestDone {
  readonly run?: EvidenceRun;
  readonly file?: EvidenceFile;
  /** Clauses whose evidence still held. */
  readonly held: readonly string[];
}

/** Runs the tests whose evidence does not hold (or all), signs and keeps the result. */
export async function testHandoff(session: Session, desk: Desk, request: TestRequest): Promise<TestDone> {
  const { handoff, people } = desk;
  const before = await verdictInput(session, handoff, people, {
    ...(request.previous.digest ? { previous: request.previous.digest } : {}),
    ...(request.side ? { side: request.side } : {}),
  });
  const only = clausesToRun(before, request);
  const tested = handoff.clauses.filter(
    (clause) =>
      clause.kind !== "budget" && clause.kept.some((way) => requiredTest(clause, way) !== undefined),
  );
  const held = only ? tested.map(({ id }) => id).filter((id) => !only.has(id)) : [];
  if (only?.size === 0) return { held };
  const progress = startProgress(
    session,
    `testing ${handoff.contract.model.name} ${handoff.contract.model.version}`,
  );
  const input = await gatherTestInput(session, desk, request, only, (part) => progress.at(part));
  try {
    const run = await runTests(input);
    progress.done(`${run.items.length} results`);
    return { run, file: await keepEvidence(handoff, run, request.key), held };
  } finally {
    await input.predictor?.close();
    await input.previous?.predictor.close();
    input.release();
  }
}

function clausesToRun(input: VerdictInput, { all, transform }: TestRequest): Set<string> | undefined {
  if (all) return undefined;
  const stale = staleItems(input)
    .filter(({ test }) => test !== "budget")
    .map(({ clause }) => clause);
  return new Set([...stale, ...(transform ? ["golden"] : [])]);
}

async function gatherTestInput(
  session: Session,
  { handoff }: Desk,
  { previous, transform }: TestRequest,
  only: Set<string> | undefined,
  onPart: (part: string) => void,
): Promise<TestInput & { release(): void }> {
  const { contract, clauses } = handoff;
  const before = previous.handoff;
  const duckdb = await openDuckdb();
  return {
    contract,
    clauses,
    reads: await readsNow(handoff, previous.digest),
    ...(await tryPredictor(() => openPredictor(handoff))),
    ...optional("jointRows", await readJointRows(duckdb, handoff)),
    ...optional("goldenRows", await readGoldenRows(duckdb, handoff)),
    ...(before
      ? { previous: { version: before.contract.model.version, predictor: await openPredictor(before) } }
      : {}),
    transforms: duckdb,
    ...(transform
      ? { reimplementation: await loadReimplementation(resolve(session.cwd, transform), transform) }
      : {}),
    now: () => session.now().toISOString(),
    host: thisHost(),
    tool: { name: "baton" as const, version },
    ...(only ? { only } : {}),
    onPart,
    release: () => duckdb.close(),
  };
}

/** The model, or why it cannot be had: what needs it is then not-run, and says so. */
async function tryPredictor(
  open: () => Promise<Predictor>,
): Promise<{ predictor?: Predictor; whyNoPredictor?: string }> {
  try {
    return { predictor: await open() };
  } catch (thrown) {
    if (thrown instanceof BatonError) return { whyNoPredictor: messageOf(thrown) };
    throw thrown;
  }
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
}
