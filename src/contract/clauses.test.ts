import { describe, expect, it } from "vitest";
import { clausesOf } from "./clauses.ts";
import type { Contract } from "./contract.ts";
import { fullContract } from "./contract-examples.ts";
import { parseContract } from "./written/parse-contract.ts";

const parse = (text: string) => parseContract({ text, file: "baton.yaml" }).contract as Contract;
const full = parse(fullContract);
const digests = (contract: Contract) => Object.fromEntries(clausesOf(contract).map((c) => [c.id, c.digest]));

describe("clauses", () => {
  it("say who owns them and how they are kept", () => {
    const table = Object.fromEntries(clausesOf(full).map((c) => [c.id, `${c.owner}: ${c.kept.join(" ")}`]));
    expect(table).toEqual({
      "features.wind_speed": "builds: enforced watched",
      "features.seats": "builds: enforced",
      "features.origin": "builds: enforced watched",
      "features.dest": "builds: enforced",
      "outputs.late_probability": "builds: enforced",
      "rules.not-a-loop": "builds: enforced",
      "gates.auc": "builds: tested",
      "gates.auc-by-origin": "business: tested",
      "gates.no-worse": "builds: tested",
      "behaviours.more-wind": "builds: tested",
      golden: "builds: tested",
      budget: "runs: tested",
      watch: "runs: watched",
      "retrain.drifted-and-worse": "runs: watched",
      review: "runs: watched",
      "limitations.new-airports": "builds: enforced watched",
      "limitations.no-international": "builds: stated",
    });
  });

  it("watch nothing without a drift policy", () => {
    const { watch: _, ...rest } = full;
    const wind = clausesOf(rest).find((c) => c.id === "features.wind_speed");
    expect(wind?.kept).toEqual(["enforced"]);
  });

  it("are kept by nothing where a limitation names no clause", () => {
    const broken = parse(fullContract.replace("kept-by: features.origin", "kept-by: features.nowhere"));
    expect(clausesOf(broken).find((c) => c.id === "limitations.new-airports")).toMatchObject({
      kept: [],
      keptBy: "features.nowhere",
    });
  });
});

describe("the digest of a clause", () => {
  const before = digests(full);
  const changed = (from: string, to: string) => {
    expect(fullContract).toContain(from);
    const after = digests(parse(fullContract.replace(from, to)));
    return Object.keys(before).filter((id) => before[id] !== after[id]);
  };

  it.each([
    ["how: Hourly observation", "how: Each minute"],
    ["why: Gusts close runways.", "why: They do."],
    ["owner: business", "owner: runs"],
    ["text: No flight ends where it began.", "text: Something."],
    ["meaning: Probability of 30 minutes or more.", "meaning: Late."],
    ["builds: forecasting@example.org", "builds: other@example.org"],
  ])("does not change with prose or owner: %s", (from, to) => expect(changed(from, to)).toEqual([]));

  it.each([
    ["range: [0, 120]", "range: [0, 121]", "features.wind_speed"],
    ["unit: mph", "unit: m/s", "features.wind_speed"],
    ["roc_auc >= 0.62", "roc_auc >= 0.61", "gates.auc-by-origin"],
    ["share: 0.9", "share: 0.8", "behaviours.more-wind"],
    ["p99: 50ms", "p99: 60ms", "budget"],
    ["text: Only domestic flights were seen.", "text: Nothing abroad.", "limitations.no-international"],
    ["window: 1d", "window: 2d", "watch"],
  ])("changes with the promise, and only that one's: %s", (from, to, id) =>
    expect(changed(from, to)).toEqual([id]),
  );

  it("does not depend on the form in which it is written", () => {
    const flow = parse(
      fullContract.replace("review: { first: 7d, every: 30d }", "review:\n  every: 30d\n  first: 7d"),
    );
    expect(digests(flow)).toEqual(before);
  });
});
