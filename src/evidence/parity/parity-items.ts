import type { Golden, Table } from "../../contract/index.ts";
import type { EvidenceItem } from "../evidence.ts";
import { guarded, itemOf, type Judgement, notRun } from "../evidence-item.ts";
import { type ReadNeed, readsFor } from "../statements/reads.ts";
import { type TestInput, whyNoModel } from "../test-input.ts";
import { rawParity, reimplementationParity, transformParity } from "./parity-features.ts";
import { predictionParity } from "./parity-prediction.ts";

type Layer = Golden["layers"][number];

const needs: Readonly<Record<Layer, readonly ReadNeed[]>> = {
  raw: ["golden", "features"],
  features: ["golden", "features"],
  prediction: ["golden", "model", "features", "outputs", "rules"],
};

/** Compares each layer of the golden rows that the contract names, and an engineer's preprocessing where there is one. */
export async function parityItems(input: TestInput): Promise<EvidenceItem[]> {
  const { contract, goldenRows: rows, reimplementation } = input;
  const { golden } = contract;
  if (!golden) return [];
  input.onPart?.("parity");
  const readsOf = (layer: Layer) => readsFor(input.reads, contract, "golden", needs[layer]);
  if (!rows)
    return [itemOf(notRun("golden", "parity", `${golden.rows} is not at hand`), readsOf("prediction"))];
  const items: EvidenceItem[] = [];
  for (const layer of golden.layers)
    items.push(itemOf(await judgeLayer(input, golden, rows, layer), readsOf(layer)));
  if (reimplementation) {
    const judgement = await guarded("golden", "re-implementation", () =>
      reimplementationParity({ contract, rows }, reimplementation.prepare),
    );
    const own = { [`data:${reimplementation.name}`]: reimplementation.digest };
    items.push(itemOf(judgement, { ...readsOf("features"), ...own }));
  }
  return items;
}

function judgeLayer(input: TestInput, golden: Golden, rows: Table, layer: Layer): Promise<Judgement> {
  const { contract, predictor, transforms } = input;
  return guarded("golden", "parity", () => {
    if (layer === "raw") return rawParity({ contract, rows });
    if (layer === "features") return transformParity({ contract, rows }, transforms);
    const lacking = whyNoModel(input);
    if (lacking !== undefined || !predictor)
      return notRun("golden", "parity", `prediction layer: ${lacking ?? "there is no model"}`);
    return predictionParity({ contract, golden, rows, predictor });
  });
}
