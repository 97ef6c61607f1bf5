export { type ObservationPlan, observationPlan } from "./observe/observation-plan.ts";
export { logColumns } from "./observe/prediction-log.ts";
export { type ObservedCall, openSegment, type Segment } from "./observe/segment.ts";
export { planFields, segmentNames } from "./windows/observation-file.ts";
