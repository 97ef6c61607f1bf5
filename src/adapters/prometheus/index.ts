export { type WatchMetricsInput, watchMetrics } from "./watch-metrics.ts";
