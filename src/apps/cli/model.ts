import { openOnnxModel } from "../../adapters/onnx/index.ts";
import { isMadeUp } from "../../contract/index.ts";
import {
  createPredictor,
  type PredictionObserver,
  type Predictor,
  sketchPredictor,
} from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import type { ReadyHandoff } from "./handoff.ts";

/** A clock in milliseconds that never goes back. */
export const monotonicMs = (): number => performance.now();

/** The model of a hand-off, behind its contract. A sketch answers with made-up, marked values. @throws BatonError */
export async function openPredictor(
  { contract, folder }: Pick<ReadyHandoff, "contract" | "folder">,
  options: { readonly threads?: number; readonly observer?: PredictionObserver } = {},
): Promise<Predictor> {
  const { run } = contract;
  const shared = { now: monotonicMs, ...(options.observer ? { observer: options.observer } : {}) };
  if (isMadeUp(contract)) return sketchPredictor(contract, contract.model.name, shared);
  if (run === undefined)
    throw new BatonError("configuration-invalid", "The contract names no model.", {
      file: "baton.yaml",
      next: "Add run: { onnx: model.onnx }.",
    });
  if (run.kind !== "onnx")
    throw new BatonError(
      "unsupported",
      `Models that run as ${run.kind} are not run by this version of baton.`,
      {
        next: "Export the model to ONNX, and write run: { onnx: … }.",
      },
    );
  const runner = await openOnnxModel(
    await folder.read(run.path),
    options.threads ? { threads: options.threads } : {},
  );
  try {
    return createPredictor({ contract, runner, ...shared });
  } catch (thrown) {
    await runner.close();
    throw thrown;
  }
}
