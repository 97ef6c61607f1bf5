import { readBytes } from "../adapters/folder/index.ts";
import { openOnnxModel } from "../adapters/onnx/index.ts";
import { type Contract, isMadeUp, parseContract } from "../contract/index.ts";
import {
  type AnsweredRecord,
  createPredictor,
  idsOf,
  type PredictionObserver,
  type Predictor,
  type RejectedRecord,
  recordsOf,
  sketchPredictor,
} from "../inference/index.ts";
import { BatonError } from "../kernel/index.ts";
import { parsePeople } from "../relay/index.ts";
import { type Baton, readBaton, verifyBaton } from "../seal/index.ts";

/** How a baton is opened. */
export interface OpenBatonOptions {
  /**
   * Text of `.baton/people.yaml`: the seal must then be by one of them. Without it the file's form and digests are checked,
   * and whoever could write the file could have sealed it.
   */
  readonly people?: string;
  /** Threads within one operator: 1 unless said otherwise. */
  readonly threads?: number;
  readonly observer?: PredictionObserver;
}

/** A model behind its contract, in this process. */
export interface OpenedModel<Row extends object = Record<string, unknown>, Answer = AnsweredRecord> {
  readonly contract: Contract;
  /** Content digest, hexadecimal SHA-256. */
  readonly digest: string;
  /**
   * Answers rows in their order. A row that breaks a hard clause comes back with `rejections` in place of `outputs`;
   * it does not stop the others.
   */
  predict(rows: readonly Row[]): Promise<(Answer | RejectedRecord)[]>;
  close(): Promise<void>;
}

/**
 * Opens a sealed baton and loads its model. `baton types FILE` writes the types for `Row` and `Answer`.
 * @throws BatonError `file-missing`, `baton-malformed`, `baton-altered`, `baton-refused`, `model-unloadable`, `configuration-invalid`
 */
export async function openBaton<Row extends object = Record<string, unknown>, Answer = AnsweredRecord>(
  file: string,
  options: OpenBatonOptions = {},
): Promise<OpenedModel<Row, Answer>> {
  const bytes = await readBytes(file, { maxBytes: 4 * 1024 ** 3 });
  const baton = options.people === undefined ? readBaton(bytes) : trusted(bytes, options.people, file);
  const contract = contractOf(baton, file);
  const predictor = await predictorOf(contract, baton, options);
  return {
    contract,
    digest: baton.digest,
    async predict(rows) {
      const prediction = await predictor.predictRecords(rows);
      return recordsOf(prediction, idsOf(contract, rows)) as (Answer | RejectedRecord)[];
    },
    close: () => predictor.close(),
  };
}

function trusted(bytes: Uint8Array, peopleText: string, file: string): Baton {
  const now = new Date().toISOString();
  const { people } = parsePeople(peopleText, "people.yaml", now);
  const { baton, findings } = verifyBaton({ bytes, signers: people, now });
  const blocking = findings.find(({ severity }) => severity === "blocking");
  if (!baton || blocking)
    throw new BatonError("baton-refused", `${file}: ${blocking?.message ?? "it cannot be read."}`, {
      file,
      next: blocking?.next,
    });
  return baton;
}

function contractOf(baton: Baton, file: string): Contract {
  const textOf = (path: string) => {
    const content = baton.content.get(path);
    return content && new TextDecoder().decode(content);
  };
  const { contract, findings } = parseContract({
    text: textOf("baton.yaml") ?? "",
    file: "baton.yaml",
    readTable: textOf,
  });
  if (contract) return contract;
  throw new BatonError(
    "configuration-invalid",
    `${file}: ${findings[0]?.message ?? "its contract cannot be used."}`,
    {
      file,
      next: findings[0]?.next,
    },
  );
}

async function predictorOf(
  contract: Contract,
  baton: Baton,
  { threads, observer }: OpenBatonOptions,
): Promise<Predictor> {
  const shared = { now: () => performance.now(), ...(observer ? { observer } : {}) };
  const { run } = contract;
  if (isMadeUp(contract)) return sketchPredictor(contract, contract.model.name, shared);
  const model = run?.kind === "onnx" ? baton.content.get(run.path) : undefined;
  if (!model)
    throw new BatonError(
      "unsupported",
      run ? `Models that run as ${run.kind} are not run in process.` : "The contract names no model.",
      { next: "Export the model to ONNX, and write run: { onnx: … }." },
    );
  return createPredictor({
    contract,
    runner: await openOnnxModel(model, threads ? { threads } : {}),
    ...shared,
  });
}
