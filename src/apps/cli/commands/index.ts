import type { Command } from "commander";
import type { Cli } from "../command.ts";

/** Adds one command to the program. */
type AddCommand = (program: Command, cli: Cli) => void;

/** All commands, in the order of the walk; each is loaded when it is called, so that a small one starts fast. */
const loaders: Readonly<Record<string, () => Promise<AddCommand>>> = {
  init: async () => (await import("./init.ts")).addInit,
  check: async () => (await import("./check.ts")).addCheck,
  clauses: async () => (await import("./clauses.ts")).addClauses,
  profile: async () => (await import("./profile.ts")).addProfile,
  test: async () => (await import("./test.ts")).addTest,
  bench: async () => (await import("./bench.ts")).addBench,
  diff: async () => (await import("./diff.ts")).addDiff,
  key: async () => (await import("./key.ts")).addKey,
  seal: async () => (await import("./seal.ts")).addSeal,
  verify: async () => (await import("./verify.ts")).addVerify,
  inspect: async () => (await import("./inspect.ts")).addInspect,
  offer: async () => (await import("./offer.ts")).addOffer,
  accept: async () => (await import("./accept.ts")).addAccept,
  return: async () => (await import("./return.ts")).addReturn,
  waive: async () => (await import("./waive.ts")).addWaive,
  deploy: async () => (await import("./deploy.ts")).addDeploy,
  rollback: async () => (await import("./rollback.ts")).addRollback,
  countersign: async () => (await import("./countersign.ts")).addCountersign,
  recall: async () => (await import("./recall.ts")).addRecall,
  retire: async () => (await import("./retire.ts")).addRetire,
  resolve: async () => (await import("./resolve.ts")).addResolve,
  status: async () => (await import("./status.ts")).addStatus,
  log: async () => (await import("./log.ts")).addLog,
  audit: async () => (await import("./audit.ts")).addAudit,
  serve: async () => (await import("./serve.ts")).addServe,
  predict: async () => (await import("./predict.ts")).addPredict,
  watch: async () => (await import("./watch.ts")).addWatch,
  review: async () => (await import("./review.ts")).addReview,
  ci: async () => (await import("./ci.ts")).addCi,
  types: async () => (await import("./types.ts")).addTypes,
  explain: async () => (await import("./explain.ts")).addExplain,
  schema: async () => (await import("./schema.ts")).addSchema,
};

/** The commands that an argument list can mean: the one it names, or all, for help and for names that do not exist. */
export async function commandsFor(argv: readonly string[]): Promise<AddCommand[]> {
  const name = argv[0] === "bench-process" ? "bench" : argv[0];
  const loader = name !== undefined && Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  return Promise.all((loader ? [loader] : Object.values(loaders)).map((load) => load()));
}
