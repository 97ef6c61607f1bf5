import { describe, expect, it } from "vitest";
import { fullContract } from "../contract-examples.ts";
import { parseContract } from "../written/parse-contract.ts";
import { consistency } from "./consistency.ts";
import { consistencyFindings } from "./consistency-findings.ts";

function findingsOf(from: string, to: string) {
  expect(fullContract).toContain(from);
  const parsed = parseContract({ text: fullContract.replace(from, to), file: "baton.yaml" });
  expect(parsed.contract, JSON.stringify(parsed.findings)).toBeDefined();
  return [...parsed.findings, ...consistency(parsed.contract!, parsed.positionOf)];
}

const contradictions: readonly [name: string, from: string, to: string, code: string, says: string][] = [
  ["two features of one name", "name: dest\n", "name: origin\n", "duplicate-id,expression", "twice"],
  ["two gates of one id", "id: no-worse", "id: auc", "duplicate-id", "twice in gates"],
  [
    "a slice that is no feature",
    "slices: [ origin ]",
    "slices: [ orgin ]",
    "unknown-name",
    "Did you mean `origin`?",
  ],
  ["a gate by no feature", "by: origin", "by: orign", "unknown-name", "Did you mean `origin`?"],
  [
    "a behaviour that sets no feature",
    '{ wind_speed: "wind',
    '{ wind_sped: "wind',
    "unknown-name",
    "wind_speed",
  ],
  ["an owner without an address", "owner: business", "owner: busines", "unknown-name", "business"],
  ["an expression on no feature", "origin != dest", "origin != destination", "expression", "destination"],
  ["an expression of the wrong type", "wind_speed < 30", "wind_speed", "expression", "bool"],
  ["a metric of another task", 'roc_auc >= 0.7"', 'rmse <= 0.7"', "expression", "`rmse`"],
  ["a behaviour of the wrong type", "wind_speed + 15", "origin", "expression", "double"],
  [
    "an output that is not there",
    "after.late_probability >=",
    "after.probability >=",
    "expression",
    "after.late_probability",
  ],
  [
    "a trigger on immature quality",
    "mature.roc_auc < 0.66",
    "roc_auc < 0.66",
    "expression",
    "mature.roc_auc",
  ],
  [
    "a rule on errors by a name that is not there",
    "slices: [ origin ]",
    'slices: [ origin ]\nerrors: [ { id: wave, when: "group.share > 0.1", class: business.wave } ]',
    "expression",
    "group.rate",
  ],
  [
    "a rule on errors for a role without an address",
    "slices: [ origin ]",
    'slices: [ origin ]\nerrors: [ { id: wave, when: "group.rate > 0.1", class: business.wave, owner: busines } ]',
    "unknown-name",
    "errors.wave",
  ],
  ["an expression that says nothing", "origin != dest", "1 < 2", "expression-constant", "always the same"],
  ["bounds in the wrong order", "expected: [0, 45]", "expected: [45, 0]", "range-empty", "[0, 45]"],
  ["no bounds at all", "expected: [0, 45]", "expected: [null, null]", "range-empty", "no bound"],
  [
    "expected beyond the hard range",
    "expected: [0, 45]",
    "expected: [0, 145]",
    "expected-outside-range",
    "0 to 120",
  ],
  [
    "bounds on text",
    "values: [EWR, JFK, LGA]",
    "values: [EWR, JFK, LGA]\n    range: [0, 1]",
    "range-on-text",
    "numeric bounds",
  ],
  [
    "a fraction as a bound of a whole number",
    "range: [1, 900]",
    "range: [0.5, 900]",
    "range-digits",
    "int64",
  ],
  ["categories of a float", "expected: [0, 45]", "values: [1, 2]", "values-on-number", "float32"],
  ["categories that are no whole numbers", "range: [1, 900]", "values: [a]", "values-not-integers", '"a"'],
  ["a category twice", "[EWR, JFK, LGA]", "[EWR, JFK, EWR]", "values-duplicate", "EWR"],
  ["unknown without categories", "values: [EWR, JFK, LGA]", "", "unknown-without-values", "lists none"],
  ["missing without a stand-in", "    missing-as: 0\n", "", "missing-as-absent", "seats"],
  ["a stand-in of the wrong type", "missing-as: 0", "missing-as: none", "missing-as-type", "int64"],
  ["a stand-in with a fraction", "missing-as: 0", "missing-as: 0.5", "missing-as-type", "0.5"],
  [
    "a stand-in that is never used",
    "missing: allowed\n    missing-as: 0",
    "missing: reject\n    missing-as: 0",
    "missing-as-unused",
    "rejects",
  ],
  [
    "categories of a shape",
    "unknown: reject",
    "unknown: reject\n    shape: [2]",
    "shape-unsupported,expression",
    "shape",
  ],
  ["the label as a feature", "label: late", "label: seats", "label-is-feature", "seats"],
  ["the key as a feature", "key: flight_id\n", "key: wind_speed\n", "key-is-feature", "wind_speed"],
  ["a threshold outside", "threshold: 0.3", "threshold: 1.3", "threshold-outside", "0 to 1"],
  ["a version of two numbers", "version: 1.2.0", 'version: "1.2"', "version", "MAJOR.MINOR.PATCH"],
  ["a version with a v", "version: 1.2.0", "version: v1.2.0", "version", "v1.2.0"],
  ["a duration of nothing", "retention: 90d", "retention: 0d", "duration", "data.retention"],
  ["a duration of centuries", "cooldown: 7d", "cooldown: 70000d", "duration", "cooldown"],
  ["an availability in words", "available: request", "available: soon", "duration", "Write `request`"],
  ["a budget without a bound", "{ p50: 5ms, p99: 50ms, at: 20/s, ", "{ ", "budget-empty", "neither"],
  ["latency bounds that fall", "p50: 5ms", "p50: 500ms", "budget-order", "p50 500 ms"],
  ["no CPU", "1cpu-512Mi", "0cpu-512Mi", "budget-hardware", "0 CPUs"],
  ["a first review that comes late", "first: 7d", "first: 60d", "review-order", "60d"],
  ["more windows than there are", "for: 3 of 4", "for: 5 of 4", "windows", "5 of 4"],
  [
    "a keeper that is no clause",
    "kept-by: features.origin",
    "kept-by: features.orgin",
    "kept-by-unknown",
    "features.origin",
  ],
  [
    "a keeper that is a limitation",
    "kept-by: stated",
    "kept-by: limitations.new-airports",
    "kept-by-unknown",
    "limitations.new-airports",
  ],
  [
    "an address with a password",
    "run: { onnx: model/flight.onnx }",
    "run: { oip: https://ops:secret123@example.org, model: a }",
    "address",
    "password",
  ],
  [
    "an address that is none",
    "run: { onnx: model/flight.onnx }",
    "run: { oip: file:///etc/passwd, model: a }",
    "address",
    "http(s)",
  ],
  ["an answer outside the output", "answer: none", "answer: 2", "answer-type", "0 to 1"],
  ["an answer of the wrong type", "answer: none", "answer: maybe", "answer-type", "float32"],
  [
    "golden rows without predictions",
    "layers: [raw, features, prediction]",
    "layers: [raw, features]",
    "golden-layers",
    "prediction",
  ],
  [
    "confidence in nothing",
    "roc_auc >= previous.roc_auc - 0.01",
    "roc_auc >= 0.5",
    "confidence-unused",
    "no-worse",
  ],
  ["strata of nothing", "window: 1d", "window: 1d, strata: orgin", "strata", "orgin"],
  ["strata of numbers", "window: 1d", "window: 1d, strata: wind_speed", "strata", "no categories"],
  ["windows longer than a stratum", "window: 1d", "window: 1d, strata: hour-of-week", "strata", "part of 1h"],
  ["no false alarm allowed", "1 per 90d", "0 per 90d", "false-alarms", "0 per 90d"],
  ["scores that go too early", "scores: 90d", "scores: 1d", "scores-too-short", "2d"],
];

describe("a contradiction is found, and nothing else with it", () => {
  it.each(contradictions)("%s", (_, from, to, codes, says) => {
    const findings = findingsOf(from, to);
    const found = [...new Set(findings.map((finding) => finding.code))].sort();
    expect(found).toEqual(
      codes
        .split(",")
        .map((code) => `contract.${code}`)
        .sort(),
    );
    expect(findings.map((finding) => `${finding.message} ${finding.next}`).join("\n")).toContain(says);
    for (const finding of findings) expect(finding.line, finding.message).toBeGreaterThan(1);
  });

  it("and every code of consistency has its contradiction here", () => {
    const tried = new Set(
      contradictions.flatMap(([, , , codes]) => codes.split(",").map((code) => `contract.${code}`)),
    );
    const untried = Object.keys(consistencyFindings).filter((code) => !tried.has(code));
    // Versions are compared with the contract before this one: diff-contracts.test.ts.
    expect(untried).toEqual(["contract.version-too-low"]);
  });

  it("also strata by a feature that is sensitive", () => {
    const sensitive = "values: [EWR, JFK, LGA]\n    unknown: reject\n    missing: reject\n    sensitive: ";
    expect(fullContract).toContain(`${sensitive}false`);
    const text = fullContract
      .replace(`${sensitive}false`, `${sensitive}true`)
      .replace("window: 1d", "window: 1d, strata: origin");
    const { contract, positionOf } = parseContract({ text, file: "baton.yaml" });
    const found = consistency(contract!, positionOf).filter(({ code }) => code === "contract.strata");
    expect(found).toMatchObject([
      { message: expect.stringContaining("sensitive"), line: expect.any(Number) },
    ]);
  });

  it("names the clause it is about", () => {
    const [finding] = findingsOf("origin != dest", "origin != destn");
    expect(finding).toMatchObject({
      clause: "rules.not-a-loop",
      path: "rules[0].assert",
      severity: "blocking",
    });
  });

  it("says once what many features lack", () => {
    const findings = findingsOf("    missing-as: 0\n", "").concat();
    expect(findings).toHaveLength(1);
    const both = parseContract({
      text: fullContract
        .replace("    missing-as: 0\n", "")
        .replace(
          "missing: reject\n    sensitive: false\n    available: request\n    how: From the timetable.\n    why: Airports differ.\noutput",
          "missing: allowed\n    sensitive: false\n    available: request\n    how: From the timetable.\n    why: Airports differ.\noutput",
        ),
      file: "baton.yaml",
    });
    expect(consistency(both.contract!, both.positionOf)).toMatchObject([
      {
        code: "contract.missing-as-absent",
        message: expect.stringContaining("seats (int64), dest (string)"),
      },
    ]);
  });
});
