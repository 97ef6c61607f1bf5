import type { ErrorClassName } from "../error-classes.ts";
import type { Facts } from "../facts.ts";
import { type Suspicion, totalOf } from "../suspicion.ts";

/** Class of a call that got an error, by its code; other codes are faults of the caller. */
const classOfError: Readonly<Record<string, ErrorClassName>> = {
  timeout: "runtime.time-out",
  overloaded: "runtime.overload",
  internal: "runtime.crash",
  unavailable: "runtime.crash",
};

/** Calls that got an error in place of an answer. */
export function failedCalls({ counts }: Facts): Suspicion[] {
  const byClass = new Map<ErrorClassName, Map<number, number>>();
  for (const [window, { failed }] of counts.entries())
    for (const [code, calls] of Object.entries(failed ?? {})) {
      const name = Object.hasOwn(classOfError, code) ? classOfError[code]! : undefined;
      if (name === undefined) continue;
      const known = byClass.get(name) ?? new Map<number, number>();
      byClass.set(name, known.set(window, (known.get(window) ?? 0) + calls));
    }
  return [...byClass].map(([name, rows]) => ({
    class: name,
    clause: "budget",
    clauses: ["budget"],
    rows,
    tell: (some) => `${totalOf(some)} calls got an error.`,
    samples: [],
  }));
}
