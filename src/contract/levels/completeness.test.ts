import { describe, expect, it } from "vitest";
import type { Contract, Level } from "../contract.ts";
import { fullContract, shortContract, shortTable } from "../contract-examples.ts";
import { parseContract } from "../written/parse-contract.ts";
import { completeness } from "./completeness.ts";
import { completenessFindings } from "./completeness-findings.ts";

const full = parseContract({ text: fullContract, file: "baton.yaml" }).contract as Contract;
const anywhere = () => ({ file: "baton.yaml", line: 1, column: 1 });

function judge(change: Partial<Contract>, level: Level = "critical") {
  return completeness({ ...full, ...change, level }, anywhere);
}

function without(key: keyof Contract): Partial<Contract> {
  return { [key]: undefined };
}

function features(change: Partial<Contract["features"][number]>): Partial<Contract> {
  return { features: full.features.map((feature) => ({ ...feature, ...change })) };
}

const B = "blocking";
const W = "warning";
const never = undefined;

/** What is taken away, its code, and how it weighs at sketch, handed-over and critical. */
const lacks: readonly [string, Partial<Contract>, string, ...(string | undefined)[]][] = [
  ["builder", { owners: { ...full.owners, builds: "?" } }, "needs-owner", B, B, B],
  ["output", { outputs: [] }, "needs-output", B, B, B],
  ["gates", { gates: [] }, "needs-gates", B, B, B],
  ["budget", without("budget"), "needs-budget", B, B, B],
  ["use", { use: "?" }, "needs-use", B, B, B],
  ["model", without("run"), "needs-model", never, B, B],
  [
    "joint set",
    { data: { ...full.data, joint: undefined } as Contract["data"] },
    "needs-joint-set",
    never,
    B,
    B,
  ],
  ["label", { data: { ...full.data, label: undefined } as Contract["data"] }, "needs-label", never, B, B],
  ["lock", without("lock"), "needs-lock", never, B, B],
  ["golden rows", without("golden"), "needs-golden", never, B, B],
  ["failure", without("onFailure"), "needs-on-failure", never, B, B],
  ["labels", without("labels"), "needs-labels", never, W, B],
  [
    "training data",
    { data: { ...full.data, training: undefined } as Contract["data"] },
    "needs-training",
    never,
    W,
    W,
  ],
  [
    "licence",
    { model: { ...full.model, licence: undefined } as Contract["model"] },
    "needs-licence",
    never,
    W,
    W,
  ],
  ["missing", features({ undecided: ["missing"] }), "missing-undecided", W, B, B],
  ["units", features({ unit: undefined } as object), "needs-unit", never, W, B],
  ["meaning", features({ how: undefined } as object), "needs-meaning", never, W, B],
  ["sensitivity", features({ undecided: ["sensitive"] }), "sensitive-undecided", never, never, B],
  ["availability", features({ available: undefined } as object), "needs-available", never, never, W],
  ["rules", { rules: [] }, "needs-rules", never, never, B],
  ["limitations", { limitations: [] }, "needs-limitations", never, never, B],
  ["slices", { slices: [], gates: full.gates.slice(0, 1) }, "needs-slices", never, never, B],
  ["behaviours", { behaviours: [] }, "needs-behaviours", never, never, B],
  [
    "retention",
    { data: { ...full.data, retention: undefined } as Contract["data"] },
    "needs-retention",
    never,
    never,
    B,
  ],
  ["drift policy", without("watch"), "needs-drift-policy", never, never, B],
  ["review", without("review"), "needs-review", never, never, B],
  ["a way back", without("rollBack"), "needs-roll-back", never, never, B],
  ["on-call", { owners: { builds: "a@b", runs: "c@d" } }, "needs-on-call", never, never, B],
  ["triggers", { retrain: [] }, "needs-trigger", never, never, W],
];

describe("a level asks for", () => {
  it.each(lacks)("%s", (_, change, code, ...weights) => {
    const levels: readonly Level[] = ["sketch", "handed-over", "critical"];
    for (const [index, level] of levels.entries()) {
      const found = judge(change, level).map(({ code: c, severity }) => `${c} ${severity}`);
      expect(found, level).toEqual(weights[index] ? [`contract.${code} ${weights[index]}`] : []);
    }
  });

  it("nothing more than is tried here", () => {
    const tried = new Set(lacks.map(([, , code]) => `contract.${code}`));
    expect(Object.keys(completenessFindings).filter((code) => !tried.has(code))).toEqual([]);
  });

  it("one finding for many features", () => {
    const many = Array.from({ length: 60 }, (_, i) => ({
      ...full.features[0]!,
      name: `f${i}`,
      undecided: ["missing" as const],
    }));
    const [finding, ...rest] = judge({ features: many });
    expect(rest).toEqual([]);
    expect(finding?.message).toMatch(/f0, f1, f2, f3, f4, f5 and 54 more/);
  });

  it("no quality of a task without a truth", () => {
    const other = {
      model: { ...full.model, task: "other" as const },
      gates: [],
      slices: [],
      labels: undefined,
    };
    const data = { ...full.data, label: undefined } as Contract["data"];
    expect(judge({ ...other, data } as Partial<Contract>)).toEqual([]);
  });
});

describe("the smallest contract", () => {
  it("lacks only what its level asks for", () => {
    const { contract, positionOf } = parseContract({
      text: shortContract,
      file: "baton.yaml",
      readTable: () => shortTable,
    });
    const found = completeness(contract!, positionOf);
    expect(found.filter((f) => f.severity === "blocking").map((f) => f.code)).toEqual([
      "contract.needs-golden",
      "contract.needs-lock",
    ]);
    const sketch = completeness({ ...contract!, level: "sketch" }, positionOf);
    expect(sketch).toEqual([]);
  });
});
