#!/usr/bin/env node
import { runCli } from "./run-cli.ts";
import { processSession } from "./session.ts";

const argv = process.argv.slice(2);
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone, as `baton log | head` does.
  if (error.code === "EPIPE") process.exit(0);
});
process.exitCode = await runCli(argv, processSession(argv));
