import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Prediction, Violation } from "../../inference/index.ts";

/** What the server counts; Prometheus text at `/metrics`. */
export interface ServerMetrics {
  readonly registry: Registry;
  /** One call of the model, answered or not. */
  prediction(prediction: Prediction, durationMs: number): void;
  /** One HTTP reply. */
  reply(route: string, status: number, durationMs: number): void;
  /** Something was thrown that nobody caught; the server goes on. */
  fault(kind: "unhandled-rejection" | "uncaught-exception"): void;
  /** Calls that an observer was not shown, or on which it failed. */
  observationLost(calls: number): void;
}

/**
 * Counters of one served model. Every label comes from the contract, the route table or a fixed list,
 * never from a request: the number of series does not grow with traffic.
 */
export function createMetrics(model: string, version: string, inFlight: () => number): ServerMetrics {
  const registry = new Registry();
  registry.setDefaultLabels({ model, version });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const rows = rowCounter(registers);
  const violations = new Counter({
    name: "baton_violations_total",
    help: "Values that broke (rejected) or strained (warned) a clause; clause other: not told apart in very large calls.",
    labelNames: ["clause", "code", "reaction"],
    registers,
  });
  const modelSeconds = new Histogram({
    name: "baton_predict_seconds",
    help: "Time from decoded request to interpreted answer.",
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const httpSeconds = new Histogram({
    name: "baton_http_request_seconds",
    help: "Time from request to reply.",
    labelNames: ["route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const faults = new Counter({
    name: "baton_faults_total",
    help: "Errors that nobody caught; the server went on.",
    labelNames: ["kind"],
    registers,
  });
  const lost = new Counter({
    name: "baton_observations_lost_total",
    help: "Calls that the observer was not shown because it was behind, or on which it failed.",
    registers,
  });
  new Gauge({
    name: "baton_requests_in_flight",
    help: "Prediction requests being worked on.",
    registers,
    collect() {
      this.set(inFlight());
    },
  });
  const countViolations = (list: readonly Violation[], all: number, reaction: string) => {
    for (const { clause, code } of list) violations.inc({ clause, code, reaction });
    if (all > list.length) violations.inc({ clause: "other", code: "other", reaction }, all - list.length);
  };
  return {
    registry,
    prediction(prediction, durationMs) {
      modelSeconds.observe(durationMs / 1000);
      rows(prediction);
      countViolations(prediction.rejections, prediction.counts.rejections, "rejected");
      countViolations(prediction.warnings, prediction.counts.warnings, "warned");
    },
    reply: (route, status, durationMs) =>
      httpSeconds.observe({ route, status: String(status) }, durationMs / 1000),
    fault: (kind) => faults.inc({ kind }),
    observationLost: (calls) => lost.inc(calls),
  };
}

function rowCounter(registers: Registry[]): (prediction: Prediction) => void {
  const rows = new Counter({
    name: "baton_rows_total",
    help: "Rows by what became of them: answered, rejected, or withheld because the answer broke the contract.",
    labelNames: ["outcome"],
    registers,
  });
  const [answered, withheld, rejected] = ["answered", "withheld", "rejected"].map((outcome) => {
    rows.inc({ outcome }, 0);
    return rows.labels({ outcome });
  });
  return (prediction) => {
    let answers = 0;
    for (const one of prediction.answered) answers += one;
    answered?.inc(answers);
    if (answers === prediction.rows) return;
    const held = rowsWithheld(prediction.rejections);
    withheld?.inc(held);
    rejected?.inc(Math.max(0, prediction.rows - answers - held));
  };
}

function rowsWithheld(rejections: readonly Violation[]): number {
  return new Set(rejections.filter(({ code }) => code.startsWith("output.")).map(({ row }) => row)).size;
}
