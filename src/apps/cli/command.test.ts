import { expect, it } from "vitest";
import { type Cli, perform, printError } from "./command.ts";
import type { CommandResult } from "./result.ts";
import type { Session } from "./session.ts";

function cliOf() {
  const said: string[] = [];
  let exitCode: number | undefined;
  const note = (text: string) => void said.push(text);
  const session = { out: note, err: note, color: false } as unknown as Session;
  const cli: Cli = { session, version: "0", catalogue: {}, ended: (code) => (exitCode = code) };
  return { cli, text: () => said.join(""), exitCode: () => exitCode };
}

const failed: CommandResult = { passed: false, text: "2 rows, 1 answered\n" };

it.each([
  ["junit", 'failures="1"'],
  ["sarif", '"level": "error"'],
  ["github", "::error "],
] as const)("never shows a failure as an empty %s report", async (format, mark) => {
  for (const result of [failed, { ...failed, findings: [] }]) {
    const { cli, text, exitCode } = cliOf();
    await perform(cli, "predict", { format }, async () => result);
    expect(text()).toContain(mark);
    expect(exitCode()).toBe(1);
  }
});

it.each(["junit", "sarif", "github"] as const)("leaves a passing %s report as it is", async (format) => {
  const { cli, text } = cliOf();
  await perform(cli, "predict", { format }, async () => ({ passed: true, text: "" }));
  expect(text()).not.toMatch(/not-passed|<failure|::error/);
});

it("says an error on one line, whatever its text holds", () => {
  const { cli, text } = cliOf();
  printError(cli, "check", {}, new Error("one\n::add-mask::two\u001b[2J"));
  expect(text()).not.toMatch(/^::/m);
  expect(text()).not.toContain("\u001b");
});
