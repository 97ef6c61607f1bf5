export { type Observer, openObserver } from "./open-observer.ts";
export { readObservations } from "./read-observations.ts";
export { sampledRows } from "./sampled-rows.ts";
export { readState, writeState } from "./state-file.ts";
