import {
  type Describe,
  type Feature,
  nearest,
  pathStep,
  shownValue,
  type Violation,
  type ViolationCode,
  withheld,
} from "../contract/index.ts";
import { longestString, type Refusal, wanted } from "./read-value.ts";

/** The words for each way in which one feature's value cannot be read. */
export function refusalWords(feature: Feature): Readonly<Record<Refusal | "absent", Describe>> {
  const { name, shape } = feature;
  const say = (code: ViolationCode, expected: string, fault: string): Describe => {
    return (row, value) => {
      const received = value === undefined ? "missing" : feature.sensitive ? withheld : shownValue(value);
      const message = `${name} is ${received}: ${fault}.`;
      return {
        row,
        clause: `features.${name}`,
        code,
        path: recordPath(row, name),
        expected,
        received,
        message,
      };
    };
  };
  const list = `a list of shape [${shape.map((size) => (size === -1 ? "any" : size)).join(", ")}]`;
  const element = wanted[feature.type];
  const type = shape.length === 0 ? element : `${list} of which each is ${element}`;
  return {
    type: say("input.type", type, `${type} is wanted`),
    shape: say("input.shape", list, `${list} is wanted`),
    "too-long": say(
      "input.too-long",
      `at most ${longestString} characters`,
      `at most ${longestString} characters are read`,
    ),
    absent: say("input.missing", list, `${list} is wanted`),
  };
}

/** A record that is no object. */
export const notARecord: Describe = (row, value) => ({
  row,
  clause: "features",
  code: "input.record",
  path: `records[${row}]`,
  expected: "an object with a value for each feature",
  received: shownValue(value),
  message: `Record ${row} is ${shownValue(value)}, not an object.`,
});

/** A key that no feature has; `suggest` also offers the feature that it may have meant, which takes some time. */
export function unknownFieldWords(names: readonly string[], suggest: boolean): Describe {
  return (row, key): Violation => {
    const written = String(key);
    const near = suggest ? nearest(written, names, 1)[0] : undefined;
    return {
      row,
      clause: "features",
      code: "input.unknown-field",
      path: recordPath(row, written),
      expected:
        near === undefined ? "a feature of the contract" : `a feature of the contract, such as ${near}`,
      received: shownValue(written),
      message: `${shownValue(written)} is no feature${near === undefined ? "." : `; did you mean ${near}?`}`,
    };
  };
}

function recordPath(row: number, name: string): string {
  return `records[${row}]${pathStep(name)}`;
}
