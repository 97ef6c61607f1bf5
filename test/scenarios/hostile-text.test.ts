import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, runBaton } from "../support/baton-program.ts";
import { forgeEntry } from "../support/forge-entry.ts";
import { hostileRows, hostileWords, writeHostileHandOff } from "../support/hostile-hand-off.ts";

/* Names, categories, ids, file names, labels and notes of others stand in everything that is written as text, and do nothing. */

let root: string;
/** What each command printed, on a runner of CI. */
const printed = new Map<string, Ran>();
const at = (name: string) => join(root, name);
const file = "hostile-1.0.0.baton";

async function run(codes: readonly number[], ...argv: string[]): Promise<Ran> {
  const env = { HOME: root, BATON_STATE: at("memory"), CI: "true", GITHUB_ACTIONS: "true" };
  const ran = await runBaton(argv, { cwd: root, env });
  printed.set(argv.join(" "), ran);
  expect([codes, argv.join(" "), ran.stdout, ran.stderr]).toEqual([
    expect.arrayContaining([ran.exitCode]),
    ...[argv.join(" "), ran.stdout, ran.stderr],
  ]);
  return ran;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-hostile-"));
  await writeHostileHandOff(root);
  const add = ["--add", ".baton/people.yaml"];
  await run([0], "key", "new", "lab", "--role", "builds", ...add);
  await run([0], "key", "new", "ops", "--role", "runs", ...add);
  await run([0], "profile");
  await run([0, 1], "check");
  await run([0], "seal", "--key", "lab.key.pem");
  const { stdout } = await run([0], "inspect", file, "--json");
  const contentDigest = (JSON.parse(stdout) as { digest: string }).digest;
  const first = { model: "hostile", version: "1.0.0", contentDigest };
  await mkdir(at("relay"));
  const note = hostileWords.join(" ");
  await forgeEntry(at("relay"), at("lab.key.pem"), {
    ...first,
    action: "offer",
    person: "lab",
    role: "builds",
    note,
  });
  await forgeEntry(at("relay"), at("ops.key.pem"), {
    ...first,
    action: "accept",
    person: "ops",
    role: "runs",
    note,
  });
  const deploy = { action: "deploy", person: "ops", role: "runs", environment: "production", note } as const;
  await forgeEntry(at("relay"), at("ops.key.pem"), { ...first, ...deploy });

  await writeFile(at("asked.csv"), hostileRows("2026-01-05", 1400));
  await writeFile(
    at("moved.csv"),
    hostileRows("2026-01-10", 1400, 90).replaceAll('::error::pwned",', '::warning::new",'),
  );
  await run([0, 1], "predict", file, "asked.csv", "answers.csv", "--observe", "observed");
  await run([0, 1], "predict", file, "moved.csv", "more.csv", "--observe", "observed");
  for (const name of [
    "::error::pwned",
    "##[set-output name=pwned]1",
    "<img src=x onerror=pwned>",
    "@everyone | `x`",
  ])
    await writeFile(at(`observed/${name}.counters.json`), `{"${name}":1}`);
  await writeFile(at("observed/a\n::error::pwned\u001b[2J.counters.json"), "{}");

  const watch = ["watch", "observed", "--baton", file, "--labels", "asked.csv", "--at", "2026-01-20"];
  await run([0, 1], ...watch);
  await run([0, 1], ...watch, "--html", "page.html", "--markdown", "page.md", "--prometheus", "page.prom");
  await run([0, 1], ...watch, "--json");
  await run([0, 1], ...watch, "--format", "github");
  await run([0, 1], ...watch, "--replay");
  await run([0, 1], "review", "observed", "--baton", file, "--labels", "asked.csv", "--at", "2026-01-20");
  const page = (await readdir(at("reviews"))).find((name) => name.endsWith(".md"))!;
  const view = ["--view", note, "--action", `runs: ${note} by 2999-01-01`];
  for (const by of ["lab", "ops"])
    await run(
      [0],
      "review",
      "sign",
      `reviews/${page}`,
      "--baton",
      file,
      "--decision",
      "keep",
      ...view,
      "--key",
      `${by}.key.pem`,
    );
  await run([0, 1], "review", "observed", "--baton", file, "--labels", "asked.csv", "--at", "2026-01-20");
  await run([0, 1], "ci", "nightly", "observed", "--baton", file, "--labels", "asked.csv", "--dry-run");
  await run([0, 1], "status", file);
  await run([0, 1], "log", file);
  await run([0, 1], "clauses", file);
  await writeFile(at("labels.csv"), `id,late\n"${hostileWords[3]} 3",7\n`);
  await run([2], "watch", "observed", "--baton", file, "--labels", "labels.csv", "--at", "2026-01-20");
  await cp(at("labels.csv"), at("::error::pwned.csv"));
  await run(
    [2],
    "watch",
    "observed",
    "--baton",
    file,
    "--labels",
    "::error::pwned.csv",
    "--at",
    "2026-01-20",
  );
  await run([2], "watch", "observed", "--baton", file, "--labels", "nothing\n::error::pwned\u001b[2J.csv");
}, 180_000);
afterAll(() => rm(root, { recursive: true, force: true }));

const forbidden = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const annotation = /^::(error|warning|notice) file=[^:,\n]+(,line=\d+)?(,col=\d+)?,title=[^:,\n]+::/;

describe("terminals and runners of CI", () => {
  it("get text that moves no cursor, turns nothing round, and commands nothing but our annotations", () => {
    for (const [command, { stdout, stderr }] of printed)
      for (const text of [stdout, stderr]) {
        expect([command, forbidden.exec(text)?.[0]]).toEqual([command, undefined]);
        const lines = text.split("\n").filter((line) => line.trimStart().startsWith("::"));
        expect([command, lines.filter((line) => !annotation.test(line))]).toEqual([command, []]);
        expect([command, /##\w*\[/.exec(text)?.[0]]).toEqual([command, undefined]);
        expect([command, /^ {4}at /m.exec(text)?.[0]]).toEqual([command, undefined]);
      }
  });

  it("get one annotation a finding, each on one line", () => {
    const of = (end: string) => [...printed].find(([command]) => command.endsWith(end))![1].stdout;
    const { findings } = JSON.parse(of("2026-01-20 --json")) as { findings: readonly unknown[] };
    const lines = of("--format github").trimEnd().split("\n");
    expect(lines).toHaveLength(findings.length);
    for (const line of lines) expect(line).toMatch(annotation);
    const others = [...printed].filter(([command]) => !command.endsWith("--format github"));
    for (const [command, { stdout }] of others)
      expect([command, /^::(error|warning|notice)/m.test(stdout)]).toEqual([command, false]);
  });

  it("show the words themselves", () => {
    const text = [...printed.values()].map(({ stdout }) => stdout).join();
    expect(text).toContain(hostileWords[0]);
  });
});

describe("Markdown", () => {
  it("of pages and of the issue has no HTML, links, images, mentions or broken tables", async () => {
    const reviews = (await readdir(at("reviews"))).filter((name) => name.endsWith(".md"));
    expect(reviews).toHaveLength(2);
    const names = ["page.md", ...reviews.map((name) => `reviews/${name}`)];
    const pages = await Promise.all(names.map((name) => readFile(at(name), "utf8")));
    const issue = [...printed].find(([command]) => command.startsWith("ci nightly"))![1].stdout;
    for (const page of [...pages, issue.slice(issue.indexOf("###"), issue.indexOf("This issue"))]) {
      expect(page).toContain("onerror");
      const prose = page.replace(/^<!-- baton \S+ -->$/gm, "").replace(codeSpan, "code");
      expect(prose).not.toMatch(/(?<!\\)[<[`]|@\w|:\/\/|www\.\w/);
      for (const table of page.split(/\n\n+/).filter((part) => part.startsWith("|")))
        expect(
          new Set(
            table
              .trimEnd()
              .split("\n")
              .map((row) => row.split(/(?<!\\)\|/).length),
          ).size,
        ).toBe(1);
    }
  });
});

/** Code in ticks: what stands in it is shown as it is. */
const codeSpan = /(?<![\\`])(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g;

it("a file whose name breaks a line is named on one", () => {
  const text = [...printed.values()].map(({ stdout }) => stdout).join();
  expect(text).toContain("a?::error::pwned?[2J.counters.json is not what baton writes");
});

describe("metrics", () => {
  it("are lines of their format, with every label whole", async () => {
    const lines = (await readFile(at("page.prom"), "utf8")).trimEnd().split("\n");
    const sample = /^[a-z_]+\{([a-z]+="(?:[^"\\\n]|\\[\\n"])*",?)+\} -?[\d.e+-]+$/;
    for (const line of lines.filter((one) => one !== ""))
      expect(line).toMatch(line.startsWith("#") ? /^# (HELP|TYPE) [a-z_]+ / : sample);
    expect(lines.join("\n")).toContain("onerror");
  });
});

describe("the page", () => {
  it("holds the words as text", async () => {
    const html = await readFile(at("page.html"), "utf8");
    expect(html).toContain("onerror");
    expect(html).not.toMatch(/<img|window\.pwned=1<\/script>|href="javascript/i);
  });
});
