import type { Contract } from "../contract/index.ts";
import { BatonError } from "../kernel/index.ts";
import { bindInputs } from "./bind-inputs.ts";
import { bindOutputs } from "./bind-outputs.ts";
import { compileEncoder } from "./encode-tensors.ts";
import { interpretOutputs } from "./interpret.ts";
import type { ModelRunner } from "./model-runner.ts";
import { type PredictorOptions, predictPath } from "./predict-path.ts";
import type { Predictor } from "./prediction.ts";

/** Rows in one run: enough to fill the runtime, few enough to bound memory. */
const rowsPerRun = 4096;

/**
 * A predictor on a loaded model. Closing it closes the runner.
 * @throws BatonError `configuration-invalid` where contract and model disagree
 */
export function createPredictor(
  options: { readonly contract: Contract; readonly runner: ModelRunner } & PredictorOptions,
): Predictor {
  const { contract, runner } = options;
  const inputs = bindInputs(contract, runner);
  const problem = [...inputs.problems, ...bindOutputs(contract, runner).problems][0];
  if (problem)
    throw new BatonError("configuration-invalid", `Contract and model disagree. ${problem.message}`, {
      next: `${problem.next} \`baton check\` lists every difference.`,
    });
  const encode = compileEncoder(inputs.bindings);
  const source = {
    mostRows: Math.min(inputs.mostRows, rowsPerRun),
    answer: async (...[table, rows]: Parameters<typeof encode>) =>
      interpretOutputs(contract, await runner.run(encode(table, rows)), rows.length),
    close: () => runner.close(),
  };
  return predictPath(contract, source, options);
}
