import { inContract, type Mutation } from "./mutation.ts";

const seats = `  - name: seats
    type: float32
    unit: "1"
    range: [1, 900]
    expected: [2, 450]
    missing: allowed
`;

/** Defects of `baton.yaml` that show without looking at another file. */
export const contractMutations: readonly Mutation[] = [
  inContract(
    "no closing brace",
    "contract.yaml-syntax",
    "run: { onnx: model/flight_delay.onnx }",
    "run: { onnx: model/flight_delay.onnx",
  ),
  inContract(
    "one key twice",
    "contract.duplicate-key",
    "lock: requirements.lock",
    "lock: requirements.lock\nlock: requirements.lock",
  ),
  inContract(
    "a misspelt key",
    "contract.unknown-key",
    "slices: [origin, carrier]",
    "slizes: [origin, carrier]",
  ),
  inContract(
    "no model",
    "contract.missing-key",
    "model: { name: flight-delay, version: 1.1.0, task: binary-classification, licence: Apache-2.0 }\n",
    "",
  ),
  inContract("a level that does not exist", "contract.wrong-value", "level: critical", "level: production"),
  inContract("a name that is a number", "contract.wrong-type", "name: flight-delay", "name: 17"),
  inContract(
    "a path out of the folder",
    "contract.unsafe-path",
    "onnx: model/flight_delay.onnx",
    "onnx: ../flight_delay.onnx",
  ),
  inContract("a version of two numbers", "contract.version", "version: 1.1.0", 'version: "1.1"'),
  inContract(
    "a gate on a metric that does not exist",
    "contract.expression",
    "roc_auc >= 0.72",
    "roc_auk >= 0.72",
  ),
  inContract("a gate that does not parse", "contract.expression", "roc_auc >= 0.72", "roc_auc >= "),
  inContract(
    "a rule that is a number",
    "contract.expression",
    "assert: wind_gust >= wind_speed",
    "assert: wind_gust - wind_speed",
  ),
  inContract(
    "a rule on a feature that does not exist",
    "contract.expression",
    "assert: origin != destination",
    "assert: origin != dest",
  ),
  inContract("a gate that names nothing", "contract.expression-constant", "roc_auc >= 0.72", "1 > 0"),
  inContract("a trigger that can never fire", "contract.windows", "for: 3 of 4", "for: 5 of 4"),
  inContract(
    "a limitation that nothing keeps",
    "contract.kept-by-unknown",
    "kept-by: features.carrier",
    "kept-by: features.airline",
  ),
  inContract("two rules of one id", "contract.duplicate-id", "id: gust-above-wind", "id: not-a-loop"),
  inContract("a range upside down", "contract.range-empty", "range: [1, 900]", "range: [900, 1]"),
  inContract(
    "expected wider than the hard range",
    "contract.expected-outside-range",
    "expected: [2, 450]",
    "expected: [2, 950]",
  ),
  inContract(
    "a threshold outside the range",
    "contract.threshold-outside",
    "threshold: 0.3",
    "threshold: 1.3",
  ),
  inContract(
    "the first review after the second",
    "contract.review-order",
    "first: 7d, every: 30d",
    "first: 60d, every: 30d",
  ),
  inContract(
    "a slice by what is no feature",
    "contract.unknown-name",
    "slices: [origin, carrier]",
    "slices: [origin, airline]",
  ),
  inContract("percentiles in the wrong order", "contract.budget-order", "p50: 10ms", "p50: 90ms"),
  inContract(
    "no budget",
    "contract.needs-budget",
    "budget: { p50: 10ms, p99: 50ms, at: 50/s, hardware: 1cpu-512Mi }\n",
    "",
  ),
  inContract("no on-call", "contract.needs-on-call", "  on-call: platform-pager@example.org\n", ""),
  inContract("no way back", "contract.needs-roll-back", "roll-back: { to: previous", "# { to: previous"),
  inContract("no retention", "contract.needs-retention", "  retention: 90d\n", ""),
  inContract("a feature without unit", "contract.needs-unit", "    unit: millibar\n", ""),
  inContract(
    "nobody said whether it may be missing",
    "contract.missing-undecided",
    seats,
    seats.replace("    missing: allowed\n", ""),
  ),
  inContract(
    "golden rows without predictions",
    "contract.golden-layers",
    "layers: [raw, features, prediction]",
    "layers: [raw, features]",
  ),
  inContract("the label is a feature", "contract.label-is-feature", "label: late", "label: seats"),
  inContract("the key is a feature", "contract.key-is-feature", "key: flight_id\n", "key: seats\n"),
  inContract(
    "an owner to be filled in",
    "owners.placeholder",
    "business: passenger-care@example.org",
    "business: TODO",
  ),
  inContract(
    "an owner without address",
    "owners.not-an-address",
    "business: passenger-care@example.org",
    "business: passenger care",
  ),
  inContract(
    "both teams at one address",
    "owners.same",
    "runs: platform@example.org",
    "runs: forecasting@example.org",
  ),
  inContract(
    "a meaning to be filled in",
    "prose.placeholder",
    "meaning: Probability that the flight arrives more than 30 minutes after schedule.",
    "meaning: TODO",
  ),
  inContract(
    "a limitation to be filled in",
    "prose.placeholder",
    "text: Cancelled and diverted flights have no label. The probability is for a flight that is flown to its destination.",
    "text: tbd",
  ),
  inContract(
    "a review before the first label",
    "review.before-labels",
    "arrive-after: 1d",
    "arrive-after: 20d",
  ),
];
