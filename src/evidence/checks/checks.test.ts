import { describe, expect, it } from "vitest";
import { inferenceFindings } from "../../inference/index.ts";
import { checksFindings } from "./checks-findings.ts";
import {
  cleanHandOff,
  cleanModel,
  cleanProfile,
  cleanValues,
  type HandOff,
  inputOf,
} from "./clean-hand-off.ts";
import type { FeatureFacts, Separation, TableFacts } from "./data-probe.ts";
import { allChecks, runChecks } from "./run-checks.ts";

type Break = (handOff: HandOff) => void;

const replace =
  (from: string, to: string): Break =>
  (h) => {
    if (!h.yaml.includes(from)) throw new Error(`the contract of the test has no "${from}"`);
    h.yaml = h.yaml.replace(from, to);
  };
const table =
  (which: "training" | "joint" | "golden", change: (table: TableFacts) => Partial<TableFacts>): Break =>
  (h) => {
    const before = h[which] as TableFacts;
    h[which] = { ...before, ...change(before) };
  };
const values = (which: "training" | "joint" | "golden", name: string, change: Partial<FeatureFacts>): Break =>
  table(which, ({ features }) => ({
    features: new Map([...features, [name, { ...features.get(name)!, ...change }]]),
  }));
const without = (which: "training" | "joint" | "golden", name: string): Break =>
  table(which, ({ columns, features }) => ({
    columns: columns.filter((column) => column.name !== name),
    features: new Map(
      [...features].filter(([feature]) => name !== feature && name !== `features.${feature}`),
    ),
  }));
const some = { count: 3, row: 7, value: "x" };
const separated = (change: Partial<Separation>): Partial<FeatureFacts> => ({
  separation: { ...cleanValues.separation!, ...change },
});
const critical = replace("level: handed-over", "level: critical");
const both =
  (...breaks: Break[]): Break =>
  (h) => {
    for (const each of breaks) each(h);
  };
const model =
  (change: Partial<typeof cleanModel>): Break =>
  (h) => {
    h.model = { ...cleanModel, ...change };
  };
const lock =
  (text: string): Break =>
  (h) => {
    h.lock = text;
  };
const sha = `--hash=sha256:${"b".repeat(64)}`;

/** One defect for each code, and everything that may be reported of it. */
const defects: readonly (readonly [code: string, defect: Break, also?: readonly string[]])[] = [
  ["model.missing", (h) => h.files.delete("model/m.onnx")],
  [
    "model.too-large",
    (h) => h.files.set("model/m.onnx", { ...h.files.get("model/m.onnx")!, size: 3 * 1024 ** 3 }),
  ],
  [
    "model.unreadable",
    (h) => {
      h.model = { ...cleanModel, problem: "it is a pickle" };
    },
  ],
  ["model.not-loadable", model({ loadProblem: "no kernel" })],
  ["model.external-data", model({ externalData: ["w.bin"], loadProblem: "no w.bin" })],
  ["model.custom-operators", model({ customDomains: ["org.acme"], loadProblem: "no org.acme" })],
  ["model.opset", model({ opsets: { "ai.onnx": 99 }, loadProblem: "too new" })],
  ["model.other", model({ inputs: ["a", "b", "c"].map((name) => ({ name, type: "float32", shape: [-1] })) })],
  [
    "model.input-renamed",
    model({
      inputs: [
        cleanModel.inputs[0]!,
        { ...cleanModel.inputs[1]!, name: "wind_speed" },
        cleanModel.inputs[2]!,
      ],
    }),
  ],
  ["model.input-absent", model({ inputs: cleanModel.inputs.slice(0, 2) })],
  [
    "model.input-undeclared",
    model({ inputs: [...cleanModel.inputs, { name: "gust", type: "float32", shape: [-1, 1] }] }),
  ],
  [
    "model.input-type",
    model({
      inputs: [cleanModel.inputs[0]!, { ...cleanModel.inputs[1]!, type: "float64" }, cleanModel.inputs[2]!],
    }),
  ],
  [
    "model.input-shape",
    model({
      inputs: [cleanModel.inputs[0]!, { ...cleanModel.inputs[1]!, shape: [-1, 3] }, cleanModel.inputs[2]!],
    }),
  ],
  ["model.output-absent", model({ outputs: [{ name: "probabilities", type: "float32", shape: [-1, 1] }] })],
  ["model.output-type", model({ outputs: [{ name: "late", type: "sequence", shape: [] }] })],
  ["model.output-column", model({ outputs: [{ name: "late", type: "float32", shape: [-1, 2] }] })],
  ["data.missing-file", (h) => h.files.delete("data/joint.parquet")],
  [
    "data.unreadable",
    (h) => {
      h.joint = { problem: "unreadable", detail: "cut" };
    },
  ],
  ["data.empty", table("joint", () => ({ rows: 0 }))],
  ["data.column-missing", without("joint", "seats")],
  [
    "data.column-type",
    table("training", ({ features }) => ({
      features: new Map([...features].filter(([name]) => name !== "seats")),
    })),
  ],
  ["data.column-empty", values("joint", "wind", { missing: { count: 400 } })],
  ["data.value-type", values("joint", "seats", { unconvertible: some })],
  ["data.missing-values", values("training", "seats", { missing: some })],
  ["data.out-of-range", values("joint", "wind", { outOfRange: some })],
  ["data.unknown-category", values("joint", "origin", { unknownCategory: some })],
  [
    "data.outside-expected",
    values("training", "wind", { outsideExpected: { count: 100, row: 1, value: "50" } }),
  ],
  ["data.label-missing", without("joint", "late_truth")],
  ["data.label-values", table("training", ({ label }) => ({ label: { ...label!, other: some } }))],
  [
    "data.label-one-class",
    table("joint", ({ label }) => ({ label: { ...label!, positive: 0, negative: 400 } })),
  ],
  ["data.key-missing", without("training", "id")],
  ["data.key-not-unique", table("joint", () => ({ key: { distinct: 399, missing: 0 } }))],
  ["data.time-missing", table("joint", () => ({ time: undefined as never }))],
  [
    "joint.shared-rows",
    (h) => {
      h.overlap = { ...h.overlap, byKey: { count: 2, row: 3 } };
    },
  ],
  [
    "joint.earlier",
    table("joint", ({ time }) => ({ time: { ...time!, first: "2013-02-01T00:00:00.000Z" } })),
  ],
  [
    "joint.label-copied",
    values(
      "joint",
      "seats",
      separated({ pureRows: 340, missing: { positive: 0, negative: 60 }, pairs: 24_000 }),
    ),
  ],
  [
    "joint.leak",
    values(
      "joint",
      "seats",
      separated({
        pairs: 23_990,
        present: { positive: 100, negative: 240 },
        missing: { positive: 0, negative: 0 },
      }),
    ),
  ],
  ["joint.too-few-rows", table("joint", () => ({ rows: 150, key: { distinct: 150, missing: 0 } }))],
  ["joint.rare-class", table("joint", ({ label }) => ({ label: { ...label!, positive: 9, negative: 391 } }))],
  ["joint.no-slice", table("joint", () => ({ groups: new Map([["origin", [{ value: "EWR", rows: 10 }]]]) }))],
  ["golden.missing-file", (h) => h.files.delete("golden/rows.parquet")],
  [
    "golden.unreadable",
    (h) => {
      h.golden = { problem: "unreadable", detail: "cut" };
    },
  ],
  ["golden.layer-missing", without("golden", "raw.origin")],
  ["golden.column-missing", without("golden", "features.seats")],
  ["golden.column-type", values("golden", "seats", { unconvertible: some })],
  ["golden.too-few-rows", table("golden", () => ({ rows: 5 }))],
  ["golden.none-missing", values("golden", "wind", { missing: { count: 0 } })],
  ["golden.row-rejected", values("golden", "wind", { outOfRange: { count: 10, row: 7, value: "900" } })],
  [
    "golden.prediction-range",
    table("golden", () => ({ extremes: new Map([["prediction.late", { low: -1, high: 2, missing: 0 }]]) })),
  ],
  [
    "lock.missing",
    (h) => {
      h.lock = undefined;
      h.files.delete("requirements.lock");
    },
  ],
  ["lock.unreadable", lock("{ not a lock }")],
  ["lock.empty", lock("# nothing\n")],
  ["lock.not-pinned", lock(`numpy>=1 ${sha}`)],
  ["lock.no-hash", lock("numpy==1.0")],
  ["lock.weak-hash", lock("numpy==1.0 --hash=md5:0123456789abcdef0123456789abcdef")],
  ["lock.from-elsewhere", lock(`numpy==1.0 ${sha}\n-e ./mine`)],
  ["lock.includes", lock(`-r base.txt\nnumpy==1.0 ${sha}`)],
  ["lock.contradictory", lock(`numpy==1.0 ${sha}\nnumpy==1.1 ${sha}`)],
  [
    "digests.missing",
    (h) => {
      h.batonLock = undefined;
    },
  ],
  [
    "digests.unreadable",
    (h) => {
      h.batonLock = "<<<<<<< ours";
    },
  ],
  ["digests.stale", (h) => h.files.set("model/m.onnx", { size: 2, sha256: "f".repeat(64) })],
  [
    "profile.missing",
    (h) => {
      h.profile = undefined;
    },
  ],
  [
    "profile.unreadable",
    (h) => {
      h.profile = "{}";
    },
  ],
  [
    "profile.stale",
    (h) => {
      h.profile = JSON.stringify({
        ...cleanProfile(h.files),
        reads: { "data:data/train.parquet": "0".repeat(64) },
      });
    },
  ],
  [
    "profile.features",
    (h) => {
      h.profile = JSON.stringify({ ...cleanProfile(h.files), features: { cells: { columns: [] } } });
    },
  ],
  [
    "profile.not-calibrated",
    (h) => {
      const { thresholds: _, ...profile } = cleanProfile(h.files);
      h.profile = JSON.stringify(profile);
    },
  ],
  ["profile.thresholds-stale", replace("1 per 90d", "1 per 30d")],
  ["profile.thresholds-stale", replace("1 per 90d", "1 per 90d, strata: day-of-week")],
  [
    "profile.strata-unknown",
    (h) => {
      replace("1 per 90d", "1 per 90d, strata: day-of-week")(h);
      const { thresholds, ...profile } = cleanProfile(h.files);
      const strata = { by: "day-of-week", known: [] };
      h.profile = JSON.stringify({ ...profile, thresholds: { ...thresholds, strata } });
    },
  ],
  ["owners.placeholder", replace("platform@example.org", "TODO")],
  ["owners.not-an-address", replace("platform@example.org", "the platform team")],
  ["prose.placeholder", replace("Staffs by last week's plan.", "TODO")],
  ["review.before-labels", replace("arrive-after: 1d", "arrive-after: 30d")],
  [
    "sensitive.unmarked",
    (h) => {
      replace("name: seats", "name: birth_year")(h);
      const rename = (name: string) => name.replaceAll("seats", "birth_year");
      h.model = {
        ...cleanModel,
        inputs: cleanModel.inputs.map((one) => ({ ...one, name: rename(one.name) })),
      };
      for (const which of ["training", "joint", "golden"] as const)
        table(which, ({ columns, features }) => ({
          columns: columns.map((column) => ({ ...column, name: rename(column.name) })),
          features: new Map([...features].map(([name, facts]) => [rename(name), facts])),
        }))(h);
      h.profile = rename(JSON.stringify(cleanProfile(h.files)));
    },
  ],
];

/** Codes that only `critical` has, judged among the many findings that this small contract then has. */
const criticalDefects: readonly (readonly [keyof typeof checksFindings, Break])[] = [
  ["owners.same", both(critical, replace("builds: forecasting@example.org", "builds: Platform@example.org"))],
  ["story.missing", both(critical, (h) => h.story.clear())],
];

async function codesOf(...breaks: Break[]): Promise<string[]> {
  const handOff = cleanHandOff();
  for (const defect of breaks) defect(handOff);
  const { findings } = await runChecks(inputOf(handOff), "builder");
  return findings.map((finding) => finding.code);
}

describe("checks", () => {
  it("find nothing in a hand-off without fault", async () => {
    expect(await codesOf()).toEqual([]);
  });

  it.each(defects.map(([code, defect, also]) => ({ code, defect, also: also ?? [] })))(
    "find $code, and only that",
    async ({ code, defect, also }) => {
      expect([...(await codesOf(defect))].sort()).toEqual([code, ...also].sort());
    },
  );

  it("name what is there in place of a column that is not", async () => {
    const findingsOf = async (defect: Break) => {
      const handOff = cleanHandOff();
      defect(handOff);
      return (await runChecks(inputOf(handOff), "builder")).findings;
    };
    const renamed = table("joint", ({ columns }) => ({
      columns: columns.map((column) => (column.name === "wind" ? { ...column, name: "Wind " } : column)),
    }));
    const [misnamed] = await findingsOf(renamed);
    expect(misnamed?.message).toContain('has no column "wind"; did you mean "Wind "?');
    const output = table("golden", ({ columns }) => ({
      columns: columns.map((column) => ({ ...column, name: column.name.replace("n.late", "n.p_late") })),
    }));
    const [unnamed] = await findingsOf(output);
    expect(unnamed).toMatchObject({ code: "golden.column-missing", received: "prediction.p_late" });
  });

  it.each(criticalDefects)("find %s at critical", async (code, defect) => {
    expect(await codesOf(critical)).not.toContain(code);
    expect(await codesOf(defect)).toContain(code);
  });

  it("have a test for each code", () => {
    const tested = new Set<string>([...defects, ...criticalDefects].map(([code]) => code));
    expect(Object.keys(checksFindings).filter((code) => !tested.has(code))).toEqual([]);
  });

  it("own every code, and name none that has no page", () => {
    const owned = allChecks.flatMap((check) => check.codes);
    const pages = { ...checksFindings, ...inferenceFindings };
    expect(owned.filter((code) => !(code in pages))).toEqual([]);
    expect(Object.keys(checksFindings).filter((code) => !owned.includes(code))).toEqual([]);
    for (const check of allChecks)
      for (const code of check.codes)
        expect(check.where.some((place) => pages[code as keyof typeof pages].where.includes(place))).toBe(
          true,
        );
  });
});
