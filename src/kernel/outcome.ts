/**
 * How a claim stands. `not-run` is never shown or counted as `pass` and blocks what `fail` blocks;
 * `not-applicable` always carries a reason that the program computed.
 */
export type Outcome = "pass" | "fail" | "not-run" | "not-applicable";

const order: readonly Outcome[] = ["fail", "not-run", "pass", "not-applicable"];

/** The worst of several outcomes (fail, not-run, pass, not-applicable); `not-run` for none at all. */
export function worstOutcome(outcomes: readonly Outcome[]): Outcome {
  return order.find((outcome) => outcomes.includes(outcome)) ?? "not-run";
}

/** True for what must stop an offer or an acceptance. */
export function blocksSignOff(outcome: Outcome): boolean {
  return outcome === "fail" || outcome === "not-run";
}
