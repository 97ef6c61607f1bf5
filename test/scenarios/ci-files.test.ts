import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { findingCatalogue } from "../../src/apps/cli/catalogue.ts";
import { buildProgram } from "../../src/apps/cli/run-cli.ts";
import { processSession } from "../../src/apps/cli/session.ts";

/* The files for pipelines are copied by people: they must be what the vendors read, and call what there is. */

type Job = Record<string, unknown>;

const folder = new URL("../../examples/flight-delay/ci/", import.meta.url);
const read = (name: string) => parse(readFileSync(new URL(name, folder), "utf8"), { version: "1.1" }) as Job;

/** Every `baton …` of a script, without what comes before it and without comments. */
const commandsIn = (lines: readonly string[]) =>
  lines.flatMap((line) => {
    const [, words] = / baton ([^#]+)/.exec(line) ?? [];
    return words === undefined ? [] : [words.trim().split(/\s+/)];
  });

/** The file that a command keeps its sums in. */
const stateOf = (words: readonly string[]) => words[words.indexOf("--state") + 1];

/** Parses as the program would, and gives the name of the command that would run. */
async function nameOf(words: readonly string[]): Promise<string> {
  const session = { ...processSession([]), out: () => {}, err: () => {} };
  const program = await buildProgram({ session, version: "0", catalogue: findingCatalogue, ended: () => {} });
  let ran = "";
  const replace = (command: Command, path: string): void => {
    command.action(() => {
      ran = path;
    });
    for (const sub of command.commands) replace(sub, `${path} ${sub.name()}`.trim());
  };
  for (const command of program.commands) replace(command, command.name());
  await program.parseAsync([...words], { from: "user" });
  return ran;
}

describe("examples/flight-delay/ci", () => {
  test("github.yml: two jobs with the least permissions, actions by major version", async () => {
    // YAML 1.1, as GitHub's schema knows it, reads `on` as true in other people's parsers; GitHub takes both.
    const file = read("github.yml");
    expect(Object.keys((file.on ?? file.true) as Job)).toEqual(["pull_request", "schedule"]);
    expect(file.permissions).toEqual({});
    const jobs = file.jobs as Record<string, { permissions: Job; steps: Job[] }>;
    expect(jobs["pull-request"]!.permissions).toEqual({
      ...{ contents: "read", "pull-requests": "write", statuses: "write" },
    });
    expect(jobs.nightly!.permissions).toEqual({ contents: "read", issues: "write" });
    const steps = Object.values(jobs).flatMap(({ steps: own }) => own);
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
    const commands = commandsIn(steps.flatMap(({ run }) => (typeof run === "string" ? run : [])));
    expect(await Promise.all(commands.map(nameOf))).toEqual(["ci pull-request", "ci nightly"]);
    // A cache is written once under a key: each night has its own, and begins with the newest before it.
    const cache = steps.find(({ uses }) => String(uses).startsWith("actions/cache@"))?.with as Job;
    expect(cache.path).toBe(stateOf(commands[1]!));
    expect(cache.key).toBe(`${cache["restore-keys"]}\${{ github.run_id }}`);
  });

  test("gitlab.yml: two jobs, each by its rule", async () => {
    const { image, ...jobs } = read("gitlab.yml") as Record<
      string,
      { rules: { if: string }[]; script: string[]; cache?: { key: string; paths: string[] } }
    >;
    expect(image).toMatch(/^node:\d+$/);
    const rules = Object.values(jobs).map(({ rules: [rule] }) => rule!.if);
    expect(rules).toEqual([
      '$CI_PIPELINE_SOURCE == "merge_request_event"',
      '$CI_PIPELINE_SOURCE == "schedule"',
    ]);
    const commands = commandsIn(Object.values(jobs).flatMap(({ script }) => script));
    expect(await Promise.all(commands.map(nameOf))).toEqual(["ci pull-request", "ci nightly"]);
    expect(jobs["baton-nightly"]!.cache!.paths).toEqual([stateOf(commands[1]!)]);
  });

  test("a flag that does not exist would be found", async () => {
    await expect(nameOf(["ci", "nightly", "observed", "--label", "x"])).rejects.toThrow(/unknown option/);
  });
});
