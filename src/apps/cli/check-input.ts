import { openDataProbe } from "../../adapters/duckdb/index.ts";
import { inspectOnnx, openOnnxModel, runtimeLimits } from "../../adapters/onnx/index.ts";
import {
  type BuilderItem,
  batonLockPath,
  type CheckInput,
  type EvidenceFile,
  largestModelBytes,
  type ModelFacts,
  profilePath,
  readEvidence,
} from "../../evidence/index.ts";
import { type Finding, messageOf } from "../../kernel/index.ts";
import type { People } from "../../relay/index.ts";
import type { Handoff, ReadyHandoff } from "./handoff.ts";
import type { Session } from "./session.ts";

/** Loads everything that checks judge. Without a usable contract only its findings count, and nothing else is read. */
export async function gatherCheckInput(
  session: Session,
  handoff: Handoff & Partial<ReadyHandoff>,
  known: {
    readonly people: People;
    readonly peopleFindings: readonly Finding[];
    readonly peopleFile?: string;
    readonly evidence: readonly EvidenceFile[];
  },
): Promise<CheckInput & { close(): Promise<void> }> {
  const { folder, parsed, files = new Map(), contract } = handoff;
  const probe = await openDataProbe(folder.root);
  const textOf = async (path: string | undefined) =>
    path !== undefined && files.has(path) ? await folder.readText(path) : undefined;
  return {
    ...(contract ? { contract } : {}),
    parseFindings: parsed.findings,
    positionOf: parsed.positionOf,
    files,
    ...(contract ? await modelOf({ folder, contract, files }) : {}),
    runtime: { ...runtimeLimits },
    probe,
    lock: await textOf(contract?.lock),
    batonLock: await textOf(batonLockPath),
    profile: await textOf(profilePath),
    story: await storyOf(handoff),
    people: { present: known.peopleFile !== undefined, findings: known.peopleFindings },
    builderItems: builderItems(session, known.evidence, known.people),
    close: async () => probe.close(),
  };
}

async function modelOf({
  folder,
  contract,
  files,
}: Pick<ReadyHandoff, "folder" | "contract" | "files">): Promise<{ model?: ModelFacts }> {
  const path = contract.run?.kind === "onnx" ? contract.run.path : undefined;
  const size = path === undefined ? undefined : files.get(path)?.size;
  if (path === undefined || size === undefined || size > largestModelBytes) return {};
  return { model: await modelFacts(await folder.read(path)) };
}

/** What a model says of itself, and whether the runtime loads it. */
export async function modelFacts(bytes: Uint8Array): Promise<ModelFacts> {
  try {
    return { ...inspectOnnx(bytes), ...(await loadProblem(bytes)) };
  } catch (thrown) {
    return {
      problem: messageOf(thrown),
      irVersion: 0,
      opsets: {},
      inputs: [],
      outputs: [],
      externalData: [],
      customDomains: [],
    };
  }
}

async function loadProblem(bytes: Uint8Array): Promise<{ loadProblem?: string }> {
  try {
    const runner = await openOnnxModel(bytes);
    await runner.close();
    return {};
  } catch (thrown) {
    return { loadProblem: messageOf(thrown) };
  }
}

async function storyOf({ folder }: Handoff): Promise<ReadonlyMap<string, string>> {
  const paths = (await folder.list("story").catch(() => [])).filter((path) => path.endsWith(".md"));
  return new Map(await Promise.all(paths.map(async (path) => [path, await folder.readText(path)] as const)));
}

function builderItems(session: Session, evidence: readonly EvidenceFile[], people: People): BuilderItem[] {
  return evidence.flatMap(({ bytes }) => {
    const reading = readEvidence(bytes, people, session.now().toISOString());
    if (!reading.ok || reading.run.kind !== "check" || reading.vouching.kind !== "signed") return [];
    if (!reading.vouching.roles.includes("builds")) return [];
    const { by } = reading.vouching;
    return reading.run.items.map((item) => ({ item, by, at: reading.run.finishedAt }));
  });
}
