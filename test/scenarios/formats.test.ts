import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ran, runBaton, startWarmProgram, type WarmProgram } from "../support/baton-program.ts";
import { readXml } from "../support/read-xml.ts";
import { problemOf } from "../support/scenario.ts";
import { smallBaton } from "../support/small-baton.ts";
import { writeSmallHandOff } from "../support/small-hand-off.ts";

/* What other programs read: exit codes, JSON, SARIF, JUnit, annotations; and what stands on which stream. */

let folder: string;
let empty: string;
let program: WarmProgram;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "baton-formats-"));
  empty = mkdtempSync(join(tmpdir(), "baton-empty-"));
  await writeSmallHandOff(folder);
  program = await startWarmProgram();
});
afterAll(async () => {
  await program?.end();
  for (const path of [folder, empty]) rmSync(path, { recursive: true, force: true });
});

const baton = (cwd: string, ...argv: string[]): Promise<Ran> =>
  program.run(argv, { cwd, env: { HOME: empty, BATON_STATE: join(empty, "state") } });

/** Names of all commands, as the program itself lists them. */
async function commands(): Promise<string[]> {
  const { stdout } = await baton(empty, "--help");
  const listed = stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}([a-z]+)/gm);
  return [...listed].map(([, name]) => name!).filter((name) => name !== "help");
}

describe("every command", () => {
  it("explains itself, and ends with 2 and JSON where it cannot be understood or has nothing to work on", async () => {
    const names = await commands();
    expect(names.length).toBeGreaterThan(25);
    for (const name of names) {
      const help = await baton(empty, name, "--help");
      expect([name, help.exitCode, help.stdout.startsWith(`Usage: baton ${name}`)]).toEqual([name, 0, true]);
      const wrong = await baton(empty, name, "--no-such-option", "--json");
      expect([name, wrong.exitCode, JSON.parse(wrong.stdout)]).toEqual([
        name,
        2,
        expect.objectContaining({ format_version: 1, command: name, passed: false }),
      ]);
      expect(JSON.parse(wrong.stdout).error).toMatchObject({ code: "usage", next: expect.any(String) });
    }
  });

  it.each([
    ["init"],
    ["check"],
    ["clauses"],
    ["profile"],
    ["test"],
    ["bench"],
    ["status"],
    ["log"],
    ["audit"],
    ["types"],
    ["seal"],
    ["diff", ".", "."],
    ["verify", "a.baton"],
    ["inspect", "a.baton"],
    ["predict", "a.baton", "in.csv", "out.csv"],
    ["serve", "a.baton"],
    ["explain", "no.such-code"],
    ["accept", "a.baton", "--key", "a.pem"],
    ["offer", "a.baton", "--key", "a.pem"],
    ["waive", "--clause", "a", "--note", "b", "--for", "1d"],
    ["rollback", "--to", "a.baton", "--from", "b.baton", "--env", "production"],
  ])("%s tells in JSON what it lacks in an empty folder", async (...argv) => {
    const ran = await baton(empty, ...argv, "--json");
    expect(problemOf([...argv, "--json"], ran)).toBeUndefined();
    expect(ran.exitCode).toBe(2);
    const { error } = JSON.parse(ran.stdout);
    expect(error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    expect(error.next, "the next step").toMatch(/\w/);
    expect(ran.stderr).toBe("");
    const plain = await baton(empty, ...argv);
    expect([plain.exitCode, plain.stdout]).toEqual([2, ""]);
    expect(plain.stderr).toContain(error.message);
  });
});

describe("findings", () => {
  it("end with the same exit code in every format, and results alone stand on standard output", async () => {
    const contract = await readFile(join(folder, "baton.yaml"), "utf8");
    const gateless = join(empty, "gateless");
    await mkdir(gateless);
    await writeFile(join(gateless, "baton.yaml"), contract.replace(/^gates:\n.*$/m, ""));
    for (const format of ["pretty", "json", "sarif", "junit", "github"]) {
      const { exitCode, stdout, stderr } = await baton(gateless, "check", "--format", format);
      expect([format, exitCode]).toEqual([format, 1]);
      expect(stdout).toContain("contract.needs-gates");
      expect(stderr).not.toContain("contract.needs-gates");
      expect([format, stderr === ""]).toEqual([format, format !== "pretty"]);
    }
    const tested = await baton(folder, "test", "--json");
    expect(JSON.parse(tested.stdout)).toMatchObject({ passed: true, outcome: "pass" });
    expect(tested.stderr).toMatch(/· testing late/);
    const quiet = await baton(folder, "test", "--quiet");
    expect(quiet.stderr).toBe("");
    expect(quiet.stdout).toContain("roc_auc >= 0.7 holds");
  });

  it("are SARIF 2.1.0", async () => {
    const { stdout, exitCode } = await baton(folder, "check", "--format", "sarif");
    expect(exitCode).toBe(0);
    const results = sarifResults(stdout);
    expect(results.map(({ ruleId }) => ruleId)).toContain("profile.missing");
  });

  it("are JUnit XML, SARIF and annotations also where names hold what these formats cannot", async () => {
    const contract = await readFile(join(folder, "baton.yaml"), "utf8");
    const hostile = join(empty, "hostile");
    const name = String.raw`"a\u0001\uFFFE]]>&<'\"\n::error::x%0A,:"`;
    await mkdir(hostile);
    await writeFile(
      join(hostile, "baton.yaml"),
      contract.replace("kept-by: features.origin", `kept-by: ${name}`),
    );
    const suite = readXml((await baton(hostile, "check", "--format", "junit")).stdout).children[0];
    expect(suite?.children.map(({ text }) => text || "").join()).not.toBe("");
    expect(JSON.stringify(suite)).toContain(String.raw`a  ]]>&<'\" ::error::x%0A,:`);
    const { stdout, exitCode } = await baton(hostile, "check", "--format", "github");
    expect(exitCode).toBe(1);
    for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(/^::(error|warning|notice) file=/);
    expect(stdout).not.toMatch(/^::error::x/m);
    sarifResults((await baton(hostile, "check", "--format", "sarif")).stdout);
  });

  it("cannot act on the terminal, whatever stands in the contract", async () => {
    const contract = await readFile(join(folder, "baton.yaml"), "utf8");
    const hostile = join(empty, "acting");
    await mkdir(hostile);
    const text = String.raw`"a\e]0;owned\a\e[2J\e[31mred\u202Eder\r"`;
    await writeFile(
      join(hostile, "baton.yaml"),
      contract.replace("text: Other airports are rejected.", `text: ${text}`),
    );
    for (const command of ["check", "clauses", "types"]) {
      const ran = await baton(hostile, command);
      expect(ran.stdout + ran.stderr).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
    }
    expect(JSON.parse((await baton(hostile, "clauses", "--json")).stdout).clauses).toContainEqual(
      expect.objectContaining({ text: "a\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u202eder\r" }),
    );
  });

  it("are JUnit XML", async () => {
    const { stdout } = await baton(folder, "check", "--format", "junit");
    const suites = readXml(stdout);
    const [suite] = suites.children;
    expect([suites.name, suite?.name]).toEqual(["testsuites", "testsuite"]);
    expect(suite?.attributes.tests).toBe(String(suite?.children.length));
    expect(suite?.attributes.failures).toBe("0");
    expect(suite?.children.map(({ attributes }) => attributes.name)).toContain("profile.missing");
  });

  it("are GitHub annotations", async () => {
    const { stdout } = await baton(folder, "check", "--format", "github");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(/^::(error|warning|notice) file=[^:,]+(,\w+=[^:,]+)*::\S/);
  });

  it("stand in every format also where the command cannot run", async () => {
    for (const format of ["sarif", "junit", "github"]) {
      const { stdout, stderr, exitCode } = await baton(empty, "check", "--format", format);
      expect([format, exitCode]).toEqual([format, 2]);
      expect(stderr).toContain("[file-missing]");
      if (format === "sarif")
        expect(sarifResults(stdout)).toMatchObject([{ ruleId: "file-missing", level: "error" }]);
      if (format === "junit") expect(readXml(stdout).children[0]?.attributes.failures).toBe("1");
      if (format === "github") expect(stdout).toMatch(/^::error file=baton.yaml,title=file-missing::/);
    }
  });
});

/** What SARIF 2.1.0 (OASIS, 2020) requires of the parts that are written, and code-scanning pages of results. */
const sarifSchema = {
  type: "object",
  required: ["version", "runs", "$schema"],
  properties: {
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["tool", "results"],
        additionalProperties: false,
        properties: {
          tool: {
            type: "object",
            required: ["driver"],
            properties: {
              driver: {
                type: "object",
                required: ["name", "version", "rules"],
                properties: {
                  rules: {
                    type: "array",
                    items: {
                      type: "object",
                      required: ["id"],
                      properties: {
                        id: { type: "string", minLength: 1 },
                        shortDescription: { $ref: "#/$defs/message" },
                        fullDescription: { $ref: "#/$defs/message" },
                        help: { $ref: "#/$defs/message" },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: "array",
            items: {
              type: "object",
              required: ["ruleId", "ruleIndex", "level", "message", "locations"],
              properties: {
                level: { enum: ["none", "note", "warning", "error"] },
                ruleIndex: { type: "integer", minimum: 0 },
                message: { $ref: "#/$defs/message" },
                locations: {
                  type: "array",
                  minItems: 1,
                  items: {
                    type: "object",
                    required: ["physicalLocation"],
                    properties: {
                      physicalLocation: {
                        type: "object",
                        required: ["artifactLocation", "region"],
                        properties: {
                          artifactLocation: {
                            type: "object",
                            required: ["uri"],
                            properties: { uri: { type: "string", pattern: "^[^ \\\\]+$" } },
                          },
                          region: {
                            type: "object",
                            properties: {
                              startLine: { type: "integer", minimum: 1 },
                              startColumn: { type: "integer", minimum: 1 },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  $defs: {
    message: { type: "object", required: ["text"], properties: { text: { type: "string", minLength: 1 } } },
  },
};

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
}

function sarifResults(text: string): readonly SarifResult[] {
  const document = JSON.parse(text);
  const ajv = new Ajv({ strict: false });
  expect(ajv.validate(sarifSchema, document), ajv.errorsText()).toBe(true);
  const [{ results, tool }] = document.runs;
  for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  return results;
}

describe("a process of its own", () => {
  it("ends with the codes that are documented", async () => {
    const surroundings = { cwd: empty, env: { HOME: empty } };
    expect(await runBaton(["--version"], surroundings)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: "",
    });
    expect((await runBaton(["check", folder], surroundings)).exitCode).toBe(0);
    expect((await runBaton(["no-such-command"], surroundings)).exitCode).toBe(2);
    expect(await runBaton([], surroundings)).toMatchObject({ exitCode: 2, stdout: "" });
  });

  it("ends with 3 where its surroundings fail it, and says what to do about them", async () => {
    const small = await smallBaton();
    const surroundings = { cwd: small.root, env: { HOME: empty, TMPDIR: join(empty, "nowhere") } };
    const { exitCode, stdout, stderr } = await runBaton(["inspect", small.file], surroundings);
    await small.discard();
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("[unavailable]");
    expect(stderr).toContain("Set TMPDIR to a folder that you may write to.");
  });

  it("is coloured only where that is wanted", async () => {
    const coloured = await runBaton(["check", folder], { cwd: empty, env: { FORCE_COLOR: "1" } });
    expect(coloured.stdout).toContain("\u001b[");
    const plain = await runBaton(["check", folder], { cwd: empty, env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(plain.stdout + plain.stderr).not.toContain("\u001b");
  });
});
