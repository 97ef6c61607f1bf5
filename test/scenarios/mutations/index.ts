import { contractMutations } from "./contract-mutations.ts";
import { dataMutations } from "./data-mutations.ts";
import { goldenMutations } from "./golden-mutations.ts";
import { modelMutations } from "./model-mutations.ts";
import type { Mutation } from "./mutation.ts";
import { paperMutations } from "./paper-mutations.ts";

/** Every mutation of the example, one defect each. */
export const mutations: readonly Mutation[] = [
  ...contractMutations,
  ...modelMutations,
  ...dataMutations,
  ...goldenMutations,
  ...paperMutations,
];
