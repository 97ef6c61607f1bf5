import { expect, it } from "vitest";
import vectors from "../distances/fixtures/scipy-vectors.json" with { type: "json" };
import { standOut } from "./false-discoveries.ts";

it.each(vectors.benjaminiHochberg)(
  "marks what scipy's false_discovery_control rejects in $p",
  ({ p, rejected }) => {
    expect(standOut(p, 0.05)).toEqual(rejected);
  },
);

it("marks none of none", () => {
  expect(standOut([], 0.05)).toEqual([]);
});
