import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contentPaths } from "../content-paths.ts";
import { fullContract, shortContract, shortTable } from "../contract-examples.ts";
import { contractJsonSchema } from "./json-schema.ts";
import { parseContract } from "./parse-contract.ts";

describe("the published schema", () => {
  const validate = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    allowUnionTypes: true,
  }).compile(contractJsonSchema());

  it("is plain JSON that every draft 2020-12 reader takes", () => {
    expect(JSON.parse(JSON.stringify(contractJsonSchema()))).toEqual(contractJsonSchema());
  });

  it("accepts both forms", () => {
    expect(validate(parse(shortContract))).toBe(true);
    expect(validate(parse(fullContract))).toBe(true);
  });

  it("refuses a third bound, an unknown key and an owner in capitals", () => {
    const broken = (change: object) => validate({ ...parse(shortContract), ...change });
    expect(broken({ output: { name: "p", range: [0, 1, 2] } })).toBe(false);
    expect(broken({ outputs: [] })).toBe(false);
    expect(broken({ owners: { Builds: "x" } })).toBe(false);
  });
});

describe("content", () => {
  it("is what both sides need, and nothing of one side alone", () => {
    const { contract } = parseContract({
      text: shortContract,
      file: "baton.yaml",
      readTable: () => shortTable,
    });
    const paths = contentPaths(contract!);
    expect(paths.required).toEqual(["baton.yaml", "data/joint.parquet", "features.csv", "model/churn.onnx"]);
    expect(paths.generated).toEqual(["profile.json", "baton.lock"]);
    const full = parseContract({ text: fullContract, file: "baton.yaml" }).contract;
    expect(contentPaths(full!).required).toEqual([
      "baton.yaml",
      "data/joint.parquet",
      "golden/rows.parquet",
      "model/flight.onnx",
      "requirements.lock",
    ]);
  });

  it.each([
    ["story/use.md", true],
    ["story/part/one.md", true],
    ["story/page.html", false],
    ["story/../ops/a.md", false],
    ["stories/a.md", false],
    ["evidence/story/a.md", false],
  ])("%s is a chapter: %s", (path, is) => {
    const { contract } = parseContract({ text: fullContract, file: "baton.yaml" });
    expect(contentPaths(contract!).isStory(path)).toBe(is);
  });
});
