import { describe, expect, it } from "vitest";
import type { Column, Contract, Table } from "../contract/index.ts";
import { canonicalJson } from "../kernel/index.ts";
import {
  calibrationTally,
  cellOf,
  makeProfile,
  type Profile,
  parseProfile,
  profileColumns,
  profileOutputs,
} from "./index.ts";

const contract = {
  features: [],
  model: { name: "m", version: "1.0.0", task: "binary-classification" },
  data: { references: [] },
  outputs: [{ name: "p", type: "float32", shape: [], tensor: "p", threshold: 0.35 }],
} as unknown as Contract;

const scoresOf = (values: readonly number[]): Column => ({
  type: "float32",
  shape: [],
  values: Float32Array.from(values),
});
const labelsOf = (values: readonly (boolean | null)[]): Column => ({
  type: "boolean",
  shape: [],
  values: Uint8Array.from(values, (value) => (value ? 1 : 0)),
  missing: Uint8Array.from(values, (value) => (value === null ? 1 : 0)),
});

async function outputs() {
  const values = Array.from({ length: 40 }, (_, index) => index / 40);
  const table: Table = { rows: 40, columns: new Map([["p", scoresOf(values)]]) };
  return profileOutputs([table], profileColumns(contract).outputs, { quantiles: 4 });
}

async function calibrated(): Promise<Profile> {
  const table = await outputs();
  const tally = calibrationTally(table.cells.columns[0])!;
  tally.add(
    scoresOf([0.1, 0.1, 0.6, 0.7, 0.9, 0.2]),
    labelsOf([false, true, true, null, true, true]),
    Uint8Array.of(1, 1, 1, 1, 1, 0),
  );
  return makeProfile({ features: table, outputs: table, calibration: tally.calibration(), reads: {} });
}

describe("cells of a score", () => {
  it("start at the threshold, so that decisions can be counted", async () => {
    const [cells] = (await outputs()).cells.columns;
    if (cells?.kind !== "numeric") throw new Error("numeric");
    expect(cells.starts).toContain(0.35);
    expect([...cells.starts].sort((a, b) => a - b)).toEqual(cells.starts);
    expect(cellOf(cells, Math.fround(0.34999))).toBeLessThan(cellOf(cells, 0.35));
  });
});

describe("the calibration of a score", () => {
  it("counts rows that have an answer and a label, by cell of the score", async () => {
    const { calibration, outputs: table } = await calibrated();
    const cells = table!.cells.columns[0]!;
    const at = (score: number) => cellOf(cells, Math.fround(score));
    expect(calibration!.rows).toBe(4);
    expect([calibration!.counts[at(0.1)], calibration!.positives[at(0.1)]]).toEqual([2, 1]);
    expect([calibration!.counts[at(0.6)], calibration!.positives[at(0.6)]]).toEqual([1, 1]);
  });

  it("is not there for scores that are no probabilities, nor without labelled rows", async () => {
    const tally = () => outputs().then(({ cells }) => calibrationTally(cells.columns[0])!);
    const odds = await tally();
    odds.add(scoresOf([1.5]), labelsOf([true]), Uint8Array.of(1));
    expect([odds.calibration(), (await tally()).calibration()]).toEqual([undefined, undefined]);
  });

  it("comes back as it was written", async () => {
    const profile = await calibrated();
    expect(parseProfile(canonicalJson(profile), "profile.json")).toEqual(profile);
  });

  type Loose = { counts: unknown[]; positives: unknown[]; sums: unknown[]; rows: unknown };
  it.each<[string, (calibration: Loose) => void]>([
    ["a cell has more positives than rows", ({ positives }) => positives.splice(1, 1, 3)],
    ["the rows are others", (calibration) => Object.assign(calibration, { rows: 5 })],
    ["a count is negative", ({ counts }) => counts.splice(0, 2, -1, 3)],
    ["a cell is missing", ({ sums }) => sums.pop()],
    ["a key is unknown", (calibration) => Object.assign(calibration, { extra: 1 })],
  ])("is refused where %s", async (_, change) => {
    const profile = JSON.parse(canonicalJson(await calibrated())) as { calibration: Loose };
    change(profile.calibration);
    expect(() => parseProfile(JSON.stringify(profile), "profile.json")).toThrow(
      /profile\.json .*calibration/,
    );
  });

  it("is refused without outputs", async () => {
    const { outputs: _, ...rest } = await calibrated();
    expect(() => parseProfile(canonicalJson(rest), "profile.json")).toThrow("calibration");
  });
});
