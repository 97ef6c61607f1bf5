import { BatonError } from "../../kernel/index.ts";
import type { ServerLimits } from "./server-options.ts";

/**
 * `ready`: all is well. `leaving`: health says not ready so that balancers look elsewhere, and requests are still answered.
 * `draining`: new requests are refused; those under way are answered.
 */
export type ServingState = "ready" | "leaving" | "draining";

/** Decides which prediction requests are worked on. */
export interface Admission {
  state(): ServingState;
  /** Pieces of work that have not ended, those included whose caller has given up. */
  inFlight(): number;
  leave(): void;
  drain(): void;
  /** @throws BatonError `unavailable`, `overloaded`, `deadline` */
  admit<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** An admission within limits on concurrency and time. Work that runs late still counts until it really ends. */
export function createAdmission(limits: Pick<ServerLimits, "concurrent" | "timeoutMs">): Admission {
  let state: ServingState = "ready";
  let inFlight = 0;
  const end = () => {
    inFlight--;
  };
  return {
    state: () => state,
    inFlight: () => inFlight,
    leave() {
      if (state === "ready") state = "leaving";
    },
    drain() {
      state = "draining";
    },
    async admit(work) {
      if (state === "draining") throw draining();
      if (inFlight >= limits.concurrent) throw overloaded(inFlight);
      inFlight++;
      const running = work();
      running.then(end, end);
      return withinTime(running, limits.timeoutMs);
    },
  };
}

function draining(): BatonError {
  return new BatonError("unavailable", "This server is shutting down.", {
    next: "Send the request again: another replica will answer it.",
  });
}

function overloaded(count: number): BatonError {
  return new BatonError("overloaded", `${count} requests are already being answered.`, {
    next: "Wait and send the request again, or add replicas.",
  });
}

function withinTime<Result>(work: Promise<Result>, timeoutMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late(timeoutMs)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function late(timeoutMs: number): BatonError {
  return new BatonError("deadline", `There was no answer within ${timeoutMs} ms.`, {
    next: "Send fewer rows at a time, or raise the server's time limit.",
  });
}
