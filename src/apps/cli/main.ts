#!/usr/bin/env node
import { endUnheard, endWhenInterrupted } from "./interruption.ts";
import { runCli } from "./run-cli.ts";
import { processSession } from "./session.ts";

// The reader of a pipe may go away, as in `baton log | head`: the work goes on, and the exit code stays what it is.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") endUnheard(error.code);
  });
const argv = process.argv.slice(2);
endWhenInterrupted(argv);
process.exitCode = await runCli(argv, processSession(argv));
