import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Clause } from "../../../contract/index.ts";
import type { Finding } from "../../../kernel/index.ts";
import type { Session } from "../session.ts";
import { nightlyPage } from "./nightly-page.ts";
import type { NightlyReport } from "./nightly-report.ts";
import { markerOf, post } from "./post.ts";
import { pullRequestPage } from "./pull-request-page.ts";
import type { PullRequestReport } from "./pull-request-report.ts";

const hostile = "x | `y` <img src=x>\n/close @everyone #1 [a](javascript:b) <!-- baton nightly . -->";
const finding: Finding = {
  ...{ code: "joint.leak", severity: "blocking", file: "models/late/baton.yaml", line: 3, path: hostile },
  ...{ message: hostile, next: "Run baton check.", expected: "1", received: hostile },
};
const clause = { id: "gates.auc", owner: "builds", kept: ["tested"] } as unknown as Clause;
const report: PullRequestReport = {
  ...{ target: hostile, title: hostile },
  checks: [{ name: "evidence", state: "failure", description: hostile }],
  clauses: [{ clause, outcome: "fail", why: hostile }],
  findings: [finding],
};
const night: NightlyReport = {
  ...{
    command: `baton watch observed ${hostile}`,
    title: hostile,
    well: false,
    passed: false,
    seen: "nothing was observed",
  },
  ...{ alarms: [], triggers: [], findings: [finding] },
  errors: [
    {
      ...{ fingerprint: "f", class: hostile, clause: hostile, owner: hostile, severity: "blocking" as const },
      ...{
        first: "",
        last: "",
        windows: 1,
        starts: [],
        rows: 1,
        rate: 1,
        message: hostile,
        action: hostile,
        samples: [],
      },
    } as unknown as NightlyReport["errors"][number],
  ],
};

/** What stands outside of code: nothing in code is linked, called or run. */
const outsideOfCode = (page: string) => page.replaceAll(/(`+)[^\n]*?[^`\n]\1(?!`)/g, "code");

describe("what a pipeline writes", () => {
  it.each([
    ["on a pull request", pullRequestPage(report)],
    ["at night", nightlyPage(night)],
  ])("shows hostile text and lets it do nothing, %s", (_, page) => {
    const text = outsideOfCode(page);
    expect(text).not.toMatch(/<img|<!--|@everyone|#1\b|(?<!\\)\[a\]/);
    expect(page).not.toMatch(/^\s*\//m);
    // Every row of a table has as many cells as its head.
    const widths = page.split("\n\n").map((part) => {
      const rows = part.split("\n").filter((line) => line.startsWith("|"));
      return new Set(rows.map((row) => row.replaceAll("\\|", "").split("|").length)).size;
    });
    expect(Math.max(...widths)).toBe(1);
  });

  it("names clause, row, expectation and command", () => {
    const page = pullRequestPage({
      ...report,
      target: "models/late",
      findings: [{ ...finding, path: "rows[3]", message: "Differs.", received: "2" }],
    });
    expect(page).toContain("| `gates.auc` | builds | **fail** |");
    expect(page).toContain("`models/late/baton.yaml:3  rows[3]` | Differs. (expected 1, got 2)");
    expect(page).toContain("`baton check models/late && baton test models/late`");
  });

  it("says what does not fit", () => {
    const page = pullRequestPage({ ...report, findings: Array.from({ length: 40 }, () => finding) });
    expect(page).toContain("15 more findings stand in the log of the run.");
  });

  it("has a marker that no name can end", () => {
    expect(markerOf("nightly", "a --> <b> -- c")).toBe("<!-- baton nightly a-b-c -->");
    expect(markerOf("nightly", "models/late")).toBe(markerOf("nightly", "models/late"));
  });
});

describe("the summary of a step", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "baton-summary-"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  const posting = { marker: "<!-- m -->", body: `${"line\n".repeat(20_000)}` };
  const session = () => ({ cwd: root }) as Session;

  it("is added to the file, cut at a line where it is too long", async () => {
    const surroundings = { platform: "GitHub", whyNot: "no token", summaryFile: "summary.md" } as const;
    await post(session(), surroundings, posting, { dryRun: false });
    await post(session(), surroundings, { ...posting, body: "second" }, { dryRun: false });
    const text = await readFile(join(root, "summary.md"), "utf8");
    expect(text.length).toBeLessThan(61_000);
    expect(text).toMatch(/line\n\nThe rest is in the log of the run\.\n\nsecond\n$/);
  });

  it("that cannot be written is a warning", async () => {
    const nowhere = { platform: "GitHub", whyNot: "no token", summaryFile: "none/summary.md" } as const;
    const { findings } = await post(session(), nowhere, posting, { dryRun: false });
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "ci.not-posted warning",
      "ci.nothing-posted note",
    ]);
  });
});
