import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The built program, as it is published. */
export const program = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** What a command printed, and how it ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and when a command runs. */
export interface Surroundings {
  readonly cwd: string;
  /** All that the command finds in its environment, beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
  /** How far the clock is put forward, in milliseconds. */
  readonly forwardMs?: number;
}

/** Runs `baton …` in a process of its own. */
export function runBaton(argv: readonly string[], { cwd, env = {} }: Surroundings): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [program, ...argv],
      { cwd, env: environment(env), maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ exitCode: error ? Number(error.code ?? 255) : 0, stdout, stderr }),
    );
  });
}

/** The built program in a process that stays, for many commands: one that is loaded answers ten times as fast. */
export interface WarmProgram {
  run(argv: readonly string[], surroundings: Surroundings): Promise<Ran>;
  end(): Promise<void>;
}

/** Starts it. Commands are to be run one after the other. */
export async function startWarmProgram(): Promise<WarmProgram> {
  const child = fork(new URL("./warm-program.mjs", import.meta.url), [program], {
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await answerOf(child);
  return {
    async run(argv, { cwd, env = {}, forwardMs = 0 }) {
      const answer = answerOf(child);
      child.send({ argv, cwd, env: environment(env), forwardMs });
      return (await answer) as Ran;
    },
    async end() {
      const exited = once(child, "exit");
      child.disconnect();
      child.kill();
      await exited;
    },
  };
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`The program ended its process with ${code}.`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message);
    });
  });
}

function environment(env: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env.PATH ?? "", ...env };
}
