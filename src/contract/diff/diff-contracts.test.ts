import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Contract } from "../contract.ts";
import { fullContract } from "../contract-examples.ts";
import { parseContract } from "../written/parse-contract.ts";
import { diffContracts } from "./diff-contracts.ts";

const parse = (text: string) => parseContract({ text, file: "baton.yaml" }).contract as Contract;
const full = parse(fullContract);

function edited(from: string, to: string): Contract {
  expect(fullContract).toContain(from);
  const contract = parse(fullContract.replace(from, to));
  expect(contract).toBeDefined();
  return contract;
}

const kinds = (before: Contract, after: Contract) =>
  diffContracts(before, after).changes.map((change) => `${change.kind} ${change.path}`);

/** An edit, what it is, and what the edit back is. */
const edits: readonly [from: string, to: string, forward: string, backward: string][] = [
  [
    "range: [0, 120]",
    "range: [0, 100]",
    "breaking features.wind_speed.range",
    "acceptance features.wind_speed.range",
  ],
  [
    "range: [0, 120]",
    "range: [10, 130]",
    "breaking features.wind_speed.range",
    "breaking features.wind_speed.range",
  ],
  ["    range: [0, 120]\n", "", "acceptance features.wind_speed.range", "breaking features.wind_speed.range"],
  [
    "expected: [0, 45]",
    "expected: [0, 40]",
    "acceptance features.wind_speed.expected",
    "acceptance features.wind_speed.expected",
  ],
  ["unit: mph", "unit: m/s", "breaking features.wind_speed.unit", "breaking features.wind_speed.unit"],
  ["    unit: mph\n", "", "acceptance features.wind_speed.unit", "acceptance features.wind_speed.unit"],
  ["type: int64", "type: int32", "breaking features.seats.type", "breaking features.seats.type"],
  [
    "type: float32",
    "type: float32\n    shape: [3]",
    "breaking features.wind_speed.shape",
    "breaking features.wind_speed.shape",
  ],
  [
    "missing: allowed",
    "missing: reject",
    "breaking features.wind_speed.missing",
    "acceptance features.wind_speed.missing",
  ],
  ["[EWR, JFK, LGA]", "[EWR, JFK]", "breaking features.origin.values", "acceptance features.origin.values"],
  [
    "[EWR, JFK, LGA]",
    "[JFK, EWR, LGA]",
    "editorial features.origin.values",
    "editorial features.origin.values",
  ],
  [
    "    values: [EWR, JFK, LGA]\n",
    "",
    "acceptance features.origin.values",
    "breaking features.origin.values",
  ],
  [
    "unknown: reject",
    "unknown: warn",
    "acceptance features.origin.unknown",
    "breaking features.origin.unknown",
  ],
  [
    "missing-as: 0",
    "missing-as: 1",
    "acceptance features.seats.missingAs",
    "acceptance features.seats.missingAs",
  ],
  [
    "why: Gusts close runways.",
    "why: They do.",
    "editorial features.wind_speed.why",
    "editorial features.wind_speed.why",
  ],
  [
    "    sensitive: false\n",
    "",
    "editorial features.wind_speed.undecided",
    "editorial features.wind_speed.undecided",
  ],
  [
    "sensitive: false",
    "sensitive: true",
    "acceptance features.wind_speed.sensitive",
    "acceptance features.wind_speed.sensitive",
  ],
  [
    "range: [0, 1], unit",
    "range: [0, 2], unit",
    "breaking outputs.late_probability.range",
    "acceptance outputs.late_probability.range",
  ],
  [
    "threshold: 0.3",
    "threshold: 0.4",
    "acceptance outputs.late_probability.threshold",
    "acceptance outputs.late_probability.threshold",
  ],
  [
    " threshold: 0.3,",
    "",
    "breaking outputs.late_probability.threshold",
    "acceptance outputs.late_probability.threshold",
  ],
  [
    "meaning: Probability of 30 minutes or more.",
    "meaning: Late.",
    "editorial outputs.late_probability.meaning",
    "editorial outputs.late_probability.meaning",
  ],
  [
    "{ name: late_probability, ",
    "{ name: late_probability, column: 1, ",
    "acceptance outputs.late_probability.column",
    "acceptance outputs.late_probability.column",
  ],
  [
    "otherwise: reject",
    "otherwise: warn",
    "acceptance rules.not-a-loop.otherwise",
    "breaking rules.not-a-loop.otherwise",
  ],
  [
    "when-missing: skip",
    "when-missing: reject",
    "breaking rules.not-a-loop.whenMissing",
    "acceptance rules.not-a-loop.whenMissing",
  ],
  [
    "origin != dest",
    "dest != origin",
    "breaking rules.not-a-loop.assert",
    "breaking rules.not-a-loop.assert",
  ],
  [
    "text: No flight ends where it began.",
    "text: Never.",
    "editorial rules.not-a-loop.text",
    "editorial rules.not-a-loop.text",
  ],
  ["roc_auc >= 0.62", "roc_auc >= 0.5", "acceptance gates.auc-by-origin", "acceptance gates.auc-by-origin"],
  ["owner: business", "owner: runs", "editorial gates.auc-by-origin", "editorial gates.auc-by-origin"],
  ["share: 0.9", "share: 0.95", "acceptance behaviours.more-wind", "acceptance behaviours.more-wind"],
  [
    "text: Only domestic flights were seen.",
    "text: None.",
    "acceptance limitations.no-international",
    "acceptance limitations.no-international",
  ],
  [
    "cooldown: 7d",
    "cooldown: 8d",
    "acceptance retrain.drifted-and-worse",
    "acceptance retrain.drifted-and-worse",
  ],
  ["p99: 50ms", "p99: 60ms", "acceptance budget", "acceptance budget"],
  ["answer: none", "answer: 0.5", "acceptance on-failure", "acceptance on-failure"],
  ["window: 1d", "window: 2d", "acceptance watch", "acceptance watch"],
  ["level: critical", "level: handed-over", "acceptance level", "acceptance level"],
  ["use: Warns passengers of late arrivals.", "use: Warns.", "acceptance use", "acceptance use"],
  ["model/flight.onnx", "model/other.onnx", "acceptance run", "acceptance run"],
  ["night@example.org", "day@example.org", "editorial owners", "editorial owners"],
  ["steps: Deploy the version before this one.", "steps: Do.", "editorial roll-back", "editorial roll-back"],
  ["name: flight-delay", "name: flights", "breaking model.name", "breaking model.name"],
];

describe("a change is what callers and the other team feel", () => {
  it.each(edits)("%s → %s", (from, to, forward, backward) => {
    const after = edited(from, to);
    expect(kinds(full, after)).toEqual([forward]);
    expect(kinds(after, full)).toEqual([backward]);
  });

  it("a renamed input is one that is gone and one that must be sent", () => {
    const after = {
      ...full,
      features: full.features.map((f) => (f.name === "dest" ? { ...f, name: "to" } : f)),
    };
    const { changes } = diffContracts(full, after);
    expect(changes.map((c) => `${c.kind} ${c.path}`)).toEqual([
      "breaking features.dest",
      "breaking features.to",
    ]);
    expect(changes[0]?.message).toContain("now called to");
  });

  it("a new optional input and a new output break nobody, a new hard rule does", () => {
    const optional = { ...full.features[0]!, name: "gust" };
    expect(kinds(full, { ...full, features: [...full.features, optional] })).toEqual([
      "acceptance features.gust",
    ]);
    const output = { ...full.outputs[0]!, name: "more" };
    expect(kinds(full, { ...full, outputs: [...full.outputs, output] })).toEqual(["acceptance outputs.more"]);
    expect(kinds(full, { ...full, outputs: [output, ...full.outputs] })).toContain("breaking outputs");
    const rule = { id: "x", assert: "seats > 0", otherwise: "reject", whenMissing: "skip" } as const;
    expect(kinds(full, { ...full, rules: [...full.rules, rule] })).toEqual(["breaking rules.x"]);
    expect(kinds(full, { ...full, rules: [{ ...rule, otherwise: "warn" }, ...full.rules] })).toEqual([
      "acceptance rules.x",
    ]);
  });

  it("other bytes of the model are a change, other chapters only words", () => {
    const content = {
      old: new Map([
        ["model/flight.onnx", "aa"],
        ["story/a.md", "aa"],
        ["baton.yaml", "aa"],
        ["golden/rows.parquet", "bb"],
      ]),
      new: new Map([
        ["model/flight.onnx", "bb"],
        ["story/a.md", "bb"],
        ["baton.yaml", "bb"],
      ]),
    };
    const { changes } = diffContracts(full, full, content);
    expect(changes.map((c) => `${c.kind} ${c.path}`)).toEqual([
      "acceptance content.golden/rows.parquet",
      "acceptance content.model/flight.onnx",
      "editorial content.story/a.md",
    ]);
  });
});

describe("the version", () => {
  const version = (contract: Contract, v: string) => ({
    ...contract,
    model: { ...contract.model, version: v },
  });
  const breaking = edited("range: [0, 120]", "range: [0, 100]");
  const acceptance = edited("p99: 50ms", "p99: 60ms");
  const words = edited("why: Gusts close runways.", "why: They do.");

  it.each([
    ["1.2.0", breaking, "major", "2.0.0"],
    ["1.2.0", acceptance, "minor", "1.3.0"],
    ["1.2.0", words, "patch", "1.2.1"],
    ["0.2.0", breaking, "minor", "0.3.0"],
    ["0.2.0", acceptance, "patch", "0.2.1"],
    ["2.0.0-rc.1", breaking, "major", "2.0.0"],
  ] as const)("after %s", (from, after, requires, next) => {
    expect(diffContracts(version(full, from), version(after, "9.9.9"))).toMatchObject({
      requires,
      nextVersion: next,
      findings: [],
    });
  });

  it.each([
    ["1.3.0", false],
    ["1.2.0", false],
    ["2.0.0", true],
    ["2.0.0-rc.1", true],
    ["3.1.4", true],
    ["0.9.0", false],
  ])("%s after a break of 1.2.0", (to, enough) => {
    const { findings } = diffContracts(full, version(breaking, to));
    expect(findings.map((f) => f.code)).toEqual(enough ? [] : ["contract.version-too-low"]);
    if (!enough) expect(findings[0]?.next).toContain("2.0.0");
  });
});

describe("laws", () => {
  const variants = [full, ...edits.map(([from, to]) => edited(from, to))];
  const any = fc.constantFrom(...variants);

  it("a contract does not differ from itself, whatever its form", () => {
    for (const contract of variants) {
      const { changes, nextVersion, findings } = diffContracts(contract, structuredClone(contract));
      expect({ changes, nextVersion, findings }).toEqual({ changes: [], nextVersion: "1.2.0", findings: [] });
    }
  });

  it("what changed on the way there changed on the way back", () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const places = (x: Contract, y: Contract) =>
          diffContracts(x, y)
            .changes.map((c) => c.path)
            .sort();
        expect(places(a, b)).toEqual(places(b, a));
      }),
    );
  });

  it("words are words in both directions", () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const words = (x: Contract, y: Contract) =>
          diffContracts(x, y)
            .changes.filter((c) => c.kind === "editorial")
            .map((c) => c.path)
            .sort();
        expect(words(a, b)).toEqual(words(b, a));
      }),
    );
  });
});
