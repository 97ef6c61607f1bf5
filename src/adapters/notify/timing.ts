import { setTimeout } from "node:timers/promises";

/** Clock, waiting and chance; tests give their own. */
export interface Timing {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** Those of the machine. */
export const realTiming: Timing = {
  now: Date.now,
  sleep: (ms) => setTimeout(ms),
  random: Math.random,
};
