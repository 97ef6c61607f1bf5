import { canonicalJson, digestOf } from "../../kernel/index.ts";
import { type Cells, type Counters, cellCount } from "../../profile/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import { type ObservationFile, planFields } from "./observation-file.ts";

/** Whether a file was counted on a plan's content, by the same windows, on cells of the same number. */
export function ownFiles(plan: ObservationPlan): (file: ObservationFile) => boolean {
  const { digest, window_ms, latency_edges } = planFields(plan);
  const edges = canonicalJson(latency_edges);
  const fits = (cells: Cells) => {
    const sizes = cells.columns.map(cellCount);
    const name = digestOf(cells);
    return (counters: Counters) =>
      counters.cells === name &&
      counters.columns.length === sizes.length &&
      counters.columns.every(({ counts, sums }, index) => {
        const size = sizes[index]!;
        const summed = cells.columns[index]!.kind === "numeric";
        return counts.length === size && (summed ? sums?.length === size : sums === undefined);
      });
  };
  const [features, outputs] = [fits(plan.features), fits(plan.outputs)];
  return (file) =>
    file.digest === digest &&
    file.window_ms === window_ms &&
    canonicalJson(file.latency_edges) === edges &&
    file.windows.every((window) => features(window.features) && outputs(window.outputs));
}
