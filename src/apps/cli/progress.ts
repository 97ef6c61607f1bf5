import { formatMilliseconds } from "../../kernel/index.ts";
import { paint, type Session } from "./session.ts";

/** Shows what is being done: one line that moves on a terminal, one line an end elsewhere. */
export interface Progress {
  /** Where it is now, in a few words. */
  at(detail: string): void;
  /** Ends the line. */
  done(detail?: string): void;
}

/** Starts a line of progress on stderr. */
export function startProgress(session: Session, label: string): Progress {
  const started = session.now().getTime();
  const clear = session.interactive ? "\r\u001b[K" : "";
  if (session.interactive) session.err(`${paint(session, "dim", `… ${label}`)}`);
  return {
    at(detail) {
      if (session.interactive) session.err(`${clear}${paint(session, "dim", `… ${label}: ${detail}`)}`);
    },
    done(detail) {
      const took = formatMilliseconds(session.now().getTime() - started);
      session.err(`${clear}${paint(session, "dim", `· ${label}${detail ? `: ${detail}` : ""} (${took})`)}\n`);
    },
  };
}
