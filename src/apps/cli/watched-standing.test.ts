import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractOf } from "../../../test/support/contract-of.ts";
import type { Observation, RelayState } from "../../relay/index.ts";
import { agedText, recordStanding, recordText, watchedStandings } from "./watched-standing.ts";

const dayMs = 86_400_000;
const instant = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
const contract = contractOf({ watch: { window: "1d", falseAlarms: "1 per 90d", keepRows: 0 } as never });

function standing(outcome: "pass" | "fail" | "insufficient" | "not-run", passedMs: number, digest = "c") {
  const observation: Observation = {
    ...{
      contentDigest: "c",
      version: "1.0.0",
      entry: "e",
      person: "bot",
      role: "service",
      at: instant(dayMs),
    },
    said: {
      ...{ from: instant(0), newest: instant(0), windows: 1, counters: "", baton: "1.0.0" },
      verdicts: [{ clause: "watch", outcome, ...(outcome !== "pass" && { why: "because" }) }],
    },
  };
  const state = { at: instant(passedMs), observations: [observation] } as unknown as RelayState;
  return recordStanding(state, { contract, digest });
}

describe("how clauses stand by the record of a watch", () => {
  it("is the record's word with age and signer, and not-run where it is too little to tell", () => {
    const said = (outcome: Parameters<typeof standing>[0]) =>
      watchedStandings(standing(outcome, 2 * dayMs)!).get("watch")!;
    const evidence = { id: "e", at: instant(dayMs), by: "bot", side: "service" };
    const aged = "as of the window of 2026-01-01, 1 window ago";
    expect(said("pass")).toEqual({ outcome: "pass", why: `watched: ${aged}`, evidence });
    expect(said("fail")).toEqual({ outcome: "fail", why: `because; ${aged}`, evidence });
    expect(said("insufficient")).toEqual({
      ...{ outcome: "not-run", why: `insufficient: because; ${aged}`, evidence },
    });
    expect(recordText(standing("fail", 2 * dayMs)!)).toBe(
      "watched up to the window of 2026-01-01, 1 window ago, recorded by bot (service): 1 fail (watch)",
    );
  });

  it("is no word on other content", () => {
    expect(standing("pass", dayMs, "other")).toBeUndefined();
  });

  it("passes by a fresh pass alone", () => {
    const outcome = fc.constantFrom("pass", "fail", "insufficient", "not-run" as const);
    fc.assert(
      fc.property(outcome, fc.nat(10 * dayMs), (recorded, passedMs) => {
        const record = standing(recorded, passedMs)!;
        const said = watchedStandings(record).get("watch")!;
        const isFresh = passedMs < 4 * dayMs;
        expect(said.outcome === "pass").toBe(isFresh && recorded === "pass");
        expect(said.outcome === "fail").toBe(isFresh && recorded === "fail");
        expect(agedText(record).includes("stale")).toBe(!isFresh);
        if (!isFresh) expect(said.evidence).toBeUndefined();
      }),
    );
  });
});
