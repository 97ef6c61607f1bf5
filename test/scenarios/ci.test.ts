import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Ran, startWarmProgram, type WarmProgram } from "../support/baton-program.ts";
import { type FakeHost, fakeGitHub, fakeGitLab } from "../support/fake-code-host.ts";
import { problemOf } from "../support/scenario.ts";
import { writeSmallHandOff } from "../support/small-hand-off.ts";

/* `baton ci` in the surroundings of a pipeline, against hosts of code on loopback. */

const token = "a-token-that-nobody-may-see";
const head = "a".repeat(40);
let root: string;
let program: WarmProgram;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-ci-"));
  program = await startWarmProgram();
  for (const folder of ["models/late", "models/weak"]) {
    await mkdir(join(root, folder), { recursive: true });
    await writeSmallHandOff(join(root, folder));
    const file = join(root, folder, "baton.yaml");
    const text = await readFile(file, "utf8");
    if (folder.endsWith("weak")) await writeFile(file, text.replace("roc_auc >= 0.7", "roc_auc >= 0.999"));
    await baton({}, "profile", folder);
  }
  const event = (repository: string) =>
    JSON.stringify({ pull_request: { number: 7, head: { sha: head, repo: { full_name: repository } } } });
  await writeFile(join(root, "event.json"), event("team/models"));
  await writeFile(join(root, "fork.json"), event("stranger/models"));
});
afterAll(async () => {
  await program.end();
  await rm(root, { recursive: true, force: true });
});

async function baton(env: Record<string, string>, ...argv: string[]): Promise<Ran> {
  const ran = await program.run(argv, {
    cwd: root,
    env: { HOME: root, BATON_STATE: join(root, "state"), ...env },
  });
  expect(problemOf(argv, ran)).toBeUndefined();
  expect(ran.stdout + ran.stderr).not.toContain(token);
  return ran;
}

let host: FakeHost;
afterEach(() => host.end());

describe("on GitHub", () => {
  beforeEach(async () => {
    host = await fakeGitHub(token);
    await rm(join(root, "summary.md"), { force: true });
  });
  const env = (more: Record<string, string> = {}) => ({
    ...{
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: host.url,
      GITHUB_REPOSITORY: "team/models",
      GITHUB_SHA: "b".repeat(40),
    },
    ...{ GITHUB_TOKEN: token, GITHUB_EVENT_PATH: "event.json", GITHUB_STEP_SUMMARY: "summary.md" },
    ...{ GITHUB_SERVER_URL: "https://code.example", GITHUB_RUN_ID: "12" },
    ...more,
  });
  const weak = (more: Record<string, string> = {}, ...flags: string[]) =>
    baton(env(more), "ci", "pull-request", "models/weak", ...flags);

  test("a pull request gets one comment, which is kept, and three statuses on its head", async () => {
    // 150 comments before ours, and a stranger who has written our marker into theirs.
    const marker = "<!-- baton pull-request models/weak -->";
    for (let id = 1; id <= 150; id++)
      host.comments.push({
        id,
        body: id === 3 ? `${marker}\nAll is well.` : "Looks good.",
        state: "open",
        by: "stranger",
      });
    const first = await weak();
    expect(first.exitCode).toBe(1);
    const own = host.comments.filter(({ by }) => by === "github-actions[bot]");
    expect(own.map(({ body }) => body)).toEqual([expect.stringContaining("`gates.auc` | builds | **fail**")]);
    expect(own[0]!.body).toContain("`baton check models/weak && baton test models/weak`");
    expect(own[0]!.body.startsWith(marker)).toBe(true);
    expect(host.comments[2]!.body).toBe(`${marker}\nAll is well.`);
    expect(host.statuses.map(({ context, state, sha }) => [context, state, sha])).toEqual([
      ["baton/contract", "success", head],
      ["baton/evidence", "failure", head],
      ["baton/acceptance", "pending", head],
    ]);
    expect(host.statuses[1]).toMatchObject({
      description: expect.stringContaining("gates.auc fail"),
      target_url: "https://code.example/team/models/actions/runs/12",
    });
    expect(await readFile(join(root, "summary.md"), "utf8")).toContain("### Baton: late 1.0.0, handed");
    expect(first.stdout).toMatch(/^::error file=models\/weak\/.*title=/m);

    const again = await weak({ GITHUB_RUN_ID: "13" });
    expect(again.stdout).toContain("comment on 7 updated");
    expect(host.comments).toHaveLength(151);
    expect(host.comments[150]!.body).toContain("actions/runs/13");
    expect((await weak({ GITHUB_RUN_ID: "13" })).stdout).toContain("comment on 7 unchanged");
  });

  test("a fork, a missing token and a dry run post nothing, say what they would, and end as the gates do", async () => {
    const fork = await weak({ GITHUB_EVENT_PATH: "fork.json" });
    expect([fork.exitCode, fork.stdout]).toEqual([1, expect.stringContaining("from stranger/models")]);
    const without = await weak({ GITHUB_TOKEN: "" });
    expect([without.exitCode, without.stdout]).toEqual([
      1,
      expect.stringContaining("GITHUB_TOKEN is not set"),
    ]);
    const dry = await weak({}, "--dry-run");
    for (const { stdout } of [fork, without, dry]) {
      expect(stdout).toContain("would set baton/evidence to failure on aaaaaaaaaaaa: ");
      expect(stdout).toContain("would write one comment on 7:");
      expect(stdout).toContain("<!-- baton pull-request models/weak -->");
    }
    expect(host.asked).toEqual([]);
  });

  const comments = "/repos/team/models/issues/7/comments";
  const countOf = (at: string) => host.asked.filter((line) => line.startsWith(at)).length;

  test("what does no harm twice is tried three times", async () => {
    const list = { at: new RegExp(`GET ${comments}`), status: 502 };
    host.faults.push(list, list, { at: /POST .*statuses/, status: 429 });
    expect((await weak()).stdout).toContain("comment on 7 created");
    expect([countOf(`GET ${comments}`), host.statuses.length, host.comments.length]).toEqual([3, 3, 1]);
  });

  test("what cannot be posted is said, and changes no verdict", async () => {
    // A comment may have been made although no reply came: it is not made a second time.
    const refused = { at: /POST .*statuses/, status: 500 };
    host.faults.push({ at: new RegExp(`POST ${comments}`), status: 502 }, refused, refused, refused);
    const { exitCode, stdout } = await weak({}, "--json");
    const { posted, findings } = JSON.parse(stdout) as Record<string, Record<string, string>[]>;
    expect([exitCode, countOf(`POST ${comments}`)]).toEqual([1, 1]);
    expect(posted!.map(({ what, done }) => `${what}: ${done}`)).toEqual([
      "status baton/contract success: not posted",
      "status baton/evidence failure: updated",
      "status baton/acceptance pending: updated",
      "comment on 7: not posted",
    ]);
    expect(findings!.flatMap(({ code, message }) => (code === "ci.not-posted" ? message : []))).toEqual([
      `status baton/contract success: POST /repos/team/models/statuses/${head}: 500 not now`,
      `comment on 7: POST ${comments}: 502 not now`,
    ]);
  });

  test("a token that may not write, and a host that is not there, are no reason to fail", async () => {
    const late = (more: Record<string, string>) =>
      baton(env(more), "ci", "nightly", "nowhere", "--baton", "models/late");
    const wrong = await late({ GITHUB_TOKEN: `${token}-of-yesterday` });
    expect(wrong.stdout).toContain("issue: GET /repos/team/models/issues: 401 Bad credentials");
    expect(wrong.stdout).not.toContain("of-yesterday");
    const { url } = host;
    await host.end();
    expect((await late({ GITHUB_API_URL: url })).stdout).toContain("[ci.not-posted]");
  });

  test("a night that is not well opens one issue, and one that is closes it", async () => {
    const nightly = (...more: string[]) =>
      baton(env(), "ci", "nightly", "observed", "--baton", "models/late", ...more);
    await mkdir(join(root, "observed"), { recursive: true });
    const dark = await nightly();
    expect(dark.exitCode).toBe(1);
    expect(host.issues).toMatchObject([{ title: "Baton: late 1.0.0 needs a look", state: "open" }]);
    expect(host.issues[0]!.body).toContain("`watch.nothing-observed`");
    await nightly();
    expect(host.issues).toHaveLength(1);

    const flags = ["--allow-unsigned", "--allow-unaccepted"];
    await baton(
      {},
      "predict",
      "models/late",
      "models/late/data/training.csv",
      "out.csv",
      "--observe",
      "observed",
      ...flags,
    );
    const light = await nightly();
    expect([light.exitCode, light.stdout]).toEqual([0, expect.stringContaining("issue closed")]);
    expect(host.issues).toMatchObject([{ state: "closed" }]);
    expect((await nightly()).stdout).toContain("issue nothing");

    // What is watched can be narrowed and kept, as with baton watch.
    const kept = await nightly("--state", "night.state", "--since", "2025-01-30");
    expect(kept.stdout).toMatch(/500 rows in 1 windows from .*issue nothing/s);
    expect((await readFile(join(root, "night.state"))).length).toBeGreaterThan(0);
    for (const [flag, instant] of [
      ["--since", "2099-01-01T00:00:00.000Z"],
      ["--at", "2025-01-30T00:00:00.000Z"],
    ] as const) {
      const none = await nightly(flag, instant);
      expect([none.exitCode, none.stdout]).toEqual([1, expect.stringContaining("nothing was observed")]);
      expect(host.issues.at(-1)!.body).toContain(
        `\`baton watch observed --baton models/late ${flag} ${instant}\``,
      );
    }
    await rm(join(root, "observed"), { recursive: true });
  });
});

describe("on GitLab", () => {
  beforeEach(async () => {
    host = await fakeGitLab(token);
  });
  const env = (more: Record<string, string> = {}) => ({
    ...{ GITLAB_CI: "true", CI_API_V4_URL: `${host.url}/api/v4`, CI_PROJECT_ID: "42", CI_PIPELINE_ID: "99" },
    ...{ CI_MERGE_REQUEST_IID: "7", CI_COMMIT_SHA: head, CI_JOB_URL: "https://code.example/jobs/1" },
    ...{ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42", BATON_GITLAB_TOKEN: token, ...more },
  });
  const late = (more: Record<string, string> = {}) => baton(env(more), "ci", "pull-request", "models/late");

  test("a merge request gets one note, which is kept, and statuses in its pipeline", async () => {
    for (let id = 1; id <= 120; id++)
      host.comments.push({
        id,
        body: "<!-- baton pull-request models/late -->",
        state: "open",
        by: "stranger",
      });
    await late();
    await late({ CI_JOB_URL: "https://code.example/jobs/2" });
    const own = host.comments.filter(({ by }) => by === "us");
    expect(own.map(({ body }) => body)).toEqual([expect.stringContaining("https://code.example/jobs/2")]);
    expect(host.statuses.map(({ name, state, pipeline_id }) => [name, state, pipeline_id])).toEqual([
      ["baton/contract", "success", 99],
      ["baton/evidence", "failed", 99],
      ["baton/acceptance", "pending", 99],
    ]);
  });

  test("the pipeline of a fork posts nothing", async () => {
    const ran = await late({ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "43", CI_MERGE_REQUEST_PROJECT_ID: "42" });
    expect(ran.stdout).toContain("merge request from a fork");
    expect(host.asked).toEqual([]);
  });

  test("an issue is opened at night and closed again", async () => {
    await mkdir(join(root, "dark"), { recursive: true });
    const nightly = () => baton(env(), "ci", "nightly", "dark", "--baton", "models/late");
    await nightly();
    await nightly();
    expect(host.issues).toMatchObject([{ title: "Baton: late 1.0.0 needs a look", state: "open" }]);
  });
});
