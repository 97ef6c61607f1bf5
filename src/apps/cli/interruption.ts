import { writeSync } from "node:fs";
import { exitCodes } from "./exit-codes.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ends the program on a signal with exit code 130; what was under way is wiped by those who began it, on `exit`. A command
 * that listens to the signal itself, as `serve` does, ends in its own way.
 */
export function endWhenInterrupted(argv: readonly string[]): void {
  for (const signal of signals)
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return;
      say(argv, signal);
      process.exit(exitCodes.interrupted);
    });
}

/** Ends the program when what it says cannot be written, because the disk is full, say: whoever reads it must not take it for whole. */
export function endUnheard(fault = "unknown fault"): never {
  try {
    writeSync(
      2,
      `✗ The output cannot be written (${fault}). [unavailable]\n    → Free some space, and run the command again.\n`,
    );
  } catch {
    // Nobody can be told.
  }
  process.exit(exitCodes.internal);
}

function say(argv: readonly string[], signal: string): void {
  const message = `Interrupted by ${signal}. Nothing is half written.`;
  const next = "Run the command again.";
  const error = { code: "interrupted", message, next };
  const json = argv.includes("--json") || argv.includes("--format=json");
  try {
    if (json)
      writeSync(
        1,
        `${JSON.stringify({ format_version: 1, command: argv[0], passed: false, error }, null, 2)}\n`,
      );
    else writeSync(2, `\n✗ ${message} [interrupted]\n    → ${next}\n`);
  } catch {
    // Terminal or pipe are gone as well.
  }
}
