import { type Command, InvalidArgumentError, Option } from "commander";
import { BatonError, type Finding, type FindingCatalogue, messageOf } from "../../kernel/index.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { githubAnnotations } from "./format/github.ts";
import { junitDocument } from "./format/junit.ts";
import { countFindings, prettyFindings } from "./format/pretty.ts";
import { sarifDocument } from "./format/sarif.ts";
import { oneLine, visible } from "./format/visible.ts";
import type { CommandResult } from "./result.ts";
import { paint, type Session } from "./session.ts";

type Format = "pretty" | "json" | "sarif" | "junit" | "github";

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly format?: Format;
  readonly quiet?: boolean;
}

/** What commands share: the session, the version, and the pages of all finding codes. */
export interface Cli {
  readonly session: Session;
  readonly version: string;
  readonly catalogue: FindingCatalogue;
  /** Called once with the exit code of the command that ran. */
  readonly ended: (exitCode: number) => void;
}

/** Declares a command with the options that all commands have. */
export function declare(
  program: Command,
  nameAndArguments: string,
  summary: string,
  teach = "",
  options: { readonly isDefault?: boolean } = {},
): Command {
  return program
    .command(nameAndArguments, options)
    .summary(summary)
    .description(teach ? `${summary}\n\n${teach}` : summary)
    .option("--json", "print one JSON document with format_version on stdout")
    .addOption(
      new Option("--format <format>", "how findings are printed").choices([
        "pretty",
        "json",
        "sarif",
        "junit",
        "github",
      ]),
    )
    .option("--quiet", "no progress and no hints on stderr")
    .option("--no-input", "never ask");
}

/** Runs a command's work, prints its result in the wanted format and reports the exit code. */
export function perform(
  cli: Cli,
  command: string,
  options: CommonOptions,
  work: (session: Session) => Promise<CommandResult>,
): Promise<void> {
  const session = options.quiet ? { ...cli.session, err: () => {} } : cli.session;
  return work(session).then(
    (result) => {
      printResult(cli, session, command, options, result);
      cli.ended(exitCodeFor(result));
    },
    (thrown) => {
      printError(cli, command, options, thrown);
      cli.ended(thrown instanceof BatonError ? exitCodeOf[thrown.code] : exitCodes.internal);
    },
  );
}

function exitCodeFor({ passed, findings = [] }: CommandResult): number {
  if (passed) return exitCodes.pass;
  const refused = findings.some(({ code, severity }) => code === notAuthorised && severity === "blocking");
  return refused ? exitCodes.notAuthorised : exitCodes.gateFailed;
}

/** Code of the finding that a key may not do what it was asked to. */
const notAuthorised = "relay.not-authorised";

function printResult(
  cli: Cli,
  session: Session,
  command: string,
  options: CommonOptions,
  result: CommandResult,
): void {
  const findings = result.findings ?? [];
  const format = options.json ? "json" : (options.format ?? "pretty");
  const printers: Record<Format, () => string> = {
    ...findingPrinters(cli, command, withReason(command, result)),
    json: () =>
      `${JSON.stringify({ format_version: 1, command, passed: result.passed, ...result.data, ...(result.findings ? { findings } : {}) }, jsonSafe, 2)}\n`,
    pretty: () =>
      visible(
        [
          result.text,
          findings.length ? prettyFindings(session, findings) : undefined,
          result.findings ? summary(session, result) : undefined,
        ]
          .filter((part) => part !== undefined && part !== "")
          .join("\n"),
        session.color,
      ),
  };
  session.out(printers[format]());
  if (format === "pretty" && result.hint) session.err(`${paint(session, "dim", result.hint)}\n`);
}

/** A result that did not pass is never an empty report: other programs take that for a pass. */
function withReason(command: string, { passed, findings = [] }: CommandResult): readonly Finding[] {
  if (passed || findings.some(({ severity }) => severity === "blocking")) return findings;
  const message = `baton ${command} did not pass.`;
  const next = "Run it with --format pretty or --json: they say why.";
  return [{ code: "command.not-passed", severity: "blocking", message, next }, ...findings];
}

/** The formats that other programs read findings in. */
function findingPrinters(cli: Cli, command: string, findings: readonly Finding[]) {
  return {
    sarif: () => sarifDocument(findings, cli.catalogue, cli.version),
    junit: () => junitDocument(command, findings),
    github: () => githubAnnotations(findings),
  };
}

function summary(session: Session, result: CommandResult): string {
  const sign = result.passed ? paint(session, "green", "✓") : paint(session, "red", "✗");
  return `${sign} ${countFindings(result.findings ?? [])}\n`;
}

function jsonSafe(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) return null;
  return value;
}

/** An error as people and programs read it: what, where, next; never a stack. */
export function printError(cli: Cli, command: string, options: CommonOptions, thrown: unknown): void {
  const error = thrown instanceof BatonError ? thrown : undefined;
  const code = error?.code ?? "internal";
  const message = error?.message ?? `Something went wrong inside baton: ${messageOf(thrown)}`;
  const next =
    error?.next ??
    (error ? undefined : "This is a fault of baton. Please report it with the command that you ran.");
  const { file, line, column } = error?.position ?? {};
  const format = options.json ? "json" : (options.format ?? "pretty");
  if (format === "json") {
    const body = {
      format_version: 1,
      command,
      passed: false,
      error: { code, message, next, file, line, column },
    };
    cli.session.out(`${JSON.stringify(body, null, 2)}\n`);
    return;
  }
  if (format !== "pretty") {
    const finding: Finding = { code, severity: "blocking", message, next: next ?? "", ...error?.position };
    cli.session.out(findingPrinters(cli, command, [finding])[format]());
  }
  const spot = file ? `\n    ${oneLine(file)}${line ? `:${line}${column ? `:${column}` : ""}` : ""}` : "";
  const step = next ? `\n    → ${oneLine(next)}` : "";
  const text = `${paint(cli.session, "red", "✗")} ${oneLine(message)} ${paint(cli.session, "dim", `[${code}]`)}${spot}${step}\n`;
  cli.session.err(visible(text, cli.session.color));
}

/** Commander parser: a whole number of at least `minimum`. */
export function wholeNumber(minimum: number, maximum = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum || value > maximum)
      throw new InvalidArgumentError(`Write a whole number from ${minimum} to ${maximum}.`);
    return value;
  };
}

/** Commander collector: an option that may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}
