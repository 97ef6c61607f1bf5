import type { ServedCall, ServedObserver } from "./server-options.ts";

/** Calls that wait for an observer before further ones are dropped and counted. */
const mostWaiting = 1024;

/** Shows calls to an observer after the reply is on its way; what it drops or fails on is only counted. */
export function observeServed(
  observer: ServedObserver | undefined,
  lost: (calls: number) => void,
): (call: ServedCall) => void {
  if (!observer) return () => undefined;
  let waiting = 0;
  const show = (call: ServedCall) => {
    waiting--;
    try {
      Promise.resolve(observer.served(call)).catch(() => lost(1));
    } catch {
      lost(1);
    }
  };
  return (call) => {
    if (waiting >= mostWaiting) {
      lost(1);
      return;
    }
    waiting++;
    setImmediate(show, call);
  };
}
