export { type Observer, openObserver } from "./open-observer.ts";
export { readObservations } from "./read-observations.ts";
