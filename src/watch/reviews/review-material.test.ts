import { describe, expect, it } from "vitest";
import { contractOf, featureOf } from "../../../test/support/contract-of.ts";
import { clausesOf } from "../../contract/index.ts";
import { sha256 } from "../../kernel/index.ts";
import type { RelayState, TimelineRow } from "../../relay/index.ts";
import type { ColumnReport } from "../report/column-report.ts";
import type { WatchReport } from "../report/watch-report.ts";
import type { WindowReport } from "../report/window-report.ts";
import { readMaterial } from "./read-material.ts";
import { type ReviewSources, reviewMaterial, sealMaterial } from "./review-material.ts";
import { reviewPage } from "./review-page.ts";
import { longestList } from "./watched-facts.ts";

const one = sha256("one");
const contract = contractOf({
  features: [
    featureOf("carrier", "string", { values: ["AA"] }),
    featureOf("destination", "string", { values: ["BOS"], unknown: "warn" }),
  ],
  limitations: [
    { id: "new-carriers", text: "Rejected.", keptBy: "features.carrier" },
    { id: "summer", text: "Marked.", keptBy: "features.destination" },
    { id: "drifts", text: "Drifts.", keptBy: "watch" },
    { id: "people", text: "Read it.", keptBy: "stated" },
  ],
});
const at = (day: number) => new Date(Date.UTC(2026, 5, day)).toISOString();
const row = (action: string, day: number, text: string): TimelineRow => ({
  ...{
    entry: sha256(text),
    file: "",
    sequence: 1,
    at: at(day),
    action,
    version: "1.0.0",
    contentDigest: one,
  },
  ...{ person: "lab", role: "builds", text, standing: "counts", parents: [] },
});
const deploy = { entry: sha256("d"), person: "ops", role: "runs", at: at(1) };
const state: RelayState = {
  ...{
    model: "tiny",
    at: at(20),
    contents: [],
    countersignaturesDue: [],
    reviews: [],
    actions: [],
    requests: [],
    observations: [],
  },
  environments: [
    {
      environment: "production",
      current: { ...deploy, contentDigest: one, version: "1.0.0", environment: "production", kind: "deploy" },
      deployments: [],
      contested: [],
    },
  ],
};
const column = (clause: string, other: number): ColumnReport => ({
  ...{ clause, missing: { now: 0 }, other: { now: other } },
  distances: { sufficient: false } as ColumnReport["distances"],
});
const window = (day: number): WindowReport => ({
  ...{ start: at(day), end: at(day + 1), rows: 100, answered: 97, untimed: 0 },
  rejected: { "features.carrier input.category": 2, "features.carriers input.type": 1 },
  latency: [],
  columns: [column("features.carrier", 0), column("features.destination", 0.05)],
  performance: { answered: 97, labelled: 90, mature: day < 3, metrics: { brier: 0.1 } },
});
const report: WatchReport = {
  windows: [window(2), window(3)],
  replicas: [],
  alarms: [{ begins: at(2), until: at(3), windows: 1, open: false, cause: "score", columns: [] }],
  findings: [],
};
const sources: ReviewSources = {
  ...{ contract, contentDigest: one, state, at: at(20), score: { score: 0, sections: [] } },
  timeline: [
    row("deploy", 1, "before"),
    row("deploy", 4, "the same once more"),
    row("request", 5, "lab asks for the next"),
    { ...row("recall", 6, "decided against"), standing: "void" },
  ],
  clauses: clausesOf(contract).map((clause) => ({
    clause,
    verdict: { clause: clause.id, outcome: "not-run", why: "never tested" },
  })),
  report,
};

describe("the material of a review", () => {
  const material = reviewMaterial(sources);

  it("counts what was met of each limitation", () => {
    expect(material.limitations).toEqual([
      { id: "new-carriers", text: "Rejected.", keptBy: "features.carrier", rejected: 4 },
      { id: "summer", text: "Marked.", keptBy: "features.destination", rejected: 0, marked: 10 },
      { id: "drifts", text: "Drifts.", keptBy: "watch", alarms: 1 },
      { id: "people", text: "Read it.", keptBy: "stated" },
    ]);
  });

  it("says what became of an alarm, and nothing that a resolution decided against", () => {
    expect(material.watched?.alarms[0]?.became).toEqual(["2026-06-05 request of 1.0.0 by lab"]);
    expect(material.events.map(({ text }) => text)).toEqual(["the same once more", "lab asks for the next"]);
    expect(material.since).toBe(at(1));
  });

  it("knows no quality before it has matured", () => {
    expect(material.watched?.performance).toEqual([
      { window: at(2), answered: 97, labelled: 90, metrics: { brier: 0.1 } },
      { window: at(3), answered: 97, labelled: 90 },
    ]);
    expect(reviewPage(material)).toMatch(/2026-06-03 \| 90 of 97 \| unknown/);
  });

  it("tells faults without the values that show them", () => {
    const fault = {
      ...{
        fingerprint: "f".repeat(16),
        class: "contract.category",
        clause: "features.carrier",
        owner: "builds",
      },
      ...{
        severity: "warning" as const,
        first: at(2),
        last: at(3),
        windows: 1,
        starts: [at(2)],
        rows: 2,
        rate: 0.02,
      },
      ...{ message: "Two rows.", action: "Ask.", samples: ["a caller's own words"] },
    };
    const seen = reviewMaterial({ ...sources, report: { ...report, errors: [fault] } });
    expect(seen.watched?.errors).toMatchObject([{ class: "contract.category", rows: 2, action: "Ask." }]);
    expect(JSON.stringify(seen)).not.toContain("own words");
  });

  it("leaves to what was observed what only a monitor keeps", () => {
    const [watch] = clausesOf(contractOf({ watch: { window: "1d", falseAlarms: "1 per 90d", keepRows: 0 } }));
    const verdict = { clause: "watch", outcome: "not-run", why: "no monitor" } as const;
    const clauses = [{ clause: watch!, verdict }];
    expect(reviewMaterial({ ...sources, clauses })).toMatchObject({ verdicts: { watched: 1 }, unkept: [] });
    const { report: _, ...blind } = sources;
    expect(reviewMaterial({ ...blind, clauses })).toMatchObject({ verdicts: { "not-run": 1 }, unkept: [{}] });
  });

  it("names parts where it is worse, and no value of a sensitive feature", () => {
    const slice = (clause: string, significant: boolean) => ({
      ...{ slice: `${clause} = "x"`, clauses: [`features.${clause}`], rows: 50, share: 0.2, metric: "brier" },
      ...{ inside: 0.3, outside: 0.1, difference: [0.1, 0.3] as const, p: 0.01, significant },
    });
    const hidden = contract.features.map((feature) => ({
      ...feature,
      sensitive: feature.name === "carrier",
    }));
    const { watched } = reviewMaterial({
      ...sources,
      contract: { ...contract, features: hidden },
      report: {
        ...report,
        slices: [slice("carrier", true), slice("destination", true), slice("destination", false)],
      },
    });
    expect(watched?.slices.map(({ slice: name }) => name)).toEqual(['destination = "x"']);
  });

  it("is silent about nothing that was not looked at", () => {
    const { report: _, ...blind } = sources;
    const page = reviewPage(reviewMaterial(blind));
    expect(page).toContain("Not looked at: no folder was named.");
    expect(page).toMatch(/Rejected\. \| `features\.carrier` \| not looked at/);
  });

  it("leaves out what is too much, and says so", () => {
    const many = Array.from({ length: longestList + 5 }, () => report.alarms![0]!);
    const long = reviewMaterial({ ...sources, report: { ...report, alarms: many } });
    expect([long.watched?.alarms.length, long.watched?.leftOut]).toEqual([longestList, { alarms: 5 }]);
    expect(reviewPage(long)).toContain("left out here: 5 of alarms");
  });

  it("shows hostile text and lets it do nothing", () => {
    const hostile = "x | <script>alert(1)</script>\n# @everyone [a](javascript:b)";
    const page = reviewPage(
      reviewMaterial({
        ...sources,
        timeline: [row("request", 5, hostile)],
        clauses: sources.clauses.map((one) => ({ ...one, verdict: { ...one.verdict, why: hostile } })),
      }),
    );
    expect(page).not.toMatch(/<script|^# @|@everyone|(?<!\\)\[a\]/m);
  });
});

describe("a material on file", () => {
  const page = reviewPage(reviewMaterial(sources));
  const { json, digest } = sealMaterial(reviewMaterial(sources), page);

  it("is the same for the same sources, whatever git does to its line ends", () => {
    expect(sealMaterial(reviewMaterial(sources), page)).toEqual({ json, digest });
    const read = { model: "tiny", version: "1.0.0", content: one, collected: at(20), digest };
    expect(readMaterial(json, page)).toEqual(read);
    expect(readMaterial(json.replaceAll("\n", "\r\n"), page.replaceAll("\n", "\r\n"))).toEqual(read);
  });

  it.each<[string, string, string | undefined]>([
    ["was edited", json.replace('"rows": 200', '"rows": 2000'), page],
    ["was edited", json.replace('"score": 0', '"score": 1'), page],
    ["page (.md) that was edited", json, page.replace("unknown", "0.900")],
    ["no page", json, undefined],
    ["no material", "{}", page],
    ["no material", json.replace('"kind": "review"', '"kind": "other"'), page],
    ["not JSON", json.slice(0, -9), page],
    ["no material", "[".repeat(100_000), page],
  ])("that %s is refused", (problem, text, beside) => {
    expect(readMaterial(text, beside)).toEqual({ problem: expect.stringContaining(problem) });
  });
});
