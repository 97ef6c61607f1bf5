import { describe, expect, it } from "vitest";
import { cleanHandOff, inputOf } from "./clean-hand-off.ts";
import { allChecks, runChecks } from "./run-checks.ts";

describe("where checks run", () => {
  it("is everywhere but at training data for the acceptor, who is told why", async () => {
    const handOff = cleanHandOff();
    handOff.files.delete("data/train.parquet");
    const { findings, notRun } = await runChecks(inputOf(handOff), "acceptor");
    expect(findings).toEqual([]);
    expect(notRun.map(({ check }) => check)).toEqual(["data.training", "joint.training"]);
    expect(notRun[0]?.reason).toContain("not in the baton");
    expect(handOff.asked.map(({ path }) => path)).not.toContain("data/train.parquet");
  });

  it("is without data files on the server", async () => {
    const handOff = cleanHandOff();
    const { findings, notRun } = await runChecks(inputOf(handOff), "server");
    expect(findings).toEqual([]);
    expect(handOff.asked).toEqual([]);
    expect(notRun.map(({ check }) => check)).toContain("data.joint");
  });

  it("shows the builder's word as long as it read what is here", async () => {
    const builder = await runChecks(inputOf(cleanHandOff()), "builder");
    const word = builder.items.map((item) => ({ item, by: "lab", at: "2026-01-01T00:00:00Z" }));
    const here = cleanHandOff();
    here.files.delete("data/train.parquet");
    const fresh = await runChecks(inputOf(here, { builderItems: word }), "acceptor");
    expect(fresh.notRun.map(({ evidence }) => evidence?.by)).toEqual(["lab", "lab"]);

    const changed = cleanHandOff();
    changed.files.delete("data/train.parquet");
    changed.batonLock = changed.batonLock?.replace(String(3).padStart(64, "0"), "e".repeat(64));
    const stale = await runChecks(inputOf(changed, { builderItems: word }), "acceptor");
    expect(stale.notRun.map(({ evidence }) => evidence)).toEqual([undefined, undefined]);
  });
});

it("asks a sketch for nothing that it cannot have yet", async () => {
  const sketch = cleanHandOff();
  const without = ["run:", "lock:", "data:", "golden:"];
  sketch.yaml = sketch.yaml
    .replace("level: handed-over", "level: sketch")
    .split("\n")
    .filter((line) => !without.some((key) => line.startsWith(key)))
    .join("\n");
  Object.assign(sketch, { files: new Map([["baton.yaml", { size: 1, sha256: "0".repeat(64) }]]) });
  const nothing = { model: undefined, lock: undefined, batonLock: undefined, profile: undefined };
  const { findings, notRun } = await runChecks(
    inputOf({ ...sketch, ...nothing, story: new Map() }),
    "builder",
  );
  expect(findings.filter(({ severity }) => severity === "blocking")).toEqual([]);
  expect(findings.filter(({ code }) => !code.startsWith("contract."))).toEqual([]);
  expect(notRun).toEqual([]);
});

describe("a report", () => {
  it("has one item for each check, and not-run is not pass", async () => {
    const { items } = await runChecks(inputOf(cleanHandOff()), "acceptor");
    expect(items.map((item) => item.test)).toEqual(allChecks.map((check) => check.name));
    const training = items.find((item) => item.test === "data.training");
    expect(training).toMatchObject({ outcome: "not-run", reason: expect.any(String) });
    for (const item of items)
      expect(Object.keys(item.reads).length > 0 || item.test === "people.sane").toBe(true);
  });

  it("tells only of the contract where that cannot be used", async () => {
    const handOff = cleanHandOff();
    const { findings, notRun, items } = await runChecks(
      inputOf({ ...handOff, yaml: "baton: 1\nlevel: [" }),
      "builder",
    );
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.every((finding) => finding.code.startsWith("contract."))).toBe(true);
    expect(notRun).toHaveLength(allChecks.length - 1);
    expect(items).toHaveLength(1);
  });

  it("says one cause once, with every file in which it shows", async () => {
    const handOff = cleanHandOff();
    const broken = { count: 13, row: 7, value: "250" };
    for (const which of ["training", "joint", "golden"] as const) {
      const table = handOff[which];
      if ("problem" in table) throw new Error("the test's file has a problem");
      const wind = { ...table.features.get("wind")!, outOfRange: broken };
      handOff[which] = { ...table, features: new Map([...table.features, ["wind", wind]]) };
    }
    const { findings, items } = await runChecks(inputOf(handOff), "builder");
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: "data.out-of-range", clause: "features.wind" });
    expect(findings[0]?.message).toContain("train.parquet");
    expect(findings[0]?.message).toContain("joint.parquet");
    const failed = items.filter((item) => item.outcome === "fail").map((item) => item.test);
    expect(failed).toEqual(["data.training", "data.joint"]);
  });

  it("withholds values of sensitive features", async () => {
    const handOff = cleanHandOff();
    handOff.yaml = handOff.yaml.replace("missing: allowed,", "missing: allowed, sensitive: true,");
    const table = handOff.joint;
    if ("problem" in table) throw new Error("the test's file has a problem");
    const wind = { ...table.features.get("wind")!, outOfRange: { count: 1, row: 2, value: "666.6" } };
    handOff.joint = { ...table, features: new Map([...table.features, ["wind", wind]]) };
    const report = await runChecks(inputOf(handOff), "builder");
    expect(report.findings).toMatchObject([{ code: "data.out-of-range", received: "[withheld]" }]);
    expect(JSON.stringify(report)).not.toContain("666.6");
  });

  it("gives each finding a place, a sentence and a next step", async () => {
    const handOff = cleanHandOff(undefined);
    handOff.files.delete("model/m.onnx");
    handOff.batonLock = undefined;
    const { findings } = await runChecks(inputOf(handOff), "builder");
    expect(findings.map((finding) => finding.code)).toEqual(["model.missing", "digests.missing"]);
    for (const finding of findings) expect(finding.next.length).toBeGreaterThan(10);
    expect(findings[0]).toMatchObject({ file: "baton.yaml", line: 4 });
  });
});
