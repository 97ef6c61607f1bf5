import { styleText } from "node:util";
import { unobeyed, visible } from "./format/visible.ts";

type Style = Parameters<typeof styleText>[0];

/** Everything a command takes from its surroundings; tests give their own. */
export interface Session {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly out: (text: string) => void;
  /** Progress and hints. */
  readonly err: (text: string) => void;
  readonly now: () => Date;
  readonly color: boolean;
  /** A person is at the terminal and may be asked. */
  readonly interactive: boolean;
  readonly width: number;
}

/** The session of this process. `NO_COLOR` and a pipe both mean plain text. */
export function processSession(argv: readonly string[]): Session {
  const { env, stdout, stderr, stdin } = process;
  const color = !env.NO_COLOR && env.TERM !== "dumb" && (Boolean(env.FORCE_COLOR) || Boolean(stdout.isTTY));
  const moves = color || Boolean(stderr.isTTY);
  const inCi = Boolean(env.CI || env.GITHUB_ACTIONS);
  const shown = (text: string, colours: boolean) => {
    const safe = visible(text, colours);
    return inCi ? unobeyed(safe) : safe;
  };
  return {
    cwd: process.cwd(),
    env,
    out: (text) => void stdout.write(shown(text, color)),
    err: (text) => void stderr.write(shown(text, moves)),
    now: () => new Date(),
    color,
    interactive: Boolean(stdin.isTTY && stderr.isTTY) && !argv.includes("--no-input") && !env.CI,
    width: stdout.columns ?? 100,
  };
}

/** Colours a text where the session has colours. */
export function paint(session: Session, style: Style, text: string): string {
  return session.color ? styleText(style, text, { validateStream: false }) : text;
}
