export { type Observer, type ObserverOptions, type ObserverSummary, openObserver } from "./open-observer.ts";
