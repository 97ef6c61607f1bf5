import type { ErrorCode } from "../../kernel/index.ts";
import type { ServedCall, ServedObserver } from "./server-options.ts";

/** Calls that wait for an observer before further ones are dropped and counted. */
const mostWaiting = 1024;

/** Shows calls and failures to an observer after the reply is on its way; what it drops or fails on is only counted. */
export function observeServed(
  observer: ServedObserver | undefined,
  lost: (calls: number) => void,
): { served(call: ServedCall): void; failed(code: ErrorCode): void } {
  if (!observer) return { served: () => undefined, failed: () => undefined };
  let waiting = 0;
  const run = (show: () => unknown) => {
    waiting--;
    try {
      Promise.resolve(show()).catch(() => lost(1));
    } catch {
      lost(1);
    }
  };
  const later = (show: () => unknown) => {
    if (waiting >= mostWaiting) {
      lost(1);
      return;
    }
    waiting++;
    setImmediate(run, show);
  };
  return {
    served: (call) => later(() => observer.served(call)),
    failed: (code) => later(() => observer.failed?.(code)),
  };
}
