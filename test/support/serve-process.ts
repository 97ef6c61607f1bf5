import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

/** A `baton serve` that really listens. */
export interface ServeProcess {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** What it said on standard error so far. */
  errors(): string;
  /** Asks it to end, and gives its exit code once it has. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const cli = resolve(import.meta.dirname, "../../dist/cli.js");

/** Starts the built program and waits until it says where it listens. */
export function serveProcess(target: string, options: readonly string[] = []): Promise<ServeProcess> {
  return startProcess(process.execPath, [cli, "serve", target, "--port", "0", ...options]);
}

/** Starts a program that listens, and waits until the first line of its output says where. */
export async function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<ServeProcess> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], cwd, env });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const url = await firstLine(child, () => errors);
  return {
    url,
    port: Number(new URL(url).port),
    child,
    errors: () => errors,
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, "exit");
        child.kill(signal);
        await exited;
      }
      return child.exitCode;
    },
  };
}

function firstLine(child: ChildProcess, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (more: string) => {
      text += more;
      const end = text.indexOf("\n");
      if (end !== -1) resolve(text.slice(0, end));
    });
    child.on("exit", (code) => reject(new Error(`It ended with ${code}: ${errors()}`)));
    child.on("error", reject);
  });
}
