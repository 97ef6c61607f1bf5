import { Command, CommanderError } from "commander";
import { BatonError, type FindingCatalogue } from "../../kernel/index.ts";
import { findingCatalogue } from "./catalogue.ts";
import { type Cli, printError } from "./command.ts";
import { commandsFor } from "./commands/index.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

/** Runs one command line and gives its exit code. Never throws. */
export async function runCli(argv: readonly string[], session: Session): Promise<number> {
  let exitCode: number = exitCodes.pass;
  const catalogue: FindingCatalogue = findingCatalogue;
  const cli: Cli = {
    session,
    version,
    catalogue,
    ended(code) {
      exitCode = code;
    },
  };
  const program = await buildProgram(cli, argv);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (thrown) {
    const json = wantsJson(argv);
    if (thrown instanceof CommanderError) {
      const code = commanderExit(thrown);
      if (json && code !== exitCodes.pass) printError(cli, argv[0] ?? "", { json }, misuse(thrown));
      return code;
    }
    printError(cli, argv[0] ?? "", { json }, thrown);
    return thrown instanceof BatonError ? exitCodes.usage : exitCodes.internal;
  }
}

/** The command tree; also read by the generator of docs/reference/commands.md. */
export async function buildProgram(cli: Cli, argv: readonly string[] = []): Promise<Command> {
  const program = new Command("baton")
    .description(
      "Carries a machine-learning model from the people who made it to the people who run it.\n\n" +
        "A data scientist:  baton init → check → profile → test → bench → seal → offer\n" +
        "An engineer:       baton verify → accept → deploy → serve\n" +
        "Both:              baton clauses, status, log, audit, diff, watch, review",
    )
    .version(cli.version, "-V, --version")
    .helpCommand("help [command]", "say more about a command")
    .showHelpAfterError("(baton COMMAND --help says more)")
    .configureOutput({
      writeOut: cli.session.out,
      writeErr: cli.session.err,
      getOutHelpWidth: () => cli.session.width,
    })
    .configureHelp({ sortSubcommands: false, showGlobalOptions: false })
    .exitOverride();
  for (const add of await commandsFor(argv)) add(program, cli);
  for (const command of everyCommand(program)) command.copyInheritedSettings(program).exitOverride();
  return program;
}

function everyCommand(program: Command): Command[] {
  return program.commands.flatMap((command) => [command, ...everyCommand(command)]);
}

/** A command line that cannot be understood has said so on stderr; who reads JSON is told there, too. */
function misuse({ message }: CommanderError): BatonError {
  return new BatonError("usage", message.replace(/^error: /, ""), { next: "Run it with --help." });
}

function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) => /^--(json|format=json)$/.test(word) || (word === "json" && argv[at - 1] === "--format"),
  );
}

function commanderExit(error: CommanderError): number {
  const shown = ["commander.helpDisplayed", "commander.help", "commander.version"];
  if (error.code === "commander.help") return exitCodes.usage;
  return shown.includes(error.code) ? exitCodes.pass : exitCodes.usage;
}
