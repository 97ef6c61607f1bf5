import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { styleText } from "node:util";

/** The built program, as it is published. */
const program = resolve(import.meta.dirname, "../../../dist/cli.js");

/** What a command printed, and how it ended. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Colours where a person looks. */
export function paint(style: Parameters<typeof styleText>[0], text: string): string {
  const colourful = process.stdout.isTTY && !process.env.NO_COLOR;
  return colourful ? styleText(style, text, { validateStream: false }) : text;
}

/** One line for people. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Runs `baton …` in a folder, shows the command and the beginning of what it says; with a negative `show`, the end. */
export async function baton(folder: string, args: readonly string[], show = 14): Promise<Ran> {
  say(`    ${paint("cyan", `$ baton ${args.map(quoted).join(" ")}`)}`);
  const ran = await run(folder, args);
  const lines = `${ran.stdout}${ran.exitCode === 0 ? "" : ran.stderr}`
    .split("\n")
    .filter((line) => line.trim() !== "");
  const more = lines.length - Math.abs(show);
  const rest = paint("dim", `      … ${more} more lines`);
  if (show < 0 && more > 0) say(rest);
  for (const line of show < 0 ? lines.slice(show) : lines.slice(0, show)) say(`      ${cut(line)}`);
  if (show >= 0 && more > 0) say(rest);
  return ran;
}

/** Runs `baton … --json` without showing it, for a number or an id. */
export async function ask(folder: string, args: readonly string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(folder, [...args, "--json"]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

function run(folder: string, args: readonly string[]): Promise<Ran> {
  if (!existsSync(program)) throw new Error("The program is not built. Run: npm run build");
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: folder,
      env: environment(folder),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.once("error", fail).once("close", (code) => done({ exitCode: code ?? 3, stdout, stderr }));
  });
}

/** A server that runs until it is stopped. */
export interface Running {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<number | null>;
}

/** Starts `baton serve …` and waits until it says its address. */
export function startServer(folder: string, args: readonly string[]): Promise<Running> {
  say(`    ${paint("cyan", `$ baton ${args.map(quoted).join(" ")}`)}`);
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: environment(folder),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((done) => child.once("close", done));
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((done, fail) => {
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      const url = /http:\/\/\S+/.exec(chunk)?.[0];
      if (url) done({ url, process: child, stop });
    });
    child.once("error", fail);
    void ended.then((code) => fail(new Error(`The server ended with ${code}. ${stderr.trim()}`)));
  });
}

/** The demo remembers heads of the relay in its own folder, not in the user's. */
function environment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    BATON_STATE: resolve(folder, "../.state"),
    NO_COLOR: process.stdout.isTTY ? (process.env.NO_COLOR ?? "") : "1",
  };
}

function quoted(argument: string): string {
  return /^[\w./:=@-]+$/.test(argument) ? argument : `"${argument}"`;
}

function cut(line: string): string {
  const width = Math.max(60, (process.stdout.columns ?? 120) - 8);
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
