export { lowerIsBetter, type Metric, metricNames, metricOf, whyUndefined } from "./metric.ts";
export { decide, ranked, rowsOf, type Sample, subset } from "./sample.ts";
