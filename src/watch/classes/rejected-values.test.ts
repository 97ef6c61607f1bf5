import { describe, expect, it } from "vitest";
import type { Column } from "../../contract/index.ts";
import { gatherRejected, shownValue } from "./rejected-values.ts";

const texts = (values: readonly string[]): Column => ({ type: "string", shape: [], values: [...values] });

describe("values that were rejected", () => {
  it("are those of the feature whose clause rejected the row, each once, by window", () => {
    const rejected = gatherRejected();
    const clauses = texts([
      "features.origin",
      "features.origin",
      "rules.calm",
      "features.wind",
      "features.origin",
    ]);
    rejected.add({
      ...{ name: "origin", clauses, starts: [0, 0, 0, 0, 7] },
      column: texts(["HPN", "HPN", "EWR", "JFK", "ewr"]),
    });
    rejected.add({
      ...{ name: "wind", clauses, starts: [0, 0, 0, 0, 7] },
      column: { type: "float64", shape: [], values: Float64Array.of(1, 2, 3, 999, 5) },
    });
    expect([...rejected.of(0)]).toEqual([
      ["origin", ['"HPN"']],
      ["wind", ["999"]],
    ]);
    expect([...rejected.of(7)]).toEqual([["origin", ['"ewr"']]]);
  });

  it("are few", () => {
    const rejected = gatherRejected();
    const column = texts(Array.from({ length: 50 }, (_, at) => `x${at}`));
    const clauses = texts(Array.from({ length: 50 }, () => "features.origin"));
    rejected.add({ name: "origin", clauses, column, starts: Array.from({ length: 50 }, () => 0) });
    expect(rejected.of(0).get("origin")).toHaveLength(5);
  });

  it.each([
    ["new york", '"new york"'],
    ["jane@example.org", "a text of 16 characters"],
    ["4111111111111111", "a text of 16 characters"],
    ["a sentence that somebody wrote", "a text of 30 characters"],
    ["two\nlines", "a text of 9 characters"],
  ])("that may be somebody's data are told by their length: %s", (value, shown) => {
    expect(shownValue(value)).toBe(shown);
  });
});
