import type { PredictionObserver } from "./prediction.ts";

/** Calls that wait to be shown to an observer before further ones are dropped and counted. */
const mostWaiting = 1024;

/**
 * Shows calls to an observer after the reply is on its way. Whatever the observer does, the path goes on:
 * it cannot throw into it, reject into it, or make it wait; when it falls behind, calls are dropped and counted.
 */
export function deferObserver(
  observer: PredictionObserver,
  waitingCap = mostWaiting,
): PredictionObserver["observed"] {
  let waiting = 0;
  let dropped = 0;
  const show = (...call: Parameters<PredictionObserver["observed"]>) => {
    waiting--;
    shield(() => {
      const calls = dropped;
      dropped = 0;
      if (calls > 0) observer.dropped?.(calls);
    });
    shield(() => observer.observed(...call));
  };
  return (...call) => {
    if (waiting >= waitingCap) {
      dropped++;
      return;
    }
    waiting++;
    setImmediate(show, ...call);
  };
}

function shield(call: () => unknown): void {
  try {
    Promise.resolve(call()).catch(() => undefined);
  } catch {
    // An observer's fault is its own: the prediction has been made.
  }
}
