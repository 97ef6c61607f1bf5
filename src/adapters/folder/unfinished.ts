import { rmSync } from "node:fs";

const unfinished = new Set<string>();

/**
 * Has a temporary folder, or a file that has not got its name yet, removed should the process end before `forget` is called:
 * an interrupted program leaves nothing behind.
 */
export function removeAtExit(path: string): { forget(): void } {
  if (unfinished.size === 0) process.once("exit", removeAll);
  unfinished.add(path);
  return {
    forget() {
      unfinished.delete(path);
      if (unfinished.size === 0) process.off("exit", removeAll);
    },
  };
}

function removeAll(): void {
  for (const path of unfinished)
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Nobody is left to be told.
    }
  unfinished.clear();
}
