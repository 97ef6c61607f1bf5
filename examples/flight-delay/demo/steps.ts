import { handOverSteps } from "./hand-over-steps.ts";
import { operationSteps } from "./operation-steps.ts";
import type { Step } from "./scene.ts";
import { servingSteps } from "./serving-steps.ts";

/** The walk, as both people do it, until it comes back to where it began. */
export const steps: readonly Step[] = [...handOverSteps, ...servingSteps, ...operationSteps];
