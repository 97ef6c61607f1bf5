import { spawn } from "node:child_process";
import type { Delivery, Notifier } from "../../watch/index.ts";
import { requestEvent } from "./cloud-event.ts";

/** A program that is told. */
export interface CommandTarget {
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** Everything that the program finds in its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** 60 s unless said otherwise; then it is killed. */
  readonly timeoutMs?: number;
}

/** Runs a program with the CloudEvent on stdin. It was told when it ends with 0; nothing is tried again. */
export function commandNotifier({ command, cwd, env, timeoutMs = 60_000 }: CommandTarget): Notifier {
  const [program = "", ...args] = command;
  return {
    name: `command ${program}`,
    deliver: (notice) =>
      new Promise<Delivery>((resolve) => {
        const end = (problem?: string) =>
          resolve(
            problem === undefined
              ? { delivered: true, attempts: 1 }
              : { delivered: false, attempts: 1, problem },
          );
        // A group of its own, so that a time-out also ends what the program started.
        const child = spawn(program, args, {
          cwd,
          env,
          shell: false,
          detached: true,
          stdio: ["pipe", "ignore", "ignore"],
        });
        const timer = setTimeout(() => {
          endGroup(child.pid);
          end(`it ran for more than ${timeoutMs} ms and was ended`);
        }, timeoutMs);
        child.once("error", (error: NodeJS.ErrnoException) => {
          clearTimeout(timer);
          end(`it cannot be started (${error.code ?? "unknown"})`);
        });
        child.once("exit", (code, signal) => {
          clearTimeout(timer);
          end(code === 0 ? undefined : `it ended with ${code ?? signal}`);
        });
        // A program may end without reading.
        child.stdin.on("error", () => {});
        child.stdin.end(requestEvent(notice).body);
      }),
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
