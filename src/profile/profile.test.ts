import { describe, expect, it } from "vitest";
import type { Contract, Table } from "../contract/index.ts";
import { BatonError, canonicalJson, digestOf } from "../kernel/index.ts";
import { type TestRow, tableOf, testColumns } from "./generated-tables.ts";
import {
  cellCount,
  describeProfile,
  makeProfile,
  type Profile,
  parseProfile,
  profileColumns,
  profileOutputs,
  profileTable,
  type ThresholdTable,
  tableSource,
} from "./index.ts";

const blank: TestRow = {
  f64: null,
  f32: null,
  i64: null,
  i32: null,
  code: null,
  text: null,
  listed: null,
  flag: null,
};
const rows: TestRow[] = Array.from({ length: 40 }, (_, index) => ({
  ...blank,
  f64: index < 30 ? index / 7 : null,
  i32: index % 4,
  text: index % 5 === 0 ? "007" : "a'b\"c",
  flag: index % 2 === 0,
}));

async function sample(): Promise<Profile> {
  const features = await profileTable(await tableSource([tableOf(rows)], testColumns), testColumns);
  return makeProfile({ features, leftOut: ["image"], reads: { "data:train.parquet": "0".repeat(64) } });
}

describe("reading a profile", () => {
  it("gives what was written", async () => {
    const profile = await sample();
    expect(parseProfile(canonicalJson(profile), "profile.json")).toEqual(profile);
  });

  type Loose = { [key: string]: Loose } & { [index: number]: Loose } & Loose[];
  it.each<[string, (profile: Loose) => void]>([
    ["a count changed", (p) => Object.assign(p.features!.counters!.columns![0]!.counts!, { 1: 999 })],
    ["a count is negative", (p) => Object.assign(p.features!.counters!.columns![0]!.counts!, { 1: -1 })],
    ["a count is missing", (p) => p.features!.counters!.columns![0]!.counts!.pop()],
    [
      "a sum is a fraction in text",
      (p) => Object.assign(p.features!.counters!.columns![0]!.sums!, { 1: "1.5" }),
    ],
    ["an edge moved", (p) => Object.assign(p.features!.cells!.columns![0]!.starts!, { 0: -5 })],
    ["a unit is no power of two", (p) => Object.assign(p.features!.cells!.columns![0]!, { unit: 3 })],
    ["a column is there twice", (p) => Object.assign(p.features!.cells!.columns![1]!, { name: "f64" })],
    ["facts are in another order", (p) => (p.features!.facts as unknown as unknown[]).reverse()],
    ["a key is unknown", (p) => Object.assign(p, { extra: 1 })],
    ["the version is another", (p) => Object.assign(p, { format_version: 2 })],
  ])("refuses one in which %s", async (_, change) => {
    const profile = JSON.parse(canonicalJson(await sample())) as Loose;
    change(profile);
    expect(() => parseProfile(JSON.stringify(profile), "profile.json")).toThrow(BatonError);
  });

  it("refuses cells out of order even where their digest fits", async () => {
    const profile = JSON.parse(canonicalJson(await sample())) as Loose;
    (profile.features!.cells!.columns![0]!.starts as unknown as number[]).reverse();
    Object.assign(profile.features!.counters!, { cells: digestOf(profile.features!.cells) });
    expect(() => parseProfile(JSON.stringify(profile), "profile.json")).toThrow("do not ascend");
  });

  const calibrated = async () => {
    const profile = await sample();
    const columns = profile.features.cells.columns.map(({ name }) => name);
    const each = <Item>(item: Item) => columns.map(() => item);
    const size = (rows: number) => ({
      rows,
      threshold: 3,
      location: each([0, 1] as const),
      shape: each([-0.5, 0.9] as const),
      dispersion: each(1.5),
    });
    const thresholds: ThresholdTable = {
      format_version: 1,
      budget: { alarms: 1, windows: 90 },
      decay: 0.2,
      reference_rows: 100,
      block_rows: 10,
      seed: "0".repeat(64),
      effect_floor: 0,
      rate_threshold: 4.5,
      absent_dispersion: 1,
      columns,
      sizes: [size(10), size(40)],
      strata: {
        by: "day-of-week",
        known: [0, 6].map((at) => ({
          at,
          counts: profile.features.cells.columns.map((cells) =>
            Array.from({ length: cellCount(cells) }, (_, cell) => (cell === 0 ? 40 : 0)),
          ),
        })),
      },
    };
    return { ...profile, thresholds };
  };

  it("gives thresholds as they were written", async () => {
    const profile = await calibrated();
    expect(parseProfile(canonicalJson(profile), "profile.json")).toEqual(profile);
  });

  it.each<[string, (thresholds: Loose) => void]>([
    ["for other columns", (t) => Object.assign(t.columns!, { 0: "other" })],
    ["for one column less", (t) => t.columns!.pop()],
    ["of sizes that do not ascend", (t) => Object.assign(t.sizes![1]!, { rows: 10 })],
    ["of no size", (t) => Object.assign(t, { sizes: [] })],
    ["of a size without a column", (t) => t.sizes![1]!.dispersion!.pop()],
    ["with a third number in a correction", (t) => t.sizes![0]!.shape![0]!.push(1 as unknown as Loose)],
    ["with a correction that turns scores round", (t) => Object.assign(t.sizes![0]!.shape![0]!, { 1: -1 })],
    ["with a number in text", (t) => Object.assign(t, { rate_threshold: "4" })],
    ["with a threshold below 0", (t) => Object.assign(t.sizes![0]!, { threshold: -1 })],
    ["with a dispersion below 1", (t) => Object.assign(t, { absent_dispersion: 0.5 })],
    ["without a budget", (t) => Object.assign(t.budget!, { alarms: 0 })],
    ["of strata that do not ascend", (t) => Object.assign(t.strata!.known![1]!, { at: 0 })],
    ["of strata with other cells", (t) => t.strata!.known![0]!.counts![0]!.pop()],
    ["of strata with a column less", (t) => t.strata!.known![0]!.counts!.pop()],
    ["of a stratum that differs in rows", (t) => Object.assign(t.strata!.known![0]!.counts![0]!, { 0: 41 })],
    ["of a stratum with half a row", (t) => Object.assign(t.strata!.known![0]!.counts![0]!, { 0: 0.5 })],
    ["with a key that is unknown", (t) => Object.assign(t, { extra: 1 })],
  ])("refuses thresholds %s", async (_, change) => {
    const profile = JSON.parse(canonicalJson(await calibrated())) as Loose;
    change(profile.thresholds!);
    expect(() => parseProfile(JSON.stringify(profile), "profile.json")).toThrow(
      /^profile\.json is not a profile: [^\n]*thresholds/,
    );
  });

  it.each(["", "{", "null", "[]", '{"format_version":1}'])("refuses %j without a stack", (text) => {
    expect(() => parseProfile(text, "profile.json")).toThrow(/^profile\.json is not a profile: [^\n]*$/);
  });
});

describe("describing a profile", () => {
  it("says missing, bounds and frequent values", async () => {
    const described = describeProfile((await sample()).features);
    const row = (name: string) => described.find((one) => one.name === name)!;
    expect(row("f64")).toMatchObject({ missing: "25.0 %", min: "0", max: "4.142857", top: "" });
    expect(row("i32")).toMatchObject({ missing: "0 %", median: "2", top: "0 25.0 %, 1 25.0 %, 2 25.0 %" });
    expect(row("text").top).toBe("a'b\"c 80.0 %, 007 20.0 %");
    expect(row("flag")).toMatchObject({ histogram: "██" });
    expect(row("f32")).toMatchObject({ missing: "100 %", histogram: "" });
    expect(row("f64").histogram).toHaveLength(12);
  });

  it("lets no control character of the data through", async () => {
    const column = { name: "s", column: "s", type: "string" as const };
    const values = ["\u001b[31mred", "\u202e", ""];
    const table: Table = { rows: 3, columns: new Map([["s", { type: "string", shape: [], values }]]) };
    const profile = await profileTable(await tableSource([table], [column]), [column]);
    expect(describeProfile(profile)[0]!.top).toBe('"" 33.3 %, \uFFFD[31mred 33.3 %, \uFFFD 33.3 %');
  });

  it("withholds values of sensitive columns", async () => {
    const [first] = describeProfile((await sample()).features, new Set(["f64"]));
    expect(first).toMatchObject({
      min: "[withheld]",
      median: "[withheld]",
      max: "[withheld]",
      top: "[withheld]",
    });
  });
});

describe("what of a contract is profiled", () => {
  const feature = { shape: [], unknown: "warn", missing: "allowed", sensitive: false } as const;
  const contract = {
    model: { name: "m", version: "1.0.0", task: "binary-classification" },
    data: { label: "late", references: [] },
    features: [
      { ...feature, name: "a", type: "float32" },
      { ...feature, name: "who", type: "string", sensitive: true },
      { ...feature, name: "kind", type: "string", sensitive: true, values: ["x"] },
      { ...feature, name: "image", type: "float32", shape: [3, 3] },
      { ...feature, name: "words", type: "string", shape: [-1] },
    ],
    outputs: [{ name: "p", type: "float32", shape: [1], tensor: "p" }],
  } as unknown as Contract;

  it("is each scalar; sensitive strings leave no value behind", async () => {
    const columns = profileColumns(contract);
    expect(columns.features.map(({ name, values }) => [name, values])).toEqual([
      ["a", undefined],
      ["who", []],
      ["kind", ["x"]],
    ]);
    expect(columns).toMatchObject({
      label: { name: "late", type: "boolean" },
      outputs: [{ name: "p" }],
      leftOut: ["image", "words"],
    });
    const who = columns.features[1]!;
    const table: Table = {
      rows: 1,
      columns: new Map([["who", { type: "string", shape: [], values: ["Lab"] }]]),
    };
    const profile = await profileTable(await tableSource([table], [who]), [who]);
    expect(canonicalJson(profile)).not.toContain("Lab");
  });

  it("takes the model's outputs from tables, passed once", async () => {
    async function* scores(): AsyncGenerator<Table> {
      for (const value of [0.25, 0.5, 0.75, 0.5])
        yield {
          rows: 1,
          columns: new Map([["p", { type: "float32", shape: [1], values: Float32Array.of(value) }]]),
        };
    }
    const { counters, cells } = await profileOutputs(scores(), profileColumns(contract).outputs, {
      quantiles: 2,
    });
    const [column] = cells.columns;
    if (column?.kind !== "numeric") throw new Error("numeric");
    expect(counters.rows).toBe(4);
    const total = counters.columns[0]!.sums!.reduce<number>((sum, one) => sum + Number(one), 0);
    expect(total * column.unit).toBe(2);
  });
});
