import type { Command } from "commander";
import type { Cli } from "../command.ts";
import { addAccept } from "./accept.ts";
import { addAudit } from "./audit.ts";
import { addBench } from "./bench.ts";
import { addCheck } from "./check.ts";
import { addClauses } from "./clauses.ts";
import { addCountersign } from "./countersign.ts";
import { addDeploy } from "./deploy.ts";
import { addDiff } from "./diff.ts";
import { addExplain } from "./explain.ts";
import { addInit } from "./init.ts";
import { addInspect } from "./inspect.ts";
import { addKey } from "./key.ts";
import { addLog } from "./log.ts";
import { addOffer } from "./offer.ts";
import { addPredict } from "./predict.ts";
import { addProfile } from "./profile.ts";
import { addRecall } from "./recall.ts";
import { addResolve } from "./resolve.ts";
import { addRetire } from "./retire.ts";
import { addReturn } from "./return.ts";
import { addRollback } from "./rollback.ts";
import { addSchema } from "./schema.ts";
import { addSeal } from "./seal.ts";
import { addServe } from "./serve.ts";
import { addStatus } from "./status.ts";
import { addTest } from "./test.ts";
import { addTypes } from "./types.ts";
import { addVerify } from "./verify.ts";
import { addWaive } from "./waive.ts";

/** All commands, in the order of the walk. */
export const commands: readonly ((program: Command, cli: Cli) => void)[] = [
  addInit,
  addCheck,
  addClauses,
  addProfile,
  addTest,
  addBench,
  addDiff,
  addKey,
  addSeal,
  addVerify,
  addInspect,
  addOffer,
  addAccept,
  addReturn,
  addWaive,
  addDeploy,
  addRollback,
  addCountersign,
  addRecall,
  addRetire,
  addResolve,
  addStatus,
  addLog,
  addAudit,
  addServe,
  addPredict,
  addTypes,
  addExplain,
  addSchema,
];
